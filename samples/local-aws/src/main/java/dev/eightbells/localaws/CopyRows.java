package dev.eightbells.localaws;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/** Rows on their way into PostgreSQL, by COPY in its binary format. */
final class CopyRows {
    private static final String OWN_STATEMENT = "local_redshift_copy";
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int ENOUGH = 1 << 16;
    private static final BigInteger GROUP = BigInteger.valueOf(10000);
    private static final int NEGATIVE = 0x4000;

    private final Backend backend;
    private byte[] buffer = new byte[2 * ENOUGH];
    private int size;
    private long count;
    private boolean open;

    CopyRows(Backend backend) {
        this.backend = backend;
    }

    /** How many rows were sent. */
    long count() {
        return count;
    }

    void begin(String statement) throws IOException, Refusal {
        backend.write(
                Message.of('P').string(OWN_STATEMENT).string(statement).int16(0).compose());
        backend.write(Message.of('B')
                .string("")
                .string(OWN_STATEMENT)
                .int16(0)
                .int16(0)
                .int16(0)
                .compose());
        backend.write(Message.of('C').octet('S').string(OWN_STATEMENT).compose());
        backend.send(Message.of('E').string("").int32(0).compose());
        await('G');
        open = true;
        bytes(SIGNATURE);
        integer(0);
        integer(0);
    }

    void end() throws IOException, Refusal {
        small(-1);
        send();
        backend.send(Message.empty('c'));
        open = false;
        await('C');
    }

    /** Has PostgreSQL forget what was sent; its transaction has failed. */
    void fail() throws IOException {
        if (open) {
            open = false;
            backend.send(Message.of('f').string("local Redshift").compose());
            Message message = backend.receive();
            while (message.type() != 'E') {
                message = backend.receive();
            }
        }
    }

    private void await(char type) throws IOException, Refusal {
        Message message = backend.receive();
        while (message.type() != type) {
            if (message.type() == 'E') {
                open = false;
                throw Refusal.byPostgres(message);
            }
            message = backend.receive();
        }
    }

    /** Begins a row; its values follow. */
    void row(int columns) {
        count++;
        small(columns);
    }

    /** Ends a row. */
    void rowEnded() throws IOException, Refusal {
        if (size >= ENOUGH) {
            send();
            if (backend.hasSpoken()) {
                await('E');
            }
        }
    }

    private void send() throws IOException {
        backend.write(new Message('d', Arrays.copyOf(buffer, size)));
        size = 0;
    }

    void nothing() {
        integer(-1);
    }

    /** True unless no bit is set. */
    void bool(long bits) {
        integer(1);
        room(1);
        buffer[size++] = (byte) (bits == 0 ? 0 : 1);
    }

    void int16(int value) {
        integer(2);
        small(value);
    }

    void int32(int value) {
        integer(4);
        integer(value);
    }

    void int64(long value) {
        integer(8);
        integer((int) (value >>> 32));
        integer((int) value);
    }

    void text(byte[] value) {
        integer(value.length);
        bytes(value);
    }

    /** A document of JSON in UTF-8. */
    void json(byte[] value) {
        integer(value.length + 1);
        room(1);
        buffer[size++] = 1;
        bytes(value);
    }

    /** A decimal: groups of four digits, of which some stand behind the point. */
    void decimal(BigInteger unscaled, int scale) {
        int padding = (4 - scale % 4) % 4;
        BigInteger left = unscaled.abs().multiply(BigInteger.TEN.pow(padding));
        int behind = (scale + padding) / 4;
        int[] groups = new int[16];
        int used = 0;
        while (left.signum() > 0) {
            BigInteger[] parts = left.divideAndRemainder(GROUP);
            groups[used++] = parts[1].intValue();
            left = parts[0];
        }
        integer(8 + 2 * used);
        small(used);
        small(used - behind - 1);
        small(unscaled.signum() < 0 ? NEGATIVE : 0);
        small(scale);
        for (int i = used - 1; i >= 0; i--) {
            small(groups[i]);
        }
    }

    private void small(int value) {
        room(2);
        buffer[size++] = (byte) (value >>> 8);
        buffer[size++] = (byte) value;
    }

    private void integer(int value) {
        room(4);
        buffer[size++] = (byte) (value >>> 24);
        buffer[size++] = (byte) (value >>> 16);
        buffer[size++] = (byte) (value >>> 8);
        buffer[size++] = (byte) value;
    }

    private void bytes(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    private void room(int more) {
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + more));
        }
    }
}

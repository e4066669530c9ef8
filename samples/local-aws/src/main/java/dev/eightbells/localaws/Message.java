package dev.eightbells.localaws;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A message of the PostgreSQL protocol, version 3: a letter that says which, and what follows its length. */
record Message(char type, byte[] body) {
    /** Longer than anything that is sent by mistake, shorter than what a driver may send on purpose. */
    private static final int LONGEST = 1 << 30;

    /** The next message; null when the other side has closed the connection between two messages. */
    static Message read(DataInputStream in) throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        return new Message((char) type, body(in));
    }

    /** What follows a length, as in the messages at the beginning of a connection, which have no letter. */
    static byte[] body(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 4 || length > LONGEST) {
            throw new IOException("Invalid message: it says it is " + length + " bytes long.");
        }
        byte[] body = in.readNBytes(length - 4);
        if (body.length < length - 4) {
            throw new IOException("Invalid message: the connection ended within it.");
        }
        return body;
    }

    void writeTo(OutputStream out) throws IOException {
        int length = body.length + 4;
        byte[] head = {(byte) type, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        };
        out.write(head);
        out.write(body);
    }

    static Composer of(char type) {
        return new Composer(type);
    }

    static Message empty(char type) {
        return new Message(type, new byte[0]);
    }

    Reader reader() {
        return new Reader(body);
    }

    /** The fields of an error or a notice, by their letters. */
    Map<Character, String> fields() {
        Map<Character, String> fields = new LinkedHashMap<>();
        Reader reader = reader();
        for (int letter = reader.octet(); letter != 0; letter = reader.octet()) {
            fields.put((char) letter, reader.string());
        }
        return fields;
    }

    /** Reads a body from its beginning to its end. */
    static final class Reader {
        private final byte[] body;
        private int position;

        Reader(byte[] body) {
            this.body = body;
        }

        int octet() {
            return body[position++] & 0xff;
        }

        int int16() {
            return octet() << 8 | octet();
        }

        int int32() {
            return int16() << 16 | int16();
        }

        /** Text up to a zero. */
        String string() {
            int end = position;
            while (body[end] != 0) {
                end++;
            }
            String text = new String(body, position, end - position, StandardCharsets.UTF_8);
            position = end + 1;
            return text;
        }

        byte[] bytes(int count) {
            byte[] bytes = Arrays.copyOfRange(body, position, position + count);
            position += count;
            return bytes;
        }

        byte[] rest() {
            return bytes(body.length - position);
        }

        boolean isAtEnd() {
            return position >= body.length;
        }
    }

    /** Puts a message together. */
    static final class Composer {
        private final char type;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(body);

        Composer(char type) {
            this.type = type;
        }

        Composer octet(int value) {
            body.write(value);
            return this;
        }

        Composer int16(int value) {
            try {
                out.writeShort(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        Composer int32(int value) {
            try {
                out.writeInt(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        Composer string(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8)).octet(0);
        }

        Composer bytes(byte[] bytes) {
            body.writeBytes(bytes);
            return this;
        }

        /** A field of an error or a notice. */
        Composer field(char letter, String text) {
            return octet(letter).string(text);
        }

        Message compose() {
            return new Message(type, body.toByteArray());
        }

        /** The body behind its length, without a letter. */
        byte[] composeWithoutType() {
            byte[] bytes = body.toByteArray();
            return new Composer(type)
                    .int32(bytes.length + 4)
                    .bytes(bytes)
                    .compose()
                    .body();
        }
    }
}

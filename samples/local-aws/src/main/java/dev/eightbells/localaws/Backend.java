package dev.eightbells.localaws;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A session of the real PostgreSQL, by its extended protocol. Everything that is sent is flushed and answered before the
 * next is sent, so that it is always known what an answer answers.
 */
final class Backend implements Closeable {
    static final int PROTOCOL = 196608;

    /** Ours, so that a client's unnamed statement stays what it was. */
    private static final String OWN_STATEMENT = "local_redshift";

    /** Fails in every state, because it is not even SQL. */
    private static final String NO_SQL = "refused by local Redshift";

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private char state = 'I';
    private boolean failed;
    private boolean ended;
    private int id;

    private Backend(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    static Socket socket(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Opens a session; what PostgreSQL says to it, an error or not, is to be received. */
    static Backend open(int port, Map<String, String> parameters) throws IOException {
        Backend backend = new Backend(socket(port));
        Message.Composer start = Message.of(' ').int32(PROTOCOL);
        parameters.forEach((name, value) -> start.string(name).string(value));
        backend.out.write(start.octet(0).composeWithoutType());
        backend.out.flush();
        return backend;
    }

    /** Remembers the number that PostgreSQL knows this session by. */
    void identify(int process) {
        id = process;
    }

    /** The number of the session, the same for the client. */
    int id() {
        return id;
    }

    /** I when idle, T within a transaction block, E within one that has failed. */
    char state() {
        return state;
    }

    /** Sends a message whose answer is wanted at once. */
    void send(Message message) throws IOException {
        message.writeTo(out);
        Message.empty('H').writeTo(out);
        out.flush();
    }

    /** Sends a message that has no answer of its own. */
    void write(Message message) throws IOException {
        message.writeTo(out);
    }

    Message receive() throws IOException {
        Message message = Message.read(in);
        if (message == null) {
            ended = true;
            throw new EOFException("PostgreSQL has ended the session.");
        }
        switch (message.type()) {
            case 'Z' -> {
                state = (char) message.body()[0];
                failed = false;
            }
            case 'C' -> ended(new String(message.body(), StandardCharsets.UTF_8));
            case 'E' -> {
                state = state == 'T' ? 'E' : state;
                failed = true;
            }
            default -> {}
        }
        return message;
    }

    /** PostgreSQL tells its state only at a synchronization, but it is asked for in between. */
    private void ended(String tag) {
        if (tag.startsWith("BEGIN") || tag.startsWith("START TRANSACTION")) {
            state = 'T';
        } else if (tag.startsWith("COMMIT") || tag.startsWith("ROLLBACK")) {
            state = 'I';
        }
    }

    /** Whether PostgreSQL has said something unasked, which while it is sent rows is an error. */
    boolean hasSpoken() throws IOException {
        return in.available() > 0;
    }

    /** The rows of a statement of ours, as text; within the client's transaction. */
    List<List<String>> rows(String sql, String... parameters) throws IOException, Refusal {
        Message.Composer bind =
                Message.of('B').string("").string(OWN_STATEMENT).int16(0).int16(parameters.length);
        for (String parameter : parameters) {
            if (parameter == null) {
                bind.int32(-1);
            } else {
                byte[] bytes = parameter.getBytes(StandardCharsets.UTF_8);
                bind.int32(bytes.length).bytes(bytes);
            }
        }
        write(Message.of('P').string(OWN_STATEMENT).string(sql).int16(0).compose());
        write(bind.int16(0).compose());
        write(Message.of('E').string("").int32(0).compose());
        send(Message.of('C').octet('S').string(OWN_STATEMENT).compose());
        List<List<String>> rows = new ArrayList<>();
        Message message = receive();
        while (message.type() != '3') {
            if (message.type() == 'E') {
                throw Refusal.byPostgres(message);
            }
            if (message.type() == 'D') {
                rows.add(values(message.reader()));
            }
            message = receive();
        }
        return rows;
    }

    private static List<String> values(Message.Reader reader) {
        int count = reader.int16();
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = reader.int32();
            values.add(length < 0 ? null : new String(reader.bytes(length), StandardCharsets.UTF_8));
        }
        return values;
    }

    /** Makes the session fail as if the statement had: its transaction is aborted, and it waits for a synchronization. */
    void fail() throws IOException {
        if (failed) {
            return;
        }
        send(Message.of('P').string("").string(NO_SQL).int16(0).compose());
        receiveUntil('E');
    }

    /** Ends what is one transaction unless a block is open. */
    Message synchronize() throws IOException {
        send(Message.empty('S'));
        return receiveUntil('Z');
    }

    private Message receiveUntil(char type) throws IOException {
        Message message = receive();
        while (message.type() != type) {
            message = receive();
        }
        return message;
    }

    /** Ends the session and waits until PostgreSQL has rolled back and let go of its locks. Once more is nothing. */
    void end() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        send(Message.empty('X'));
        Message message = Message.read(in);
        while (message != null) {
            message = Message.read(in);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

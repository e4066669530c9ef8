package dev.eightbells.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what a driver says first, asks for the password, and refuses it in words of the test's; has no encryption. */
final class Backend implements AutoCloseable {
    private static final int TLS_REQUEST = 80_877_103;
    private static final int CLEARTEXT = 3;

    private final ServerSocket socket;
    private final String refusal;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** @param refusal what is said of the password; {@code %s} stands for the password itself */
    Backend(String refusal) throws IOException {
        this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        this.refusal = refusal;
        Thread thread = new Thread(this::serve, "backend");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** In order: {@code TLS} for a wish to encrypt, the parameters of a start, {@code password} and the password. */
    List<String> heard() {
        return heard;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                serve(
                        new DataInputStream(connection.getInputStream()),
                        new DataOutputStream(connection.getOutputStream()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] start = in.readNBytes(in.readInt() - Integer.BYTES);
        if (start.length == Integer.BYTES && ByteBuffer.wrap(start).getInt() == TLS_REQUEST) {
            heard.add("TLS");
            out.write('N');
            return;
        }

        heard.add(new String(start, Integer.BYTES, start.length - Integer.BYTES, UTF_8).replace('\0', ' '));
        out.write('R');
        out.writeInt(2 * Integer.BYTES);
        out.writeInt(CLEARTEXT);
        in.readByte();
        byte[] answer = in.readNBytes(in.readInt() - Integer.BYTES);
        String password = new String(answer, 0, answer.length - 1, UTF_8);
        heard.add("password " + password);
        byte[] error = String.join("\0", "SFATAL", "C28P01", "M" + refusal.formatted(password), "", "")
                .getBytes(UTF_8);
        out.write('E');
        out.writeInt(Integer.BYTES + error.length);
        out.write(error);
    }
}

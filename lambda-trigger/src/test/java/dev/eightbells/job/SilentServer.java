package dev.eightbells.job;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads requests and does not answer; on request it answers the first, keeps the connection, and breaks it at the next. */
final class SilentServer implements AutoCloseable {
    private final ServerSocket server;
    private final String first;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();

    private SilentServer(ServerSocket server, String first) {
        this.server = server;
        this.first = first;
    }

    static SilentServer start() throws IOException {
        return listening(null);
    }

    static SilentServer startAndBreakAfter(String answer) throws IOException {
        return listening(answer);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    int requests() {
        return requests.get();
    }

    int connections() {
        return sockets.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static SilentServer listening(String answer) throws IOException {
        SilentServer silent = new SilentServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
        daemon(silent::accept);
        return silent;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                daemon(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (read(in)) {
                int count = requests.incrementAndGet();
                if (first != null && count > 1) {
                    socket.close();
                } else if (first != null) {
                    answer(socket.getOutputStream());
                }
            }
        } catch (IOException closed) {
            // The test is over, or the connection was broken.
        }
    }

    /** Reads a whole request; false at the end. */
    private static boolean read(InputStream in) throws IOException {
        int length = 0;
        List<String> lines = new ArrayList<>();
        String line = line(in);
        while (!line.isEmpty()) {
            lines.add(line);
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
            line = line(in);
        }
        return !lines.isEmpty() && in.readNBytes(length).length == length;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            line.append((char) read);
        }
        return line.toString().strip();
    }

    private void answer(OutputStream out) throws IOException {
        byte[] body = first.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "silent-server");
        thread.setDaemon(true);
        thread.start();
    }
}

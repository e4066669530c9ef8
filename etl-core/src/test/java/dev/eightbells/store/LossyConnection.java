package dev.eightbells.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A port before a server that loses answers, or breaks them off, when it is told to. */
final class LossyConnection implements AutoCloseable {
    private final ServerSocket port;
    private final URI server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private final AtomicLong bytesPerAnswer = new AtomicLong(Long.MAX_VALUE);

    LossyConnection(URI server) throws IOException {
        this.server = server;
        this.port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port.getLocalPort());
    }

    /** The server gets the next requests, and the client never hears of it. */
    void loseAnswers(int count) {
        answersToLose.set(count);
    }

    /** From now on every answer ends after this many bytes, head included. */
    void breakAnswersAfter(long bytes) {
        bytesPerAnswer.set(bytes);
    }

    @Override
    public void close() throws IOException {
        port.close();
        threads.shutdownNow();
    }

    private void accept() {
        while (!port.isClosed()) {
            try {
                Socket client = port.accept();
                Socket upstream = new Socket(server.getHost(), server.getPort());
                threads.execute(() -> forward(client, upstream));
                threads.execute(() -> answer(upstream, client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void forward(Socket client, Socket upstream) {
        try (InputStream in = client.getInputStream();
                OutputStream out = upstream.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            return;
        }
    }

    private void answer(Socket upstream, Socket client) {
        try (client;
                upstream;
                InputStream in = upstream.getInputStream();
                OutputStream out = client.getOutputStream()) {
            byte[] buffer = new byte[4_096];
            long left = bytesPerAnswer.get();
            for (int count = in.read(buffer); count >= 0 && left > 0; count = in.read(buffer)) {
                boolean isAnswer = new String(buffer, 0, Math.min(count, 12), US_ASCII).matches("HTTP/1.1 [2345].*");
                if (isAnswer && answersToLose.getAndUpdate(lost -> Math.max(0, lost - 1)) > 0) {
                    return;
                }
                int passed = (int) Math.min(count, left);
                out.write(buffer, 0, passed);
                out.flush();
                left -= passed;
            }
        } catch (IOException e) {
            return;
        }
    }
}

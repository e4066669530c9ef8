package dev.eightbells.table;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** A port before a catalog's server that loses a request or its answer, or goes silent, when it is told to. */
final class Wire implements AutoCloseable {
    private final ServerSocket port;
    private final int server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Loss> next = new AtomicReference<>();
    private volatile boolean silent;

    private record Loss(String text, boolean isOfAnswer) {}

    Wire(int server) throws IOException {
        this.server = server;
        this.port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return port.getLocalPort();
    }

    /** The next request that holds this text is carried out, and its client never hears of it. */
    void loseAnswerTo(String text) {
        next.set(new Loss(text, true));
    }

    /** The next request that holds this text does not arrive; its connection breaks. */
    void loseRequest(String text) {
        next.set(new Loss(text, false));
    }

    /** Whether what was to be lost is lost. */
    boolean hasLost() {
        return next.get() == null;
    }

    /** From now on nothing arrives, and connections stay open. */
    void goSilent() {
        silent = true;
    }

    @Override
    public void close() throws IOException {
        port.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (!port.isClosed()) {
            try {
                Socket client = port.accept();
                open.add(client);
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
                open.add(upstream);
                threads.execute(() -> ask(client, upstream));
                threads.execute(() -> answer(upstream, client));
            } catch (IOException e) {
                // Closed, or the server is down: the client sees a connection that ends at once.
                open.forEach(Wire::end);
            }
        }
    }

    private void ask(Socket client, Socket upstream) {
        try (client;
                upstream;
                InputStream in = client.getInputStream();
                OutputStream out = upstream.getOutputStream()) {
            byte[] buffer = new byte[1 << 20];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                Loss loss = next.get();
                boolean isLost = loss != null && new String(buffer, 0, count, ISO_8859_1).contains(loss.text());
                if (isLost) {
                    next.set(null);
                }
                if (isLost && loss.isOfAnswer()) {
                    client.close();
                }
                if (!silent && !(isLost && !loss.isOfAnswer())) {
                    out.write(buffer, 0, count);
                    out.flush();
                }
                if (isLost) {
                    // The server reads on until it sees the end, and answers to nobody.
                    Thread.sleep(loss.isOfAnswer() ? 1_000 : 0);
                    return;
                }
            }
        } catch (IOException e) {
            end(upstream);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Socket upstream, Socket client) {
        try (client;
                InputStream in = upstream.getInputStream();
                OutputStream out = client.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            end(client);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package dev.eightbells.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An S3 endpoint with one bucket that is only a listing; all other requests are passed on to another endpoint as they are,
 * signatures included. A server that holds so many objects lists them far more slowly than S3.
 */
final class ListedS3 implements AutoCloseable {
    private static final int OK = 200;
    /** Headers of one connection, not of what is sent. */
    private static final Set<String> HOPS =
            Set.of("connection", "expect", "keep-alive", "transfer-encoding", "content-length");

    private final FirehoseListing listing;
    private final Duration latency;
    private final URI other;
    private final HttpServer server;
    private final ExecutorService threads;

    private ListedS3(FirehoseListing listing, Duration latency, URI other, HttpServer server) {
        this.listing = listing;
        this.latency = latency;
        this.other = other;
        this.server = server;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "listed-s3");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts it on a free port of the loopback interface.
     *
     * @param latency before each page of the listing
     * @param other where all other requests go
     * @throws IOException when it does not start
     */
    static ListedS3 start(FirehoseListing listing, Duration latency, URI other) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ListedS3 listed = new ListedS3(listing, latency, other, server);
        server.createContext("/", listed::handle);
        server.setExecutor(listed.threads);
        server.start();
        return listed;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            if (uri.getPath().replace("/", "").equals(listing.bucket())) {
                Thread.sleep(latency.toMillis());
                byte[] page = listing.page(parameters(uri)).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/xml");
                exchange.sendResponseHeaders(OK, page.length);
                exchange.getResponseBody().write(page);
            } else {
                passOn(exchange);
            }
        } catch (InterruptedException e) {
            // The endpoint closes; nobody is answered any more.
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : uri.getRawQuery().split("&", -1)) {
            int equals = parameter.indexOf('=');
            parameters.put(
                    parameter.substring(0, Math.max(equals, 0)),
                    URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    /** By a socket: Java's HTTP clients let nobody keep the Host that was signed. */
    private void passOn(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        try (Socket socket = new Socket(other.getHost(), other.getPort())) {
            OutputStream out = socket.getOutputStream();
            // HTTP/1.0 asks for an answer that ends with the connection.
            out.write((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " HTTP/1.0\r\n"
                            + headers(exchange.getRequestHeaders()) + "Content-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            int status = Integer.parseInt(line(in).split(" ", -1)[1]);
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                String name = header.substring(0, colon);
                if (!HOPS.contains(name.toLowerCase(Locale.ROOT)) || isLengthOfHead(exchange, name)) {
                    exchange.getResponseHeaders()
                            .add(name, header.substring(colon + 1).strip());
                }
            }
            byte[] answer = in.readAllBytes();
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static boolean isLengthOfHead(HttpExchange exchange, String name) {
        return exchange.getRequestMethod().equals("HEAD") && name.equalsIgnoreCase("content-length");
    }

    private static String headers(Map<String, List<String>> headers) {
        StringBuilder text = new StringBuilder();
        headers.forEach((name, values) -> {
            if (!HOPS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(
                        value -> text.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        return text.toString();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The other endpoint ended its answer too early");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package dev.eightbells.localaws.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lambda's Runtime API for one process: it asks for the next event, and tells what became of it. */
final class RuntimeApi implements AutoCloseable {
    private static final String PATH = "/2018-06-01/runtime/";
    private static final Pattern END = Pattern.compile(PATH + "invocation/([^/]+)/(response|error)");
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int BAD_REQUEST = 400;

    private final String arn;
    private final HttpServer server;
    private final ExecutorService threads;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile Event current;

    /**
     * What a process is given to do.
     *
     * @param end what it answered, once it has; failed with {@link FunctionError} when the process says so
     */
    record Event(String id, String payload, Instant deadline, CompletableFuture<String> end) {}

    private RuntimeApi(String arn, HttpServer server) {
        this.arn = arn;
        this.server = server;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "local-lambda-runtime-api");
            thread.setDaemon(true);
            return thread;
        });
    }

    static RuntimeApi start(String arn) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RuntimeApi api = new RuntimeApi(arn, server);
        server.createContext(PATH, api::handle);
        server.setExecutor(api.threads);
        server.start();
        return api;
    }

    /** Host and port, as the client wants it. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Done when the process asks for an event, the first or one after the last that it ended; failed with
     * {@link FunctionError} when it says that it never will.
     */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /** Gives an event to the process, as soon as it asks for one. */
    void give(Event event) {
        events.add(event);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher end = END.matcher(path);
            if (path.equals(PATH + "invocation/next")) {
                next(exchange);
            } else if (path.equals(PATH + "init/error")) {
                ready.completeExceptionally(new FunctionError(body));
                send(exchange, ACCEPTED, "{\"status\":\"OK\"}");
            } else if (end.matches() && current != null && end.group(1).equals(current.id())) {
                end(current, end.group(2), body);
                send(exchange, ACCEPTED, "{\"status\":\"OK\"}");
            } else {
                send(exchange, BAD_REQUEST, "{\"errorType\":\"InvalidRequestID\",\"errorMessage\":\"" + path + "\"}");
            }
        } catch (InterruptedException e) {
            // The process is gone, and so is whoever would be answered.
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        ready.complete(null);
        Event event = events.take();
        ready = new CompletableFuture<>();
        current = event;
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", event.id());
        exchange.getResponseHeaders()
                .set(
                        "Lambda-Runtime-Deadline-Ms",
                        String.valueOf(event.deadline().toEpochMilli()));
        exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", arn);
        send(exchange, OK, event.payload());
    }

    private static void end(Event event, String how, String body) {
        if (how.equals("response")) {
            event.end().complete(body);
        } else {
            event.end().completeExceptionally(new FunctionError(body));
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package dev.eightbells.job;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each operation as it was told to, and keeps the requests. */
final class CannedAnswers implements AutoCloseable {
    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    private CannedAnswers(HttpServer server) {
        this.server = server;
    }

    /** A request: what follows {@code ElasticMapReduce.} in its target, or else its method and path. */
    record Request(String operation, String method, String path, String body) {}

    private record Answer(int status, String code, String body) {}

    static CannedAnswers start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            CannedAnswers canned = new CannedAnswers(server);
            server.createContext("/", canned::answer);
            server.start();
            return canned;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers an operation of EMR, or a method and path like {@code GET /applications/00f1/jobruns/r1}. */
    CannedAnswers on(String operation, String body) {
        answers.put(operation, new Answer(200, null, body));
        return this;
    }

    CannedAnswers refuse(String operation, int status, String code, String message) {
        String body = "{\"__type\":\"" + code + "\",\"message\":\"" + message + "\",\"Message\":\"" + message + "\"}";
        answers.put(operation, new Answer(status, code, body));
        return this;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().toString();
        String operation = target == null ? method + " " + path : target.substring(target.indexOf('.') + 1);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(operation, method, path, body));

        Answer answer = answers.getOrDefault(operation, new Answer(500, "NoAnswer", "{}"));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        if (answer.code() != null) {
            exchange.getResponseHeaders().add("X-Amzn-ErrorType", answer.code());
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

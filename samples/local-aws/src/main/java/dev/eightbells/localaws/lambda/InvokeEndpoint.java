package dev.eightbells.localaws.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lambda's Invoke API for one function: invocations that are waited for, and events, which are tried again. */
final class InvokeEndpoint implements AutoCloseable {
    private static final Pattern PATH = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final LocalLambda lambda;
    private final LambdaFunction function;
    private final List<Duration> waits;
    private final HttpServer server;
    private final ExecutorService threads;
    private final ScheduledExecutorService events;
    private final ObjectMapper json = new ObjectMapper();

    private InvokeEndpoint(LocalLambda lambda, LambdaFunction function, List<Duration> waits, HttpServer server) {
        this.lambda = lambda;
        this.function = function;
        this.waits = List.copyOf(waits);
        this.server = server;
        this.threads = Executors.newCachedThreadPool(work -> daemon(work, "local-lambda-invoke"));
        this.events = Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "local-lambda-events"));
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts it.
     *
     * @param waits before the further attempts at an event whose invocation failed; there are no others
     */
    static InvokeEndpoint start(LocalLambda lambda, LambdaFunction function, int port, List<Duration> waits)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        InvokeEndpoint endpoint = new InvokeEndpoint(lambda, function, waits, server);
        server.createContext("/", endpoint::handle);
        server.setExecutor(endpoint.threads);
        server.start();
        return endpoint;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String payload = body.isBlank() ? "{}" : body;
            if (!path.matches() || !List.of(function.name(), function.arn()).contains(path.group(1))) {
                refuse(
                        exchange,
                        NOT_FOUND,
                        "ResourceNotFoundException",
                        "This stand-in has only POST /2015-03-31/functions/" + function.name() + "/invocations.");
            } else if (!isJson(payload)) {
                refuse(
                        exchange,
                        BAD_REQUEST,
                        "InvalidRequestContentException",
                        "Could not parse request body into json.");
            } else if ("Event".equals(exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type"))) {
                events.execute(() -> attempt(payload, 0));
                send(exchange, ACCEPTED, "");
            } else {
                Answer answer = lambda.invoke(payload);
                exchange.getResponseHeaders().set("X-Amz-Executed-Version", "$LATEST");
                if (answer.isError()) {
                    exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
                }
                send(exchange, OK, answer.payload());
            }
        } catch (InterruptedException e) {
            // The stand-in closes; nobody is answered any more.
            Thread.currentThread().interrupt();
        }
    }

    private boolean isJson(String text) {
        try {
            return !json.readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private void attempt(String payload, int failures) {
        try {
            Answer answer = lambda.invoke(payload);
            if (answer.isError() && failures < waits.size()) {
                ScheduledFuture<?> unused = events.schedule(
                        () -> attempt(payload, failures + 1),
                        waits.get(failures).toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(HttpExchange exchange, int status, String code, String message) throws IOException {
        exchange.getResponseHeaders().set("X-Amzn-ErrorType", code);
        send(
                exchange,
                status,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("Type", "User")
                        .put("Message", message)
                        .toString());
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        events.shutdownNow();
        threads.shutdownNow();
    }
}

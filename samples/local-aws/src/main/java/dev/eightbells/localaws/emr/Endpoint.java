package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** EMR's protocol: one address, the operation in a header, JSON in and out. Safe for use by many threads. */
final class Endpoint implements HttpHandler {
    private static final String SERVICE = "ElasticMapReduce.";
    private static final Pattern SIGNED =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/[^/]+/elasticmapreduce/aws4_request,.*");
    private static final int OK = 200;

    private final Operations operations;
    private final EmrFaults faults;
    private final List<EmrRequest> requests = new ArrayList<>();
    private final ObjectMapper json = new ObjectMapper();

    Endpoint(Operations operations, EmrFaults faults) {
        this.operations = operations;
        this.faults = faults;
    }

    List<EmrRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    void forgetRequests() {
        synchronized (requests) {
            requests.clear();
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            try {
                JsonNode answer = answer(target, body, authorization);
                if (answer != null) {
                    send(exchange, OK, answer);
                }
            } catch (Refusal refusal) {
                send(
                        exchange,
                        refusal.status(),
                        Members.object().put("__type", refusal.code()).put("message", refusal.getMessage()));
            }
        }
    }

    /** Null when the connection is to be closed without an answer. */
    private JsonNode answer(String target, String body, String authorization) {
        if (!target.startsWith(SERVICE)) {
            throw Refusal.unknownOperation(target);
        }
        String operation = target.substring(SERVICE.length());
        synchronized (requests) {
            requests.add(new EmrRequest(operation, body));
        }
        if (authorization == null || !SIGNED.matcher(authorization).matches()) {
            throw Refusal.unsigned("Missing Authentication Token");
        }
        JsonNode request = parse(body);
        if (faults.denies(operation)) {
            throw Refusal.denied(operation, operations.resource(request));
        }
        EmrFaults.Fault fault = faults.next(operation);
        if (fault != null && !fault.isAfter()) {
            return goWrong(fault);
        }
        JsonNode answer = operations.answer(operation, request);
        return fault == null ? answer : goWrong(fault);
    }

    private static JsonNode goWrong(EmrFaults.Fault fault) {
        return switch (fault) {
            case THROTTLED -> throw Refusal.throttled();
            case FAILED_BEFORE, FAILED_AFTER -> throw Refusal.internal();
            case DROPPED_BEFORE, DROPPED_AFTER -> null;
        };
    }

    private JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException e) {
            throw Refusal.invalid("The request is no JSON: " + e.getOriginalMessage());
        }
    }

    private void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] body = json.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}

package dev.eightbells.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The few calls of Glue's data catalog that tables need, over databases and tables in memory; keeps the requests. */
final class GlueStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DENIED = "User: arn:aws:sts::123456789012:assumed-role/steps/i-1 is not authorized to"
            + " perform: glue:UpdateTable on resource: arn:aws:glue:eu-west-1:123456789012:table/order/select because no"
            + " identity-based policy allows the glue:UpdateTable action";

    private final HttpServer server;
    private final Map<String, ObjectNode> databases = new HashMap<>();
    private final Map<String, ObjectNode> tables = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

    record Request(String operation, JsonNode body) {}

    /** What becomes of an update of a table. */
    enum Fault {
        /** Somebody else has updated it. */
        BEATEN,
        /** It is made, and the answer is an error of the server. */
        MADE_UNHEARD,
        DENIED,
        THROTTLED
    }

    private record Answer(int status, String error, Object body) {
        static Answer of(Object body) {
            return new Answer(200, null, body);
        }

        static Answer refusal(String error, String message) {
            return new Answer(400, error, Map.of("__type", error, "Message", message));
        }
    }

    private GlueStandIn(HttpServer server) {
        this.server = server;
    }

    static GlueStandIn start() throws IOException {
        GlueStandIn glue =
                new GlueStandIn(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        glue.server.createContext("/", glue::handle);
        glue.server.start();
        return glue;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What becomes of the next updates, one after the other. */
    void next(Fault... some) {
        faults.addAll(List.of(some));
    }

    /** Whether all that was to go wrong has. */
    boolean hasNoMore() {
        return faults.isEmpty();
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /** A table that is there already, with these parameters. */
    synchronized void hold(String database, String table, Map<String, String> parameters) {
        databases.put(database, JSON.createObjectNode().put("Name", database));
        ObjectNode found = JSON.createObjectNode().put("Name", table);
        found.set("Parameters", JSON.valueToTree(parameters));
        tables.put(database + "." + table, found.put("DatabaseName", database).put("VersionId", "0"));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target").replace("AWSGlue.", "");
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        Answer answer = answer(operation, body);
        byte[] bytes = JSON.writeValueAsBytes(answer.body());
        if (answer.error() != null) {
            exchange.getResponseHeaders().add("X-Amzn-ErrorType", answer.error());
        }
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized Answer answer(String operation, JsonNode body) {
        requests.add(new Request(operation, body));
        return switch (operation) {
            case "GetDatabase" ->
                found("Database", databases.get(body.path("Name").asText()));
            case "CreateDatabase" -> {
                JsonNode input = body.path("DatabaseInput");
                databases.put(input.path("Name").asText(), input.deepCopy());
                yield Answer.of(Map.of());
            }
            case "GetTable" -> found("Table", tables.get(name(body, body)));
            case "CreateTable" -> {
                String name = name(body, body.path("TableInput"));
                if (tables.containsKey(name)) {
                    yield Answer.refusal("AlreadyExistsException", "Table already exists.");
                }
                put(name, body, "0");
                yield Answer.of(Map.of());
            }
            case "UpdateTable" -> update(body);
            default -> Answer.refusal("InvalidInputException", operation + " is not known here");
        };
    }

    private Answer update(JsonNode body) {
        Fault fault = faults.poll();
        if (fault == Fault.DENIED) {
            return Answer.refusal("AccessDeniedException", DENIED);
        }
        if (fault == Fault.THROTTLED) {
            return Answer.refusal("ThrottlingException", "Rate exceeded");
        }
        String name = name(body, body.path("TableInput"));
        int version = tables.get(name).path("VersionId").asInt();
        if (fault == Fault.BEATEN) {
            tables.get(name).put("VersionId", String.valueOf(version + 1));
        }
        if (fault == Fault.BEATEN || body.path("VersionId").asInt(version) != version) {
            return Answer.refusal(
                    "ConcurrentModificationException", "Update table failed due to concurrent modifications.");
        }
        put(name, body, String.valueOf(version + 1));
        return fault == Fault.MADE_UNHEARD
                ? new Answer(500, "InternalServiceException", Map.of("__type", "InternalServiceException"))
                : Answer.of(Map.of());
    }

    private void put(String name, JsonNode body, String version) {
        ObjectNode table = body.path("TableInput").deepCopy();
        table.put("DatabaseName", body.path("DatabaseName").asText()).put("VersionId", version);
        tables.put(name, table);
    }

    private static String name(JsonNode body, JsonNode table) {
        return body.path("DatabaseName").asText() + "." + table.path("Name").asText();
    }

    private static Answer found(String kind, JsonNode entity) {
        return entity == null
                ? Answer.refusal("EntityNotFoundException", kind + " not found.")
                : Answer.of(Map.of(kind, entity));
    }
}

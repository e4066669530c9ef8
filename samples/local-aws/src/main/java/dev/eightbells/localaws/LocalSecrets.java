package dev.eightbells.localaws;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stand-in for Secrets Manager on a free port of the loopback interface. It tells secrets to whoever asks for their
 * names, and answers every other question as if there were no such secret. Safe for use by many threads.
 */
public final class LocalSecrets implements AutoCloseable {
    private static final int FOUND = 200;
    private static final int REFUSED = 400;

    private final HttpServer server;
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final ObjectMapper json = new ObjectMapper();

    private LocalSecrets(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts one without secrets.
     *
     * @throws IOException when it does not start
     */
    public static LocalSecrets start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        LocalSecrets secrets = new LocalSecrets(server);
        server.createContext("/", secrets::answer);
        server.start();
        return secrets;
    }

    /** Keeps a secret, in place of an earlier one of this name. */
    public void put(String name, String text) {
        secrets.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(text, "text"));
    }

    /** Where it listens: {@code http://127.0.0.1:port}, for {@code AWS_ENDPOINT_URL_SECRETS_MANAGER}. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = json.readTree(exchange.getRequestBody()).path("SecretId").asText();
        String text = secrets.get(name);
        byte[] body = json.writeValueAsBytes(
                text == null
                        ? Map.of(
                                "__type",
                                "ResourceNotFoundException",
                                "Message",
                                "Secrets Manager can't find the specified secret.")
                        : Map.of("Name", name, "SecretString", text));
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(text == null ? REFUSED : FOUND, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

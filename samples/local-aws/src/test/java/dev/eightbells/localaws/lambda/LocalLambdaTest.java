package dev.eightbells.localaws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@EnabledOnOs(OS.LINUX)
class LocalLambdaTest {
    private static final String HANDLER = EchoHandler.class.getName() + "::handleRequest";

    @TempDir
    Path folder;

    private LocalLambda lambda;

    private LocalLambda start(String handler, Duration timeout) throws IOException {
        LambdaFunction function = new LambdaFunction(
                "echo", FunctionZip.create(folder), handler, Map.of("GREETING", "hello"), 256, timeout);
        lambda = LocalLambda.start(
                function, 0, folder.resolve("lambda"), List.of(Duration.ofMillis(1), Duration.ofMillis(2)));
        return lambda;
    }

    private LocalLambda start() throws IOException {
        return start(HANDLER, Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        lambda.close();
    }

    private static JsonNode error(Answer answer) throws IOException {
        assertThat(answer.isError()).isTrue();
        return new ObjectMapper().readTree(answer.payload());
    }

    @Test
    void runsAPackageAsLambdaDoes() throws Exception {
        start();
        Answer first = lambda.invoke("{\"a\":\"Ж\"}");
        assertThat(first.isError()).isFalse();
        // The serial collector keeps one of the two survivor spaces of the 217 MB to itself.
        assertThat(first.payload()).matches("\"1\\|\\{'a':'Ж'}\\|echo\\|256\\|true\\|hello\\|21[0-7]\\|true\\|false\"");
        assertThat(first.isCold()).isTrue();
        assertThat(first.initialization()).isBetween(Duration.ofMillis(50), Duration.ofSeconds(60));

        Answer second = lambda.invoke("{}");
        assertThat(second.payload()).startsWith("\"2|{}|");
        assertThat(second.isCold()).isFalse();
        assertThat(lambda.peakMemory().orElseThrow()).isBetween(20_000_000L, 256L * 1024 * 1024);
        assertThat(lambda.log()).contains("call 1 {\"a\":\"Ж\"}", "call 2 {}");

        lambda.coolDown();
        assertThat(lambda.peakMemory()).isEmpty();
        Answer third = lambda.invoke("{}");
        assertThat(third.payload()).startsWith("\"1|{}|");
        assertThat(third.isCold()).isTrue();
    }

    @Test
    void tellsWhatTheHandlerThrewAndGoesOn() throws Exception {
        start();
        JsonNode error = error(lambda.invoke("{\"do\":\"throw\"}"));
        assertThat(error.path("errorType").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.path("errorMessage").asText()).isEqualTo("не так: {\"do\":\"throw\"}");
        assertThat(error.path("stackTrace").get(0).asText()).contains("EchoHandler.handleRequest");
        assertThat(lambda.invoke("{}").payload()).startsWith("\"2|");
    }

    @Test
    void startsAProcessAgainThatHasEnded() throws Exception {
        start();
        JsonNode error = error(lambda.invoke("{\"do\":\"exit\"}"));
        assertThat(error.path("errorType").asText()).isEqualTo("Runtime.ExitError");
        assertThat(error.path("errorMessage").asText())
                .matches("RequestId: [-0-9a-f]{36} Error: Runtime exited with error: exit status 3");
        assertThat(lambda.invoke("{}").payload()).startsWith("\"1|");

        assertThat(error(lambda.invoke("{\"do\":\"fill\"}")).path("errorType").asText())
                .isEqualTo("java.lang.OutOfMemoryError");
        Answer after = lambda.invoke("{}");
        assertThat(after.payload()).startsWith("\"1|");
        assertThat(after.isCold()).isTrue();
    }

    @Test
    void endsWhatTakesTooLong() throws Exception {
        start(HANDLER, Duration.ofSeconds(5));
        lambda.invoke("{}");
        JsonNode error = error(lambda.invoke("{\"do\":\"sleep\"}"));
        assertThat(error.path("errorType").asText()).isEqualTo("Sandbox.Timedout");
        assertThat(error.path("errorMessage").asText())
                .matches("RequestId: [-0-9a-f]{36} Error: Task timed out after 5.00 seconds");
        assertThat(lambda.invoke("{}").payload()).startsWith("\"1|");
    }

    @Test
    void tellsThatThereIsNoSuchHandler() throws Exception {
        start("com.acme.None::handleRequest", Duration.ofMinutes(1));
        JsonNode error = error(lambda.invoke("{}"));
        assertThat(error.path("errorType").asText()).isEqualTo("java.lang.ClassNotFoundException");
        assertThat(error.path("errorMessage").asText()).contains("com.acme.None");
    }

    @Test
    void answersTheInvokeApi() throws Exception {
        start();
        assertThat(post("functions/echo/invocations", "{\"a\":1}", "RequestResponse")
                        .body())
                .startsWith("\"1|{'a':1}|");
        HttpResponse<String> failed = post("functions/echo/invocations", "{\"do\":\"throw\"}", "RequestResponse");
        assertThat(failed.statusCode()).isEqualTo(200);
        assertThat(failed.headers().firstValue("X-Amz-Function-Error")).hasValue("Unhandled");

        HttpResponse<String> other = post("functions/other/invocations", "{}", "RequestResponse");
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.body())
                .isEqualTo(
                        "{\"Type\":\"User\",\"Message\":\"This stand-in has only POST /2015-03-31/functions/echo/invocations.\"}");
        HttpResponse<String> broken = post("functions/echo/invocations", "{", "RequestResponse");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("Could not parse request body into json.");
    }

    @Test
    void triesAnEventAgainThatFails() throws Exception {
        start();
        HttpResponse<String> accepted = post("functions/echo/invocations", "{\"do\":\"flaky\"}", "Event");
        assertThat(accepted.statusCode()).isEqualTo(202);
        while (!lambda.log().contains("call 3 {\"do\":\"flaky\"}")) {
            Thread.sleep(20);
        }
        post("functions/echo/invocations", "{\"do\":\"throw\"}", "Event");
        while (!lambda.log().contains("call 6 {\"do\":\"throw\"}")) {
            Thread.sleep(20);
        }
        assertThat(lambda.invoke("{}").payload()).startsWith("\"7|");
    }

    @Test
    void runsOneInvocationAtATime() throws Exception {
        start();
        List<CompletableFuture<String>> answers = List.of(later("{\"n\":1}"), later("{\"n\":2}"), later("{\"n\":3}"));
        assertThat(answers)
                .extracting(answer -> answer.get().replaceAll("\\|.*", ""))
                .containsExactlyInAnyOrder("\"1", "\"2", "\"3");
    }

    private CompletableFuture<String> later(String payload) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return lambda.invoke(payload).payload();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void runsNothingOnceItIsClosed() throws Exception {
        start().close();
        assertThatThrownBy(() -> lambda.invoke("{}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot invoke echo: it is closed.");
    }

    private HttpResponse<String> post(String path, String body, String type) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(lambda.endpoint() + "/2015-03-31/" + path))
                                .header("X-Amz-Invocation-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}

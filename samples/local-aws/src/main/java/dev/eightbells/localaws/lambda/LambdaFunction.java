package dev.eightbells.localaws.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * A function as it is deployed.
 *
 * @param name e.g. {@code eightbells}
 * @param zip the deployment package: classes at the root, jars in {@code lib/}
 * @param handler e.g. {@code com.acme.Handler::handleRequest}
 * @param environment its variables, beside those that Lambda sets
 * @param memoryMegabytes from 128 to 10240; the heap is 85 % of it
 * @param timeout after which an invocation is ended, from 1 second to 15 minutes
 */
public record LambdaFunction(
        String name, Path zip, String handler, Map<String, String> environment, int memoryMegabytes, Duration timeout) {
    private static final int LEAST_MEMORY = 128;
    private static final int MOST_MEMORY = 10_240;
    private static final Duration LONGEST = Duration.ofMinutes(15);

    public LambdaFunction {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(zip, "zip");
        Objects.requireNonNull(handler, "handler");
        environment = Map.copyOf(environment);
        if (memoryMegabytes < LEAST_MEMORY || memoryMegabytes > MOST_MEMORY) {
            throw new IllegalArgumentException("Invalid memory of a function: " + memoryMegabytes + " MB (from "
                    + LEAST_MEMORY + " to " + MOST_MEMORY + ").");
        }
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Invalid timeout of a function: " + timeout + " (from PT1S to " + LONGEST + ").");
        }
    }

    String arn() {
        return "arn:aws:lambda:us-east-1:123456789012:function:" + name;
    }
}

package dev.eightbells.store;

import dev.eightbells.Failure;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;

/** What an environment says about AWS, by the names that AWS's own tools know; the SDK finds the rest. */
public final class AwsEnvironment {
    private final Map<String, String> variables;

    private AwsEnvironment(Map<String, String> variables) {
        this.variables = variables;
    }

    public static AwsEnvironment of(Map<String, String> variables) {
        return new AwsEnvironment(variables);
    }

    /**
     * Where a service is reached instead of AWS; empty when nothing says so.
     *
     * @param service as in its variable, {@code S3} for {@code AWS_ENDPOINT_URL_S3}
     * @param doing what for, e.g. {@code open s3://lake/}
     * @throws Failure when it is no address
     */
    public Optional<URI> endpoint(String service, String doing) {
        String variable = "AWS_ENDPOINT_URL_" + service;
        Optional<String> endpoint = first(variable, "AWS_ENDPOINT_URL");
        endpoint.filter(text -> !text.matches("https?://[^\\s/?#]+/?")).ifPresent(text -> {
            throw Failure.input("Cannot " + doing + ": the endpoint " + text + " is no address. Set " + variable
                    + " to one like http://127.0.0.1:9000.");
        });
        return endpoint.map(URI::create);
    }

    public Optional<Region> region() {
        return first("AWS_REGION", "AWS_DEFAULT_REGION").map(Region::of);
    }

    /**
     * The key and its secret, with the session's token when there is one; empty when they are found elsewhere.
     *
     * @param doing what for, e.g. {@code open s3://lake/}
     * @throws Failure when half of them is missing
     */
    public Optional<AwsCredentials> credentials(String doing) {
        Optional<String> key = first("AWS_ACCESS_KEY_ID");
        Optional<String> secret = first("AWS_SECRET_ACCESS_KEY");
        if (key.isPresent() != secret.isPresent()) {
            throw Failure.input("Cannot " + doing + ": only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set."
                    + " Set both or none.");
        }
        Optional<String> token = first("AWS_SESSION_TOKEN");
        return key.map(id -> token.<AwsCredentials>map(
                        session -> AwsSessionCredentials.create(id, secret.orElseThrow(), session))
                .orElseGet(() -> AwsBasicCredentials.create(id, secret.orElseThrow())));
    }

    private Optional<String> first(String... names) {
        return Stream.of(names)
                .map(variables::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }
}

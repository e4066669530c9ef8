package dev.eightbells.store;

import dev.eightbells.Failure;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes S3 clients as an environment asks for them. */
final class S3Clients {
    private static final int ATTEMPTS = 5;

    private S3Clients() {}

    static ObjectStore open(Location location, Map<String, String> environment) {
        try {
            return new S3ObjectStore(location, client(location, environment));
        } catch (SdkClientException e) {
            throw S3Failures.opening(location, e);
        }
    }

    private static S3Client client(Location location, Map<String, String> environment) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder()
                        .maxConnections(64)
                        .connectionTimeout(Duration.ofSeconds(10))
                        .socketTimeout(Duration.ofSeconds(60)))
                .overrideConfiguration(
                        override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build()));
        Optional<URI> endpoint =
                first(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL").map(text -> endpoint(location, text));
        Optional<Region> region =
                first(environment, "AWS_REGION", "AWS_DEFAULT_REGION").map(Region::of);
        if (endpoint.isPresent()) {
            // Whatever answers there has no regions, and asking the instance for its own takes seconds.
            builder.endpointOverride(endpoint.get()).forcePathStyle(true).region(region.orElse(Region.US_EAST_1));
        } else {
            builder.crossRegionAccessEnabled(true);
            region.ifPresent(builder::region);
        }
        credentials(location, environment)
                .ifPresent(found -> builder.credentialsProvider(StaticCredentialsProvider.create(found)));
        return builder.build();
    }

    private static Optional<AwsCredentials> credentials(Location location, Map<String, String> environment) {
        Optional<String> key = first(environment, "AWS_ACCESS_KEY_ID");
        Optional<String> secret = first(environment, "AWS_SECRET_ACCESS_KEY");
        if (key.isPresent() != secret.isPresent()) {
            throw Failure.input("Cannot open " + location + ": only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                    + " is set. Set both or none.");
        }
        Optional<String> token = first(environment, "AWS_SESSION_TOKEN");
        return key.map(id -> token.<AwsCredentials>map(
                        session -> AwsSessionCredentials.create(id, secret.orElseThrow(), session))
                .orElseGet(() -> AwsBasicCredentials.create(id, secret.orElseThrow())));
    }

    private static URI endpoint(Location location, String text) {
        if (!text.matches("https?://[^\\s/?#]+/?")) {
            throw Failure.input("Cannot open " + location + ": the endpoint " + text
                    + " is no address. Set AWS_ENDPOINT_URL_S3 to one like http://127.0.0.1:9000.");
        }
        return URI.create(text);
    }

    private static Optional<String> first(Map<String, String> environment, String... names) {
        return Stream.of(names)
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }
}

package dev.eightbells.store;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes S3 clients as an environment asks for them. */
final class S3Clients {
    private static final int ATTEMPTS = 5;

    private S3Clients() {}

    static ObjectStore open(Location location, Map<String, String> environment) {
        return open(location, environment, HttpConnections.best());
    }

    static ObjectStore open(Location location, Map<String, String> environment, HttpConnections connections) {
        try {
            return new S3ObjectStore(location, client(location, environment, connections));
        } catch (SdkClientException e) {
            throw S3Failures.opening(location, e);
        }
    }

    private static S3Client client(Location location, Map<String, String> environment, HttpConnections connections) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(connections)
                .overrideConfiguration(
                        override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(ATTEMPTS)
                                        .build())
                                .addExecutionInterceptor(new SendsAtOnce()));
        AwsEnvironment aws = AwsEnvironment.of(environment);
        String doing = "open " + location;
        Optional<URI> endpoint = aws.endpoint("S3", doing);
        Optional<Region> region = aws.region();
        if (endpoint.isPresent()) {
            // Whatever answers there has no regions, and asking the instance for its own takes seconds.
            builder.endpointOverride(endpoint.get()).forcePathStyle(true).region(region.orElse(Region.US_EAST_1));
        } else {
            builder.crossRegionAccessEnabled(true);
            region.ifPresent(builder::region);
        }
        aws.credentials(doing).ifPresent(found -> builder.credentialsProvider(StaticCredentialsProvider.create(found)));
        return builder.build();
    }

    /**
     * Takes out the question whether a body is welcome. What is written here is small, and the client of Java itself waits
     * five seconds for an answer that some servers do not give.
     */
    private static final class SendsAtOnce implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().toBuilder().removeHeader("Expect").build();
        }
    }
}

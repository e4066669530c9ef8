package dev.eightbells.job;

import dev.eightbells.Failure;
import dev.eightbells.store.AwsEnvironment;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrserverless.EmrServerlessClient;

/** Makes the clients of the services, as an environment asks for them. */
final class AwsClients {
    private static final int ATTEMPTS = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    /** Who looks for a job a minute after it may have been sent finds it: nothing is on its way for longer. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(50);

    private final Map<String, String> environment;
    private final Duration pause;
    private final Duration answer;

    private AwsClients(Map<String, String> environment, Duration pause, Duration answer) {
        this.environment = environment;
        this.pause = pause;
        this.answer = answer;
    }

    static AwsClients of(Map<String, String> environment) {
        return new AwsClients(environment, Duration.ofSeconds(1), ANSWER);
    }

    /** The same, with other patience: the first pause after a throttled request, and how long an answer may take. */
    AwsClients waiting(Duration firstPause, Duration forAnswer) {
        return new AwsClients(environment, firstPause, forAnswer);
    }

    /** A client whose requests may be sent again whenever that could help. */
    EmrClient emr() {
        return build(Service.EMR, EmrClient.builder(), whenever());
    }

    /**
     * A client for requests that must not arrive twice. It sends one again only if EMR said that it took nothing of it:
     * because it was throttled, or because the clocks disagreed. No connection sends it again by itself either: its body
     * is streamed with a fixed length, and what is streamed cannot be repeated.
     */
    EmrClient emrOnce() {
        return build(
                Service.EMR,
                EmrClient.builder()
                        .overrideConfiguration(ClientOverrideConfiguration.builder()
                                .apiCallTimeout(ON_ITS_WAY)
                                .build()),
                onlyWhenRefused());
    }

    EmrServerlessClient serverless() {
        return build(Service.EMR_SERVERLESS, EmrServerlessClient.builder(), whenever());
    }

    EmrContainersClient containers() {
        return build(Service.EMR_CONTAINERS, EmrContainersClient.builder(), whenever());
    }

    private RetryStrategy whenever() {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(ATTEMPTS)
                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(pause, LONGEST_PAUSE))
                .build();
    }

    private RetryStrategy onlyWhenRefused() {
        return StandardRetryStrategy.builder()
                .maxAttempts(ATTEMPTS)
                .retryOnException(AwsClients::tookNothing)
                .treatAsThrottling(AwsClients::tookNothing)
                .backoffStrategy(BackoffStrategy.exponentialDelay(pause, LONGEST_PAUSE))
                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(pause, LONGEST_PAUSE))
                .useClientDefaults(false)
                .build();
    }

    private static boolean tookNothing(Throwable thrown) {
        return thrown instanceof AwsServiceException answered
                && (answered.isThrottlingException() || answered.isClockSkewException());
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C build(
            Service service, B builder, RetryStrategy retries) {
        String doing = "reach " + service;
        builder.httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(10))
                        .socketTimeout(answer))
                .overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .retryStrategy(retries)
                        .build());
        AwsEnvironment aws = AwsEnvironment.of(environment);
        Optional<URI> endpoint = aws.endpoint(service.name(), doing);
        Optional<Region> region = aws.region();
        if (endpoint.isPresent()) {
            // Whatever answers there has no regions, and asking the instance for its own takes seconds.
            builder.endpointOverride(endpoint.get()).region(region.orElse(Region.US_EAST_1));
        } else {
            region.ifPresent(builder::region);
        }
        aws.credentials(doing).ifPresent(found -> builder.credentialsProvider(StaticCredentialsProvider.create(found)));
        return built(doing, builder::build);
    }

    private static <C> C built(String doing, Supplier<C> build) {
        try {
            return build.get();
        } catch (SdkClientException e) {
            if (String.valueOf(e.getMessage()).contains("region")) {
                throw Failure.input("Cannot " + doing + ": no AWS region is known. Set AWS_REGION.");
            }
            throw Failure.of(Failure.Kind.INPUT, "Cannot " + doing + ": " + AwsFailures.said(e) + ".", e);
        }
    }
}

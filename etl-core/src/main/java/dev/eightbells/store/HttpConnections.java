package dev.eightbells.store;

import java.time.Duration;
import java.util.Comparator;
import java.util.ServiceLoader;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * How S3 is spoken to, over whichever of the SDK's HTTP clients is on the class path: clusters have Apache's, the Lambda is
 * deployed with a smaller one that takes no heed of the number of connections.
 */
final class HttpConnections implements SdkHttpClient.Builder<HttpConnections> {
    private static final String APACHE = "software.amazon.awssdk.http.apache.ApacheSdkHttpService";
    private static final AttributeMap OPTIONS = AttributeMap.builder()
            .put(SdkHttpConfigurationOption.MAX_CONNECTIONS, 64)
            .put(SdkHttpConfigurationOption.CONNECTION_TIMEOUT, Duration.ofSeconds(10))
            .put(SdkHttpConfigurationOption.READ_TIMEOUT, Duration.ofSeconds(60))
            .build();

    private final SdkHttpService service;

    private HttpConnections(SdkHttpService service) {
        this.service = service;
    }

    /** Over the class path's best client: the SDK would not choose where there are several. */
    static HttpConnections best() {
        return best(HttpConnections.class.getClassLoader());
    }

    /** Over the best client of this class path. Only that one is made: another may not fit the rest of the class path. */
    static HttpConnections best(ClassLoader classPath) {
        return ServiceLoader.load(SdkHttpService.class, classPath).stream()
                .min(Comparator.comparing(provider -> !provider.type().getName().equals(APACHE)))
                .map(provider -> over(provider.get()))
                .orElseThrow(() -> new IllegalStateException("No HTTP client of the AWS SDK is on the class path"));
    }

    static HttpConnections over(SdkHttpService service) {
        return new HttpConnections(service);
    }

    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
        return service.createHttpClientBuilder().buildWithDefaults(OPTIONS.merge(defaults));
    }
}

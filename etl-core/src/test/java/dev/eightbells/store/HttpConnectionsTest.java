package dev.eightbells.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

class HttpConnectionsTest {
    /** A client that was made for other versions than those that are here. */
    public static final class Unfit implements SdkHttpService {
        public Unfit() {
            throw new NoClassDefFoundError("org/apache/http/Gone");
        }

        @Override
        public SdkHttpClient.Builder<?> createHttpClientBuilder() {
            throw new AssertionError("It was never made.");
        }
    }

    @Test
    void aClientThatCannotBeMadeDoesNoHarmBesideOneThatCan(@TempDir Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(SdkHttpService.class.getName()), Unfit.class.getName());
        URL[] more = {folder.toUri().toURL()};

        try (URLClassLoader classPath = new URLClassLoader(more, getClass().getClassLoader());
                SdkHttpClient client = HttpConnections.best(classPath).buildWithDefaults(AttributeMap.empty())) {
            assertThat(client.clientName()).isEqualTo("Apache");
        }
    }
}

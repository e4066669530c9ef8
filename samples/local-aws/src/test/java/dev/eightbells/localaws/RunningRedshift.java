package dev.eightbells.localaws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** One S3 and one Redshift for all tests, which keep to tables of their own. */
final class RunningRedshift implements AutoCloseable {
    static final String BUCKET = "lake";
    static final String ROLE = "arn:aws:iam::123456789012:role/loader";

    private final LocalS3 s3;
    private final LocalRedshift redshift;
    private final S3Client client;

    private RunningRedshift() throws IOException {
        s3 = LocalS3.start();
        s3.createBucket(BUCKET);
        redshift = LocalRedshift.start(s3);
        redshift.addRole(ROLE);
        client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(s3.region()))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    /** Gives a test the one that runs. */
    static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RunningRedshift.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(RunningRedshift.class))
                    .getOrComputeIfAbsent(RunningRedshift.class, any -> start(), RunningRedshift.class);
        }

        private static RunningRedshift start() {
            try {
                return new RunningRedshift();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    LocalRedshift redshift() {
        return redshift;
    }

    LocalS3 s3() {
        return s3;
    }

    Faults faults() {
        return redshift.faults();
    }

    Session open() throws SQLException {
        return open(redshift, "preferQueryMode", "extended");
    }

    static Session open(LocalRedshift redshift, String... more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", redshift.user());
        properties.setProperty("password", "any");
        properties.setProperty("ssl", "false");
        // Otherwise a thread of the driver's reads results on, and the next statement may not wait for it.
        properties.setProperty("enableFetchRingBuffer", "false");
        for (int i = 0; i < more.length; i += 2) {
            properties.setProperty(more[i], more[i + 1]);
        }
        return new Session(DriverManager.getConnection(redshift.jdbcUrl(), properties));
    }

    /** A name that no other test uses. */
    static String name(String what) {
        return what + "_" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Stores an object; returns its address. */
    String put(String key, byte[] content) {
        client.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromBytes(content));
        return "s3://" + BUCKET + "/" + key;
    }

    /** Stores a file, and a manifest that names it once; returns the manifest's address. */
    String manifest(String key, byte[] content) {
        String url = put(key, content);
        return put(
                key + ".manifest",
                ("{\"entries\": [" + entry(url, content.length) + "]}").getBytes(StandardCharsets.UTF_8));
    }

    static String entry(String url, long length) {
        return "{\"url\": \"" + url + "\", \"mandatory\": true, \"meta\": {\"content_length\": " + length + "}}";
    }

    @Override
    public void close() {
        client.close();
        redshift.close();
        s3.close();
    }

    /** A connection and one statement on it. */
    static final class Session implements AutoCloseable {
        private final Connection connection;
        private final Statement statement;

        Session(Connection connection) throws SQLException {
            this.connection = connection;
            this.statement = connection.createStatement();
            statement.setEscapeProcessing(false);
        }

        Connection connection() {
            return connection;
        }

        Statement statement() {
            return statement;
        }

        Session execute(String sql) throws SQLException {
            statement.execute(sql);
            return this;
        }

        /** The rows, their values joined by a bar; null is null. */
        List<String> rows(String sql) throws SQLException {
            try (ResultSet result = statement.executeQuery(sql)) {
                int columns = result.getMetaData().getColumnCount();
                List<String> rows = new ArrayList<>();
                while (result.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        values.add(result.getString(i));
                    }
                    rows.add(String.join(
                            "|", values.stream().map(String::valueOf).toList()));
                }
                return rows;
            }
        }

        String value(String sql) throws SQLException {
            return rows(sql).get(0);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}

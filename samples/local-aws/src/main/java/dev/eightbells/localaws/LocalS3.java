package dev.eightbells.localaws;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * An S3 server on a free port of the loopback interface: S3Proxy, which checks signatures and conditional writes as S3
 * does. It runs in this process, in a class loader of its own, so that its libraries and Spark's never meet. Safe for use
 * by many threads.
 *
 * <p>It has no server-side encryption, versioning, tags or policies when it keeps its objects in a folder.
 */
public final class LocalS3 implements AutoCloseable {
    private static final String ACCESS_KEY = "local-access-key";
    private static final String SECRET_KEY = "local-secret-key";
    private static final String REGION = "us-east-1";

    private final IsolatedS3Proxy server;

    private LocalS3(IsolatedS3Proxy server) {
        this.server = server;
    }

    /**
     * Starts a server that keeps its objects in memory.
     *
     * @throws IOException when the server does not start
     */
    public static LocalS3 start() throws IOException {
        return start(0);
    }

    /**
     * Starts a server that keeps its objects in memory.
     *
     * @param port where it listens; 0 for any that is free
     * @throws IOException when the server does not start
     */
    public static LocalS3 start(int port) throws IOException {
        return new LocalS3(IsolatedS3Proxy.start("transient-nio2", settings(port)));
    }

    /**
     * Starts a server that keeps its objects as plain files, one folder per bucket, and finds them again at the next start.
     *
     * @param folder created when absent; its file system needs extended attributes, in which the ETags lie
     * @throws IOException when the server does not start
     */
    public static LocalS3 start(Path folder) throws IOException {
        return start(folder, 0);
    }

    /**
     * Does the same on a port of one's own.
     *
     * @param folder created when absent
     * @param port where it listens; 0 for any that is free
     * @throws IOException when the server does not start
     */
    public static LocalS3 start(Path folder, int port) throws IOException {
        Files.createDirectories(folder);
        Properties settings = settings(port);
        settings.setProperty(
                "jclouds.filesystem.basedir", folder.toAbsolutePath().toString());
        return new LocalS3(IsolatedS3Proxy.start("filesystem-nio2", settings));
    }

    /** Where the server listens: {@code http://127.0.0.1:port}. Clients must use path-style addresses. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    public String accessKey() {
        return ACCESS_KEY;
    }

    public String secretKey() {
        return SECRET_KEY;
    }

    /** The region to sign for; the server itself has none. */
    public String region() {
        return REGION;
    }

    /** What an AWS client needs to reach this server, under the names of the AWS SDK's environment variables. */
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL_S3", endpoint().toString(),
                "AWS_ACCESS_KEY_ID", ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", SECRET_KEY,
                "AWS_REGION", REGION);
    }

    /** Creates the bucket; nothing happens when there is one with this name. */
    public void createBucket(String name) {
        server.createBucket(Objects.requireNonNull(name, "name"));
    }

    /** Stops the server. Objects in memory are gone; those in a folder stay. */
    @Override
    public void close() {
        server.close();
    }

    private static Properties settings(int port) {
        Properties settings = new Properties();
        settings.setProperty("s3proxy.endpoint", "http://127.0.0.1:" + port);
        settings.setProperty("s3proxy.authorization", "aws-v2-or-v4");
        settings.setProperty("s3proxy.identity", ACCESS_KEY);
        settings.setProperty("s3proxy.credential", SECRET_KEY);
        settings.setProperty("s3proxy.ignore-unknown-headers", "true");
        return settings;
    }
}

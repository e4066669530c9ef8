package dev.eightbells.localaws.hive;

import dev.eightbells.localaws.jvm.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Hive's metastore in a process beside this one, over a Derby database in a folder, on a port of the loopback interface. It
 * sees the local disk alone, and lets tables have other columns, which without being told it would not. It is used by one thread.
 */
public final class LocalMetastore implements AutoCloseable {
    private static final String PROGRAM = "dev.eightbells.localaws.isolated.MetastoreProgram";
    private static final String RESOURCES = "/local-aws/hive/";
    private static final String LOG_SETTINGS = "hive-log4j2.properties";

    private static final List<String> JARS = List.of(
            "hive-metastore",
            "hive-common",
            "hive-serde",
            "hive-storage-api",
            "hive-exec",
            "hive-shims-common",
            "hive-shims-0.23",
            "libthrift",
            "libfb303",
            "derby",
            "datanucleus-core",
            "datanucleus-api-jdo",
            "datanucleus-rdbms",
            "javax.jdo",
            "jta",
            "bonecp",
            "commons-dbcp",
            "commons-pool",
            "guava",
            "commons-lang",
            "commons-lang3",
            "commons-cli",
            "antlr-runtime",
            "jakarta.servlet-api",
            "jackson-databind",
            "jackson-core",
            "jackson-annotations",
            "log4j-api",
            "log4j-core",
            "log4j-1.2-api",
            "log4j-slf4j2-impl",
            "jcl-over-slf4j",
            "slf4j-api");

    /** A class of each jar of Hadoop's client, which are too large to be had twice. */
    private static final List<String> HADOOP =
            List.of("org.apache.hadoop.conf.Configuration", "org.apache.hadoop.shaded.com.google.common.base.Strings");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Path folder;
    private final List<Path> classPath;
    private final int port;
    private ChildJvm process;

    private LocalMetastore(Path folder, List<Path> classPath, int port) {
        this.folder = folder;
        this.classPath = classPath;
        this.port = port;
    }

    /**
     * Starts one, and waits until it answers.
     *
     * @param folder where its jars, its database and its log {@code metastore.log} lie; created when absent
     * @throws IOException when it does not start; the sentence names the log
     */
    public static LocalMetastore start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        LocalMetastore metastore = new LocalMetastore(folder, unpackTo(folder.resolve("jars")), freePort());
        metastore.start();
        return metastore;
    }

    /** Where it answers, as a {@code hive} catalog names it. */
    public String uri() {
        return "thrift://127.0.0.1:" + port;
    }

    /** The port that it answers on, also after a restart. */
    public int port() {
        return port;
    }

    /** Ends its process at once, whatever it is doing; returns when it has ended. */
    public void kill() {
        process.kill();
        process.exit().join();
    }

    /**
     * Starts it again after {@link #kill}, on the same port, with the same database.
     *
     * @throws IOException when it does not start; the sentence names the log
     */
    public void restart() throws IOException, InterruptedException {
        start();
    }

    @Override
    public void close() {
        kill();
    }

    private void start() throws IOException, InterruptedException {
        Path log = folder.resolve("metastore.log");
        process = ChildJvm.start(arguments(), Map.of(), folder, log, log);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                kill();
                throw new IOException(
                        "Cannot start a Hive metastore: it does not answer on port " + port + ". See " + log + ".");
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private List<String> arguments() {
        return List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djavax.jdo.option.ConnectionURL=jdbc:derby:directory:" + folder.resolve("database") + ";create=true",
                "-Dderby.stream.error.file=" + folder.resolve("derby.log"),
                // It outlives its process, which is what it is tried with, and not a machine without power.
                "-Dderby.system.durability=test",
                "-Ddatanucleus.schema.autoCreateAll=true",
                "-Dhive.metastore.schema.verification=false",
                "-Dhive.metastore.disallow.incompatible.col.type.changes=false",
                "-Dhive.metastore.warehouse.dir=" + folder.resolve("warehouse"),
                "-Dhive.async.log.enabled=false",
                "-cp",
                ChildJvm.classPath(classPath),
                PROGRAM,
                "-p",
                String.valueOf(port));
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A jar within a jar cannot be loaded from. */
    private static List<Path> unpackTo(Path jars) throws IOException {
        List<Path> classPath = new ArrayList<>();
        classPath.add(jars);
        unpack(RESOURCES + LOG_SETTINGS, jars.resolve(LOG_SETTINGS));
        String program = PROGRAM.replace('.', '/') + ".class";
        unpack("/" + program, jars.resolve(program));
        for (String jar : JARS) {
            Path file = jars.resolve(jar + ".jar");
            unpack(RESOURCES + jar + ".jar", file);
            classPath.add(file);
        }
        for (String type : HADOOP) {
            classPath.add(placeOf(type));
        }
        return List.copyOf(classPath);
    }

    private static void unpack(String resource, Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Files.createDirectories(file.getParent());
        try (InputStream packed = LocalMetastore.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IOException("Cannot start a Hive metastore: " + resource
                        + " is not on the class path. Build local-aws by Maven, which puts it there.");
            }
            Files.copy(packed, file);
        }
    }

    private static Path placeOf(String type) throws IOException {
        try {
            return Path.of(Class.forName(type, false, LocalMetastore.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IOException(
                    "Cannot start a Hive metastore: " + type + " of Hadoop's client is not on the class path. Put"
                            + " hadoop-client-api and hadoop-client-runtime there.",
                    e);
        }
    }
}

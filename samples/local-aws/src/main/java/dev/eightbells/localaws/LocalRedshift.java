package dev.eightbells.localaws;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stand-in for Redshift on a free port of the loopback interface, for rehearsals and tests: a real PostgreSQL behind a
 * front that speaks to Redshift's own JDBC driver. It knows as much of Redshift's SQL as loading tables needs, holds
 * statements to what Redshift would refuse, and refuses by name what it does not know. COPY reads Parquet from a
 * {@link LocalS3}. Safe for use by many threads.
 *
 * <p>There is no encryption, so the driver must be told {@code ssl=false}.
 */
public final class LocalRedshift implements AutoCloseable {
    private static final Ports ANY = new Ports(0, 0);

    static final String USER = "awsuser";
    private static final String DATABASE = "dev";

    private final EmbeddedPostgres postgres;
    private final ServerSocket door;
    private final S3Files files;
    private final LoadLog loads;
    private final Cluster cluster;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /** Where the warehouse and the catalog's database listen; 0 for any port that is free. */
    public record Ports(int redshift, int catalog) {}

    private LocalRedshift(EmbeddedPostgres postgres, ServerSocket door, S3Files files, LoadLog loads)
            throws SQLException {
        this.postgres = postgres;
        this.door = door;
        this.files = files;
        this.loads = loads;
        this.cluster = new Cluster(files, loads, loads.lastQuery());
    }

    /**
     * Starts one whose data are gone when it is closed.
     *
     * @param s3 what COPY reads from; must stay open as long as this is used
     * @throws IOException when it does not start
     */
    public static LocalRedshift start(LocalS3 s3) throws IOException {
        return start(s3, ANY);
    }

    /**
     * Starts one whose data are gone when it is closed.
     *
     * @param s3 what COPY reads from; must stay open as long as this is used
     * @throws IOException when it does not start
     */
    public static LocalRedshift start(LocalS3 s3, Ports ports) throws IOException {
        return start(s3, EmbeddedPostgres.builder(), ports);
    }

    /**
     * Starts one that keeps its data in a folder, and finds them again at the next start.
     *
     * @param s3 what COPY reads from; must stay open as long as this is used
     * @param folder created when absent; for one process at a time
     * @throws IOException when it does not start
     */
    public static LocalRedshift start(LocalS3 s3, Path folder) throws IOException {
        return start(s3, folder, ANY);
    }

    /**
     * Does the same on ports of one's own.
     *
     * @param s3 what COPY reads from; must stay open as long as this is used
     * @param folder created when absent; for one process at a time
     * @throws IOException when it does not start
     */
    public static LocalRedshift start(LocalS3 s3, Path folder, Ports ports) throws IOException {
        Files.createDirectories(folder);
        return start(
                s3,
                EmbeddedPostgres.builder()
                        .setDataDirectory(folder.resolve("postgres"))
                        .setCleanDataDirectory(false),
                ports);
    }

    private static LocalRedshift start(LocalS3 s3, EmbeddedPostgres.Builder builder, Ports ports) throws IOException {
        Objects.requireNonNull(s3, "s3");
        EmbeddedPostgres postgres = start(builder.setPort(ports.catalog()));
        try {
            Installation.complete(postgres, DATABASE, USER);
            LoadLog loads = new LoadLog(postgres.getDatabase("postgres", DATABASE));
            ServerSocket door = new ServerSocket(ports.redshift(), 0, InetAddress.getLoopbackAddress());
            LocalRedshift redshift = new LocalRedshift(postgres, door, new S3Files(s3), loads);
            daemon("local-redshift", redshift::takeClients).start();
            return redshift;
        } catch (SQLException e) {
            postgres.close();
            throw new IOException("PostgreSQL says " + e.getMessage(), e);
        }
    }

    private static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) throws IOException {
        try {
            return builder.start();
        } catch (IllegalStateException e) {
            throw new IOException("another process uses its folder (" + e.getMessage() + ")", e);
        }
    }

    /**
     * The address of an empty PostgreSQL database beside the warehouse, for a catalog of tables; its user is
     * {@code postgres}, with any password.
     */
    public String catalogUrl() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    /** The address of the database {@code dev}, without user, password or anything else. */
    public String jdbcUrl() {
        return "jdbc:redshift://127.0.0.1:" + door.getLocalPort() + "/" + DATABASE;
    }

    /** A user to connect as. Unless {@link #requiring} names one, any user is let in, with any password. */
    public String user() {
        return USER;
    }

    /** From now on lets in only users that were named by this method, with their passwords. Returns this. */
    public LocalRedshift requiring(String user, String password) {
        cluster.passwords().put(user, password);
        return this;
    }

    /** Makes a role known to COPY. Until then COPY takes only the default role, and refuses every other. */
    public void addRole(String arn) {
        cluster.roles().add(Objects.requireNonNull(arn, "arn"));
    }

    /** What is to go wrong. */
    public Faults faults() {
        return cluster.faults();
    }

    /** What {@link Faults#statements} says. */
    public List<String> statements() {
        return cluster.faults().statements();
    }

    /** Ends all sessions, and the server. */
    @Override
    public void close() {
        try {
            door.close();
            for (Socket client : clients) {
                client.close();
            }
            loads.close();
            files.close();
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot stop local Redshift: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot stop local Redshift: " + e.getMessage(), e);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void takeClients() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                clients.add(client);
                daemon("local-redshift-client-" + client.getPort(), () -> serve(client))
                        .start();
            } catch (IOException e) {
                if (!door.isClosed()) {
                    throw new UncheckedIOException("Local Redshift takes no more connections.", e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16));
            OutputStream out = new BufferedOutputStream(client.getOutputStream(), 1 << 16);
            try (Backend backend = new StartUp(in, out, cluster, postgres.getPort()).open()) {
                if (backend != null) {
                    new ClientSession(in, out, backend, cluster).serve();
                }
            }
        } catch (IOException e) {
            // The client has gone, or the server is closing; the session's transaction is rolled back either way.
            System.getLogger(LocalRedshift.class.getName())
                    .log(System.Logger.Level.DEBUG, "A session of local Redshift has ended.", e);
        } finally {
            clients.remove(client);
        }
    }
}

package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eightbells.localaws.LocalS3;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is uploaded as the function's code; it is made when lambda-trigger is packaged, which the whole build does first. */
class FunctionPackageTest {
    private static final Path MODULE = Path.of("..", "..", "lambda-trigger", "target");
    private static final Path PACKAGE = MODULE.resolve("eightbells-lambda.zip");
    private static final int JAVA_17 = 61;

    @TempDir
    static Path folder;

    private static Map<String, byte[]> entries;

    @BeforeAll
    static void unpack() throws IOException {
        assumeTrue(Files.exists(PACKAGE), "eightbells-lambda.zip is not there: it is made by ./mvnw package");
        entries = entries(Files.readAllBytes(PACKAGE));
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
    }

    @Test
    void isSmallEnoughToBeUploadedAsItIs() throws IOException {
        assertThat(Files.size(PACKAGE)).isLessThan(25_000_000);
    }

    @Test
    void hasTheModulesClassesAtItsRoot() throws IOException {
        Path classes = MODULE.resolve("classes");
        try (Stream<Path> files = Files.walk(classes)) {
            List<String> names = files.filter(Files::isRegularFile)
                    .map(file -> classes.relativize(file).toString().replace('\\', '/'))
                    .toList();

            assertThat(names).contains("dev/eightbells/trigger/Handler.class");
            assertThat(entries).containsKeys(names.toArray(new String[0]));
        }
    }

    @Test
    void hasNothingButItsClassesAndLibraries() {
        assertThat(entries.keySet())
                .allMatch(name -> name.startsWith("dev/eightbells/")
                        || name.equals("simplelogger.properties")
                        || name.matches("lib/[^/]+\\.jar"));
        assertThat(libraries()).anyMatch(name -> name.startsWith("lib/etl-core-"));
    }

    @Test
    void leavesOutWhatTheFunctionDoesNotUse() {
        assertThat(libraries())
                .noneMatch(
                        name -> name.matches(
                                "lib/(spark|iceberg|hadoop|scala|parquet|netty|httpc|apache-client|log4j|"
                                        + "redshift|postgresql|s3proxy|local-aws|data-quality|emr-steps|junit|assertj|jqwik|archunit).*"));
    }

    @Test
    void hasOneHttpClientAndOneLog() throws IOException {
        assertThat(librariesWith("META-INF/services/software.amazon.awssdk.http.SdkHttpService"))
                .singleElement()
                .asString()
                .startsWith("lib/url-connection-client-");
        assertThat(librariesWith("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                .singleElement()
                .asString()
                .startsWith("lib/slf4j-simple-");
    }

    @Test
    void runsOnJava17() throws IOException {
        List<String> newer = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            Map<String, byte[]> classes = entry.getKey().endsWith(".jar")
                    ? entries(entry.getValue())
                    : Map.of(entry.getKey(), entry.getValue());
            classes.forEach((name, content) -> {
                if (name.endsWith(".class") && !name.startsWith("META-INF/versions/") && version(content) > JAVA_17) {
                    newer.add(entry.getKey() + " " + name);
                }
            });
        }

        assertThat(newer).isEmpty();
    }

    @Test
    void reachesS3WithWhatIsInIt() throws Exception {
        List<URL> path = new ArrayList<>(List.of(folder.toUri().toURL()));
        for (String library : libraries()) {
            path.add(folder.resolve(library).toUri().toURL());
        }

        try (LocalS3 s3 = LocalS3.start();
                URLClassLoader function =
                        new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            s3.createBucket("lake");
            Class<?> location = function.loadClass("dev.eightbells.store.Location");
            Object store = function.loadClass("dev.eightbells.store.ObjectStores")
                    .getMethod("open", location, Map.class)
                    .invoke(
                            null,
                            location.getMethod("of", String.class).invoke(null, "s3://lake/orders/"),
                            s3.environment());
            Class<?> type = function.loadClass("dev.eightbells.store.ObjectStore");

            Object first = type.getMethod("create", String.class, byte[].class).invoke(store, "a", new byte[] {1});
            Object second = type.getMethod("create", String.class, byte[].class).invoke(store, "a", new byte[] {1});

            assertThat(first.toString()).startsWith("Optional[");
            assertThat(second).hasToString("Optional.empty");
            type.getMethod("close").invoke(store);
        }
    }

    private static List<String> libraries() {
        return entries.keySet().stream().filter(name -> name.startsWith("lib/")).toList();
    }

    private static List<String> librariesWith(String name) throws IOException {
        List<String> found = new ArrayList<>();
        for (String library : libraries()) {
            if (entries(entries.get(library)).containsKey(name)) {
                found.add(library);
            }
        }
        return found;
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.isDirectory()) {
                    found.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return found;
    }

    private static int version(byte[] content) {
        try (InputStream bytes = new ByteArrayInputStream(content);
                DataInputStream in = new DataInputStream(bytes)) {
            in.readInt();
            in.readUnsignedShort();
            return in.readUnsignedShort();
        } catch (IOException e) {
            throw new IllegalStateException("No class file", e);
        }
    }
}

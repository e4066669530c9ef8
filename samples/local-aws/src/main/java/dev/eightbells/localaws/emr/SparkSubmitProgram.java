package dev.eightbells.localaws.emr;

import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.jvm.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Runs steps by Spark's own {@code SparkSubmit}, each in a process of its own, on two threads. The application's jar comes
 * from the local S3, and is loaded beside Spark as on a cluster. What only a cluster has is left out of the step's options.
 *
 * <p>As on a cluster, a step that failed says only that it did: its exit code is 1 whatever the application's was. What the
 * application printed is in {@code stdout} and {@code stderr} of the step's logs, and how it was started in
 * {@code controller}.
 */
public final class SparkSubmitProgram implements StepProgram {
    private static final String MAIN = "org.apache.spark.deploy.SparkSubmit";
    private static final String ICEBERG = "/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar";
    private static final String S3 = "s3://";

    private final LocalS3 s3;
    private final Image image;
    private final AtomicInteger applications = new AtomicInteger();
    private final long started = System.currentTimeMillis();

    /**
     * What the image of a cluster brings.
     *
     * @param jars on the class path of every process: Spark's, Hadoop's and what they need
     * @param files that steps name by their paths on a cluster, and where they lie here
     * @param jvmOptions of the process, e.g. {@code -Xmx1g} and what Spark needs from its Java
     * @param environment what the process finds there beside the way to S3
     */
    public record Image(
            List<Path> jars, Map<String, Path> files, List<String> jvmOptions, Map<String, String> environment) {
        public Image {
            jars = List.copyOf(jars);
            files = Map.copyOf(files);
            jvmOptions = List.copyOf(jvmOptions);
            environment = Map.copyOf(environment);
        }

        /**
         * An image of what this process runs with itself: the options of its JVM, and the jars of its class path but the
         * project's own and those that the application's jar holds, which must do with what it holds. Iceberg's is a
         * file, as on EMR, so that Spark loads it beside the application when the step asks for it.
         *
         * @param application the steps' jar
         * @param environment what the process finds there beside the way to S3
         * @throws IOException when a jar cannot be read
         */
        public static Image ofThisProcess(Path application, Map<String, String> environment) throws IOException {
            Set<String> brought = new HashSet<>(classes(application));
            List<Path> jars = new ArrayList<>();
            Map<String, Path> files = new HashMap<>();
            for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path path = Path.of(place);
                if (path.getFileName().toString().startsWith("iceberg-spark-runtime-")) {
                    files.put(ICEBERG, path.toAbsolutePath());
                } else if (Files.isRegularFile(path)
                        && classes(path).stream()
                                .noneMatch(name -> name.startsWith("dev/eightbells/") || brought.contains(name))) {
                    jars.add(path.toAbsolutePath());
                }
            }
            // An agent of this process, such as a debugger's, is for this process alone.
            List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
                    .toList();
            return new Image(jars, files, options, environment);
        }

        /** What may be in several jars without harm is left out. */
        private static List<String> classes(Path jar) throws IOException {
            try (JarFile file = new JarFile(jar.toFile())) {
                return file.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                        .toList();
            }
        }
    }

    /**
     * Prepares for steps.
     *
     * @param s3 what {@code s3://} stands for, for the steps too
     */
    public SparkSubmitProgram(LocalS3 s3, Image image) {
        this.s3 = s3;
        this.image = image;
    }

    @Override
    public int run(StepRun run) throws Exception {
        SparkSubmission submission = SparkSubmission.parse(run.arguments(), image.files());
        Path work = Files.createTempDirectory("local-emr-" + run.step() + "-");
        try {
            List<String> command = command(submission, fetched(submission.application(), work), work);
            write(run, "controller", "java " + String.join(" ", command));
            int exit = ended(ChildJvm.start(
                    command,
                    environment(),
                    work,
                    run.logs().resolve("stdout"),
                    run.logs().resolve("stderr")));
            write(run, "controller", "exit code " + exit);
            if (exit == 0) {
                return 0;
            }
            write(
                    run,
                    "stderr",
                    String.format(
                            "Exception in thread \"main\" org.apache.spark.SparkException: Application"
                                    + " application_%d_%04d finished with failed status",
                            started, applications.incrementAndGet()));
            return 1;
        } finally {
            delete(work);
        }
    }

    private static int ended(ChildJvm process) throws InterruptedException {
        try {
            return process.await();
        } catch (InterruptedException e) {
            process.kill();
            process.exit().join();
            throw e;
        }
    }

    private List<String> command(SparkSubmission submission, Path jar, Path work) {
        List<String> command = new ArrayList<>(image.jvmOptions());
        command.add("-Djava.io.tmpdir=" + work);
        command.addAll(List.of("-cp", ChildJvm.classPath(image.jars()), MAIN));
        command.addAll(List.of("--master", "local[2,4]"));
        settings(work).forEach((name, value) -> command.addAll(List.of("--conf", name + "=" + value)));
        command.addAll(submission.options());
        command.add(jar.toString());
        command.addAll(submission.arguments());
        return command;
    }

    /** What a cluster's defaults say; a step's own settings come later, and win. */
    private Map<String, String> settings(Path work) {
        Map<String, String> settings = new HashMap<>();
        settings.put("spark.ui.enabled", "false");
        settings.put("spark.driver.host", "localhost");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.sql.shuffle.partitions", "2");
        settings.put("spark.hadoop.fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
        settings.put("spark.hadoop.fs.s3a.endpoint", s3.endpoint().toString());
        settings.put("spark.hadoop.fs.s3a.endpoint.region", s3.region());
        settings.put("spark.hadoop.fs.s3a.path.style.access", "true");
        settings.put("spark.hadoop.fs.s3a.connection.ssl.enabled", "false");
        settings.put("spark.hadoop.fs.s3a.buffer.dir", work.resolve("s3a").toString());
        return settings;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.putAll(image.environment());
        return environment;
    }

    /** The application's jar as a file. */
    private Path fetched(String application, Path work) {
        if (!application.startsWith(S3)) {
            return Path.of(application);
        }
        String[] place = application.substring(S3.length()).split("/", 2);
        Path jar = work.resolve("application.jar");
        try (S3Client client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(s3.region()))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build()) {
            client.getObject(get -> get.bucket(place[0]).key(place[1]), jar);
        }
        return jar;
    }

    private static void write(StepRun run, String log, String line) throws IOException {
        Files.writeString(
                run.logs().resolve(log),
                line + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

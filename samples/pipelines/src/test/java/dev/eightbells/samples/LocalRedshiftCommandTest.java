package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalRedshiftCommandTest {
    private static final Pattern URL = Pattern.compile("jdbc:redshift://127\\.0\\.0\\.1:\\d+/dev");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Console.Progress.LINES);
        return Main.run(console, Map.of(), Clock.systemUTC(), arguments);
    }

    @Test
    @Timeout(120)
    void runsUntilItIsStopped(@TempDir Path folder) throws Exception {
        AtomicInteger exit = new AtomicInteger(-1);
        Thread command = new Thread(() ->
                exit.set(run("local", "redshift", "--dir", folder.toString(), "--bucket", "raw", "--bucket", "lake")));
        command.start();
        try {
            while (!out.toString(StandardCharsets.UTF_8).contains("Ctrl-C stops it.") && command.isAlive()) {
                Thread.sleep(50);
            }
            Matcher url = URL.matcher(out.toString(StandardCharsets.UTF_8));
            assertThat(url.find()).as(err.toString(StandardCharsets.UTF_8)).isTrue();
            Properties properties = new Properties();
            properties.setProperty("user", "awsuser");
            properties.setProperty("password", "any");
            properties.setProperty("ssl", "false");
            try (Connection connection = DriverManager.getConnection(url.group(), properties);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (a INT) DISTSTYLE ALL");
            }
        } finally {
            command.interrupt();
            command.join();
        }

        assertThat(exit).hasValue(0);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("buckets     raw, lake", "export AWS_ENDPOINT_URL_S3=http://127.0.0.1:", "stopped");
        assertThat(folder.resolve("s3").resolve("raw")).isDirectory();
        assertThat(folder.resolve("redshift")).isDirectory();
    }

    @Test
    void saysWhenItCannotStart(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(run("local", "redshift", "--dir", file.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Cannot run a local Redshift in " + file + ": " + file
                        + "/s3: Not a directory. Choose another --dir or --port, or end what uses it.");
    }
}

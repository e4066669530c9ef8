package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs until its thread is interrupted, or the process ends. */
@Command(
        name = "redshift",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Run a stand-in for Redshift, and one for S3 that it copies from, until Ctrl-C.")
final class LocalRedshiftCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where both keep their data; by default in memory, and gone at the end.")
    private Path folder;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "Where Redshift listens; S3 and the catalog's database take the two ports after it. By default any"
                            + " that are free.")
    private int port;

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            defaultValue = "lake",
            description = "A bucket to create unless it is there, may be repeated; by default ${DEFAULT-VALUE}.")
    private List<String> buckets;

    LocalRedshiftCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        int s3Port = port == 0 ? 0 : port + 1;
        LocalRedshift.Ports ports = new LocalRedshift.Ports(port, port == 0 ? 0 : port + 2);
        try (LocalS3 s3 = folder == null ? LocalS3.start(s3Port) : LocalS3.start(folder.resolve("s3"), s3Port);
                LocalRedshift redshift = folder == null
                        ? LocalRedshift.start(s3, ports)
                        : LocalRedshift.start(s3, folder.resolve("redshift"), ports)) {
            buckets.forEach(s3::createBucket);
            print(s3, redshift);
            new CountDownLatch(1).await();
        } catch (IOException e) {
            throw Failure.input("Cannot run a local Redshift in " + (folder == null ? "memory" : folder) + ": "
                    + String.valueOf(e.getMessage()).replaceFirst("\\.$", "")
                    + ". Choose another --dir or --port, or end what uses it.");
        } catch (InterruptedException e) {
            console.println("stopped");
        }
        return 0;
    }

    private void print(LocalS3 s3, LocalRedshift redshift) {
        Directions directions = new Directions(console);
        directions.redshift(redshift);
        directions.buckets(buckets);
        Map<String, String> exports = new HashMap<>(Directions.CATALOG);
        exports.putAll(s3.environment());
        directions.exports(exports);
        directions.end();
    }
}

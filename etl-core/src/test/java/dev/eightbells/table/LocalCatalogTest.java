package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Snapshot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCatalogTest {
    private static final int PROCESSES = 4;

    @TempDir
    private Path folder;

    @Test
    void everyCommitThatSucceededInFourProcessesIsInTheHistory() throws IOException, InterruptedException {
        commitFromFourProcesses(15);
    }

    @Test
    @Tag("soak")
    void everyOneOfFourHundredCommitsIsInTheHistory() throws IOException, InterruptedException {
        commitFromFourProcesses(100);
    }

    private void commitFromFourProcesses(int commits) throws IOException, InterruptedException {
        EventsTable table = open(folder);
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Committer.class.getName(),
                            folder.toString(),
                            "p" + i,
                            Integer.toString(commits))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("p" + i + ".log").toFile())
                    .start());
        }
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(processes.get(i).waitFor())
                    .as(() -> folder.resolve("p.log").toString())
                    .isZero();
        }
        table.table().refresh();
        Set<String> batches = new HashSet<>();
        for (Snapshot snapshot : table.table().snapshots()) {
            batches.add(snapshot.summary().get(Provenance.BATCH));
        }
        assertThat(batches).hasSize(PROCESSES * commits);
    }

    private static EventsTable open(Path folder) {
        Pipeline pipeline = PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: at, type: timestamp}
                """
                        .formatted(folder),
                "shop.yaml",
                Map.of());
        return EventsTable.openOrCreate(
                Catalogs.open(pipeline, Map.of(), new Configuration()), pipeline, new Turn(1, 0));
    }

    /** A process that commits; it fails when a commit does. */
    static final class Committer {
        private Committer() {}

        public static void main(String[] arguments) {
            EventsTable table = open(Path.of(arguments[0]));
            // What is asked here is whether a reported success is lost, not how long losers are patient.
            table.table()
                    .updateProperties()
                    .set("commit.retry.num-retries", "1000")
                    .commit();
            int commits = Integer.parseInt(arguments[2]);
            for (int i = 0; i < commits; i++) {
                String batch = arguments[1] + "-" + i;
                table.publish(new Provenance(batch, 1, "convert"), 0, null, List.of());
            }
        }
    }
}

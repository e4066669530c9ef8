package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.LocalSpark;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.iceberg.DataFile;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A task that fails is tried again, and counts once. */
@ExtendWith(LocalSpark.class)
class RetriedTasksTest {
    @TempDir
    private Path folder;

    /** Fails the first attempt of each task that writes a file of the second day, or a quarantine file. */
    static final class FailingAtFirst extends LocalFileSystem {
        @Override
        public FSDataOutputStream create(
                org.apache.hadoop.fs.Path file,
                FsPermission permission,
                boolean overwrite,
                int bufferSize,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            TaskContext task = TaskContext.get();
            boolean isChosen = file.toString().contains("at_day=2026-03-02")
                    || file.toString().contains("quarantine");
            if (task != null && task.attemptNumber() == 0 && isChosen) {
                throw new IOException("This is the first attempt at " + file);
            }
            return super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
        }
    }

    @Test
    void whatAFailedAttemptWroteIsInNoCountAndNoTable(SparkSession spark) throws IOException {
        Configuration hadoop = new Configuration(spark.sparkContext().hadoopConfiguration());
        hadoop.set("fs.file.impl", FailingAtFirst.class.getName());
        hadoop.setBoolean("fs.file.impl.disable.cache", true);
        TestTable table = TestTable.in(
                folder,
                spark,
                hadoop,
                """
                key: [id]
                partitionBy: {from: at, unit: day}
                columns:
                  - {name: id, type: int, required: true}
                  - {name: at, type: timestamp}
                """);
        String lines = IntStream.range(0, 90)
                .mapToObj(id -> "{\"id\":" + id + ",\"at\":\"2026-03-0" + (1 + id % 3) + "T00:00:00Z\"}\n")
                .collect(Collectors.joining());
        StoredObject object = table.put("a.json", lines + "oops\n" + lines + "once more\n");

        Written written = table.writeAndPublish(1, object);

        assertThat(List.of(written.read(), written.written(), written.duplicates(), written.quarantined()))
                .containsExactly(182L, 90L, 90L, 2L);
        assertThat(written.files()).extracting(DataFile::recordCount).containsExactly(30L, 30L, 30L);
        assertThat(table.quarantine(written))
                .extracting((JsonNode record) -> record.get("text").asText())
                .containsExactly("oops", "once more");
        assertThat(TestTable.texts(table.published(), "id")).hasSize(90).doesNotHaveDuplicates();
        try (Stream<Path> files = Files.walk(folder.resolve("lake/tables/analytics/events/data"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
                    .hasSize(3);
        }
    }
}

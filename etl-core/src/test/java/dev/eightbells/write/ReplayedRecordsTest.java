package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.LocalSpark;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Manifest.ReplayedRecord;
import dev.eightbells.batch.Window;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A replay reads objects as any batch does, and takes of them what its manifest names. */
@ExtendWith(LocalSpark.class)
class ReplayedRecordsTest {
    private static final String DEFINITION =
            """
            partitionBy: {from: at, unit: day}
            columns:
              - {name: number, type: int, required: true}
              - {name: at, type: timestamp}
            """;

    private static final String ELEVEN = IntStream.range(0, 11)
            .mapToObj(number -> "{\"number\": " + (number == 7 ? "\"seven\"" : String.valueOf(number)) + "}\n")
            .collect(Collectors.joining());

    @TempDir
    private Path folder;

    private static BatchInput selecting(BatchInput batch, ReplayedRecord... records) {
        Window window = new Window(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-03-01T04:00:00Z"));
        Manifest manifest = new Manifest(
                1,
                2,
                BatchId.replay(window, 1),
                "shop",
                "abc",
                window,
                null,
                null,
                null,
                List.of(),
                null,
                0,
                BatchId.of(window),
                Arrays.asList(records));
        return new BatchInput(
                batch.batch(),
                batch.attempt(),
                batch.pipeline(),
                batch.objects(),
                RecordSelection.of(manifest),
                batch.environment());
    }

    private static ReplayedRecord at(StoredObject object, long offset) {
        return new ReplayedRecord(object.key(), object.etag(), offset, 0);
    }

    @Test
    void onlyTheNamedRecordsAreReadCountedAndRejected(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject first = table.put("a.json", ELEVEN);
        StoredObject second = table.put("b.json", ELEVEN);
        BatchInput batch =
                selecting(table.batch(1, first, second), at(second, 14), at(first, 98), at(first, 0), at(second, 28));

        Written written = table.writer().write(batch, table.events(), null);

        assertThat(written.read()).isEqualTo(4);
        assertThat(TestTable.texts(table.rows(written.files()), "concat_ws(' ', source_object, source_offset, number)"))
                .containsExactly(folder + "/raw/a.json 0 0", folder + "/raw/b.json 14 1", folder + "/raw/b.json 28 2");
        assertThat(table.quarantine(written))
                .extracting(record -> record.get("object").asText() + " " + record.get("offset"))
                .containsExactly(folder + "/raw/a.json 98");
    }

    @Test
    void theyAreFoundInSplitObjectsAndInThoseThatAreReadAgainWhole(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject lines = table.put("lines.json", ELEVEN);
        StoredObject pretty = table.put("pretty.json", "{\"number\": 1}\n" + "{\n  \"number\": 2\n}\n".repeat(8));
        BatchInput batch = selecting(table.batch(1, lines, pretty), at(lines, 14), at(lines, 146), at(pretty, 86));

        Written written = new SparkBatchWriter(spark, 40).write(batch, table.events(), null);

        assertThat(written.read()).isEqualTo(3);
        assertThat(TestTable.texts(table.rows(written.files()), "concat_ws(' ', source_offset, number)"))
                .containsExactly("14 1", "146 10", "86 2");
    }

    @Test
    void recordsThatAreNotFoundFailTheBatch(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject object = table.put("a.json", ELEVEN);
        BatchInput batch = selecting(table.batch(1, object), at(object, 14), at(object, 15), at(object, 9999));

        assertThatThrownBy(() -> table.writer().write(batch, table.events(), null))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot replay the records of batch 20260301T0400Z-2: of 3 only 1 begin where they were"
                        + " rejected. Set source.maxRecord as it was then, abandon the batch, and replay again.")
                .extracting(failure -> ((Failure) failure).kind())
                .isEqualTo(Failure.Kind.INPUT);
    }
}

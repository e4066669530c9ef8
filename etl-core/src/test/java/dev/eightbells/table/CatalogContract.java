package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tables do, whichever catalog they are in. All names are reserved words of SQL. */
abstract class CatalogContract {
    private static final long DAY = 86_400_000_000L;
    private static final int WRITERS = 3;
    private static final int COMMITS = 2;
    private static final int MANY_COMMITS = 25;

    @TempDir
    Path folder;

    private Pipeline pipeline;
    private int turn = 1;

    /** The pipeline file's catalog section, in braces. */
    abstract String catalog();

    /** A database that no test before this one has used. */
    abstract String database();

    Map<String, String> environment() {
        return Map.of(Catalogs.PASSWORD_VARIABLE, "postgres");
    }

    @BeforeEach
    void define() {
        pipeline = pipeline("string");
    }

    /** The file of the next batch. */
    private void change(String type) {
        pipeline = pipeline(type);
        turn++;
    }

    /** Reads the pipeline file again. */
    void redefine() {
        pipeline = pipeline("string");
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Pipeline pipeline(String type) {
        return PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                catalog: %2$s
                table:
                  name: %3$s.select
                  key: [table]
                  partitionBy: {from: timestamp, unit: day}
                  columns:
                    - {name: table, type: string, required: true}
                    - {name: timestamp, type: timestamp}
                    - {name: order, type: %4$s}
                """
                        .formatted(folder, catalog(), database(), type),
                "shop.yaml",
                Map.of());
    }

    Catalog open() {
        return Catalogs.open(pipeline, environment(), new Configuration());
    }

    EventsTable events() {
        return EventsTable.openOrCreate(open(), pipeline, new Turn(turn, 0));
    }

    private TableIdentifier name() {
        return TableIdentifier.of(database(), "select");
    }

    private Path place() {
        return folder.resolve("lake/tables").resolve(database()).resolve("select");
    }

    static Provenance batch(String batch) {
        return new Provenance(batch, 1, "convert");
    }

    /** A file that exists in the table's metadata alone. */
    static DataFile file(EventsTable events, String name) {
        int at = events.table().schema().findField("timestamp").fieldId();
        ByteBuffer bound = Conversions.toByteBuffer(Types.TimestampType.withZone(), DAY);
        return DataFiles.builder(events.table().spec())
                .withPath(events.table().location() + "/data/" + name + ".parquet")
                .withFormat(FileFormat.PARQUET)
                .withPartitionPath("timestamp_day=" + LocalDate.ofEpochDay(1))
                .withFileSizeInBytes(100)
                .withMetrics(new Metrics(
                        10L, Map.of(), Map.of(at, 10L), Map.of(at, 0L), Map.of(), Map.of(at, bound), Map.of(at, bound)))
                .build();
    }

    static void stageAndPublish(EventsTable events, String batch) {
        List<DataFile> files = List.of(file(events, batch));
        long staged = events.stage(batch(batch), null, files);
        // As whoever loses a race against rows of the same day judges again, and publishes then.
        while (events.publish(batch(batch), staged, events.refreshedHead(), files)
                .isEmpty()) {}
        events.letGo(batch);
    }

    /** The batches whose files a new reader sees, each as often as it sees it. */
    List<String> seen() {
        EventsTable events = EventsTable.open(open(), pipeline).orElseThrow();
        return events.publishedFiles(events.refreshedHead(), null, List.of(1)).stream()
                .map(file -> file.location().replaceAll(".*/|\\.parquet", ""))
                .sorted()
                .toList();
    }

    private Table madeByHand(Catalog catalog) {
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(Namespace.of(database()))) {
            namespaces.createNamespace(Namespace.of(database()));
        }
        Schema schema = TableSchema.of(pipeline.table());
        Catalog.TableBuilder builder = catalog.buildTable(name(), schema)
                .withPartitionSpec(TableSchema.partitioning(pipeline.table(), schema));
        return (isInPlaces() ? builder.withLocation("file:" + place()) : builder).create();
    }

    /** Whether the catalog takes the place of a table, and does not lay it where it wants. */
    boolean isInPlaces() {
        return true;
    }

    @Test
    void makesADatabaseAndATableWhenThereIsNoneAtItsPlaceInTheLake() {
        assertThat(EventsTable.open(open(), pipeline)).isEmpty();

        assertThat(events().table().location()).isEqualTo("file:" + place());
        assertThat(EventsTable.open(open(), pipeline)).isPresent();
    }

    @Test
    void aBatchIsSeenByOthersOnceItIsPublished() {
        EventsTable events = events();
        List<DataFile> files = List.of(file(events, "b1"));
        long staged = events.stage(batch("b1"), null, files);
        assertThat(seen()).isEmpty();

        events.publish(batch("b1"), staged, null, files);
        assertThat(seen()).containsExactly("b1");
        assertThat(EventsTable.open(open(), pipeline).orElseThrow().published("b1"))
                .isEqualTo(events.published("b1"));
    }

    @Test
    void writersThatMakeTheSameTableAtOnceAndCommitToItLoseNothing() throws Exception {
        commitAtOnce(COMMITS);
    }

    @Test
    @Tag("soak")
    void writersThatCommitToTheSameTableForLongLoseNothing() throws Exception {
        commitAtOnce(MANY_COMMITS);
    }

    private void commitAtOnce(int commits) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Void>> writers = threads.invokeAll(IntStream.range(0, WRITERS)
                    .<Callable<Void>>mapToObj(writer -> () -> {
                        EventsTable events = events();
                        for (int commit = 0; commit < commits; commit++) {
                            stageAndPublish(events, writer + "-" + commit);
                        }
                        return null;
                    })
                    .toList());
            for (Future<Void> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        List<String> all = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            for (int commit = 0; commit < commits; commit++) {
                all.add(writer + "-" + commit);
            }
        }
        assertThat(seen()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void aTableWithRowsOfOthersIsRefusedAndStaysAsItIs() {
        Catalog catalog = open();
        Table table = madeByHand(catalog);
        table.newAppend().commit();

        assertThatThrownBy(this::events)
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot use table " + name() + ": it has rows, and none of them come from Eightbells. Name"
                        + " another table, or drop that one.")
                .extracting(thrown -> ((Failure) thrown).kind())
                .isEqualTo(Failure.Kind.INPUT);
        table.refresh();
        assertThat(table.history()).hasSize(1);
    }

    @Test
    void aTableOfAnEarlierVersionIsTakenOn() {
        madeByHand(open()).newAppend().set(Provenance.BATCH, "b0").commit();

        stageAndPublish(events(), "b1");
        assertThat(seen()).containsExactly("b1");
        assertThat(events().table().properties()).containsEntry("eightbells.pipeline", "shop");
    }

    @Test
    void aTableThatNothingWasCommittedToTakesOtherColumns() {
        events();
        change("bigint");
        assertThat(events().table().schema().findType("order")).isEqualTo(Types.LongType.get());
        stageAndPublish(events(), "b1");

        change("double");
        assertThatThrownBy(this::events)
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("Cannot use table " + name() + " ")
                .hasMessageContaining("order");
        change("bigint");
        assertThat(seen()).containsExactly("b1");
    }

    @Test
    void aTableInUseTakesAWiderColumn() {
        change("int");
        stageAndPublish(events(), "b1");
        change("bigint");
        assertThat(events().table().schema().findType("order")).isEqualTo(Types.LongType.get());
        assertThat(seen()).containsExactly("b1");
    }

    @Test
    void oldMetadataIsDroppedWhereTheCatalogCanDoWithoutIt() throws IOException {
        EventsTable events = events();
        events.table()
                .updateProperties()
                .set(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "2")
                .commit();
        for (int commit = 0; commit < 3; commit++) {
            events.publish(batch("b" + commit), 0, null, List.of());
        }
        try (Stream<Path> files = Files.list(place().resolve("metadata"))) {
            long kept = files.filter(file -> file.toString().endsWith(".metadata.json"))
                    .count();
            assertThat(kept).isEqualTo(isInPlaces() ? 3 : 5);
        }
    }
}

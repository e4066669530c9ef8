package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReshapingTest {
    private static final String BASE =
            """
            - {name: id, type: string, required: true}
            - {name: at, type: timestamp}
            """;
    private static final String FIRST =
            BASE + "- {name: n, type: int}\n- {name: items, type: 'array<struct<sku:string,n:int>>'}\n";
    private static final String SECOND =
            """
            - {name: no, type: string, required: true, was: id}
            - {name: time, type: timestamp, was: at}
            - {name: fresh, type: date}
            - {name: n, type: bigint}
            - {name: items, type: 'array<struct<sku:string,n:bigint,price:decimal(9,2)>>'}
            """;

    @TempDir
    private Path folder;

    private Catalog catalog;

    @BeforeEach
    void createTable() {
        Pipeline first = first();
        catalog = Catalogs.open(first, Map.of(), new Configuration());
        EventsTable table = EventsTable.openOrCreate(catalog, first, new Turn(1, 0));
        table.stage(new Provenance("b1", 1, "convert"), null, List.of());
    }

    private Pipeline first() {
        return pipeline("id", "at", "day", FIRST);
    }

    private Pipeline second() {
        return pipeline("no", "time", "hour", SECOND);
    }

    private Pipeline pipeline(String key, String from, String unit, String columns) {
        return PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  key: [%2$s]
                  partitionBy: {from: %3$s, unit: %4$s}
                  columns:
                %5$s
                """
                        .formatted(folder, key, from, unit, columns.strip().indent(4)),
                "shop.yaml",
                Map.of());
    }

    private Table loaded() {
        return catalog.loadTable(TableIdentifier.of("analytics", "events"));
    }

    private static List<String> columns(Table table) {
        return table.schema().columns().stream()
                .map(field -> field.name() + " " + TableSchema.ddl(field.type()))
                .toList();
    }

    @Test
    void aTableTakesAllThatIsNewInOneCommit() {
        Table before = loaded();
        EventsTable.openOrCreate(catalog, second(), new Turn(2, 0));
        Table after = loaded();
        assertThat(columns(after))
                .containsExactly(
                        "no string",
                        "time timestamp",
                        "fresh date",
                        "n bigint",
                        "items array<struct<sku:string,n:bigint,price:decimal(9,2)>>",
                        "source_object string",
                        "source_offset bigint");
        assertThat(after.schema().findField("no").fieldId())
                .isEqualTo(before.schema().findField("id").fieldId());
        assertThat(after.spec().toString()).contains("time_hour: hour(2)");
        assertThat(after.specs()).hasSize(2);
        assertThat(after.properties())
                .containsEntry("write.metadata.metrics.column.no", "full")
                .containsEntry("write.metadata.metrics.column.time", "full")
                .containsEntry("write.metadata.metrics.column.fresh", "full")
                .doesNotContainKeys("write.metadata.metrics.column.id", "write.metadata.metrics.column.at");
        assertThat(((HasTableOperations) after).operations().current().previousFiles())
                .hasSize(((HasTableOperations) before)
                                .operations()
                                .current()
                                .previousFiles()
                                .size()
                        + 1);
    }

    @Test
    void doneTwiceOrByTwoAtOnceItIsDoneOnce() {
        List<CompletableFuture<Void>> processes = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> EventsTable.openOrCreate(
                        Catalogs.open(second(), Map.of(), new Configuration()), second(), new Turn(2 + i, 0))))
                .toList();
        processes.forEach(CompletableFuture::join);
        String metadata = ((HasTableOperations) loaded()).operations().current().metadataFileLocation();
        EventsTable.openOrCreate(catalog, second(), new Turn(9, 0));
        Table after = loaded();
        assertThat(columns(after)).hasSize(7).startsWith("no string");
        assertThat(after.schemas()).hasSize(2);
        assertThat(((HasTableOperations) after).operations().current().metadataFileLocation())
                .isEqualTo(metadata);
    }

    @Test
    void aChangeWhoseAnswerIsLostIsFoundOrMadeAgain() {
        Table deaf = new BaseTable(
                new LosingAnswers(((BaseTable) loaded()).operations(), new AtomicInteger(1), true), "analytics.events");
        Reshaping.ofEvents(deaf, second().table(), new Turn(2, 0));
        assertThat(loaded().schemas()).hasSize(2);

        Pipeline third = pipeline("no", "time", "month", SECOND);
        Table mute = new BaseTable(
                new LosingAnswers(((BaseTable) loaded()).operations(), new AtomicInteger(1), false),
                "analytics.events");
        Reshaping.ofEvents(mute, third.table(), new Turn(3, 0));
        assertThat(loaded().spec().toString()).contains("time_month");

        Table silent = new BaseTable(
                new LosingAnswers(((BaseTable) loaded()).operations(), new AtomicInteger(99), false),
                "analytics.events");
        assertThatThrownBy(() -> Reshaping.ofEvents(silent, second().table(), new Turn(4, 0)))
                .isInstanceOf(CommitStateUnknownException.class);
        assertThat(loaded().spec().toString()).contains("time_month");
    }

    @Test
    void whatOnlyPropertiesRememberIsPlannedAnewWhenSomebodyElseWasFirst() {
        loaded().updateSchema().addColumn("note", Types.StringType.get()).commit();
        TableOperations operations = ((BaseTable) loaded()).operations();
        Table slow = new BaseTable(
                new Overtaken(
                        operations,
                        new AtomicInteger(1),
                        () -> EventsTable.openOrCreate(catalog, second(), new Turn(3, 0))),
                "analytics.events");
        Pipeline adopting = pipeline("id", "at", "day", FIRST + "- {name: note, type: string}\n");
        Reshaping.ofEvents(slow, adopting.table(), new Turn(2, 0));
        assertThat(Shape.of(loaded()).number()).isEqualTo(3);
        assertThat(Shape.of(loaded()).key()).containsExactly("no");
    }

    @Test
    void anEarlierDefinitionNeverUndoesALaterOneAndFindsItsColumns() {
        EventsTable.openOrCreate(catalog, second(), new Turn(7, 0));
        EventsTable earlier = EventsTable.openOrCreate(catalog, first(), new Turn(3, 3));
        assertThat(columns(loaded())).startsWith("no string", "time timestamp", "fresh date");
        assertThat(earlier.columns().inTable("id").name()).isEqualTo("no");
        assertThat(earlier.columns().present().findField("n").type()).isEqualTo(Types.IntegerType.get());
        assertThat(earlier.columns().present().findField("items.element.n").fieldId())
                .isEqualTo(loaded().schema().findField("items.element.n").fieldId());
        assertThat(earlier.spec().specId()).isZero();
        assertThat(EventsTable.foreseen(catalog, second()).orElseThrow().changes())
                .isEmpty();
    }

    @Test
    void whatADefinitionBetweenCallsAColumnIsFoundByItsFormerNames() {
        String between = FIRST.replace("name: n,", "name: m, was: n,");
        String last = FIRST.replace("name: n,", "name: l, was: [n, m],");
        EventsTable.openOrCreate(catalog, pipeline("id", "at", "day", last), new Turn(5, 0));
        EventsTable table = EventsTable.openOrCreate(catalog, pipeline("id", "at", "day", between), new Turn(4, 1));
        assertThat(table.columns().inTable("m").name()).isEqualTo("l");
    }

    @Test
    void aColumnThatIsDroppedAndAddedAgainIsAnotherOne() {
        EventsTable.openOrCreate(
                catalog, pipeline("id", "at", "day", FIRST.replace("- {name: n, type: int}\n", "")), new Turn(2, 0));
        EventsTable.openOrCreate(
                catalog, pipeline("id", "at", "day", FIRST.replace("n, type: int", "n, type: string")), new Turn(3, 0));
        EventsTable earlier = EventsTable.openOrCreate(catalog, first(), new Turn(1, 1));
        assertThat(earlier.columns().present().findField("n")).isNull();
        assertThat(earlier.columns().all().findField("n").isOptional()).isTrue();
        assertThatThrownBy(() -> earlier.columns().inTable("n"))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot use column n: the table does not have it any more. Abandon the batches that were planned"
                                + " with it, with --return.");
    }

    @Test
    void whatSomebodyElseAddedIsLeftAlone() {
        loaded().updateSchema().addColumn("note", Types.StringType.get()).commit();
        loaded().replaceSortOrder().asc("id").commit();
        assertThat(EventsTable.foreseen(catalog, first()))
                .contains(new EventsTable.Foreseen(
                        List.of(),
                        List.of(),
                        List.of("Column note was added by somebody else; it is left alone, and null in new rows.")));
        EventsTable.openOrCreate(catalog, second(), new Turn(2, 0));
        assertThat(columns(loaded())).contains("note string", "fresh date");
        assertThat(loaded().sortOrder().isSorted()).isTrue();

        Pipeline adopting = pipeline("no", "time", "hour", SECOND + "- {name: note, type: string}\n");
        EventsTable.openOrCreate(catalog, adopting, new Turn(3, 0));
        EventsTable.openOrCreate(catalog, second(), new Turn(4, 0));
        assertThat(columns(loaded())).doesNotContain("note string");
    }

    @Test
    void aRequiredColumnOfSomebodyElsesIsRefused() {
        loaded().updateSchema()
                .allowIncompatibleChanges()
                .addRequiredColumn("note", Types.StringType.get())
                .commit();
        assertRefused(
                first(),
                "column note was added by somebody else and is required, so no row can be written (make it optional, or drop"
                        + " it)");
    }

    @Test
    void whatSomebodyElseRenamedOrDroppedIsRefusedUntilTheFileFollows() {
        loaded().updateSchema().renameColumn("n", "m").commit();
        assertRefused(
                first(),
                "somebody else renamed column n to m (rename it back, and write was: n in the file if it is to be called"
                        + " m)");
        Pipeline following = pipeline("id", "at", "day", FIRST.replace("name: n,", "name: m,"));
        EventsTable.openOrCreate(catalog, following, new Turn(2, 0));

        loaded().updateSchema().deleteColumn("m").commit();
        assertRefused(
                following,
                "somebody else dropped column m (take it out of the file; once a batch has run without it, it can be added"
                        + " anew)");
        EventsTable.openOrCreate(
                catalog, pipeline("id", "at", "day", FIRST.replace("- {name: n, type: int}\n", "")), new Turn(3, 0));
        EventsTable.openOrCreate(catalog, following, new Turn(4, 0));
        assertThat(columns(loaded())).contains("m int");
    }

    @Test
    void partitionsOfSomebodyElsesAreRefusedUntilTheFileFollows() {
        loaded().updateSpec()
                .removeField("at_day")
                .addField(org.apache.iceberg.expressions.Expressions.hour("at"))
                .commit();
        assertRefused(
                first(),
                "somebody else partitioned it by the hour of at instead of the day of at (put that back with ALTER TABLE …"
                        + " REPLACE PARTITION FIELD)");
        EventsTable.openOrCreate(catalog, pipeline("id", "at", "hour", FIRST), new Turn(2, 0));
        EventsTable.openOrCreate(catalog, pipeline("id", "at", "month", FIRST), new Turn(3, 0));
        assertThat(loaded().spec().toString()).contains("at_month: month(2)");

        loaded().updateSpec().addField("id").commit();
        assertRefused(
                pipeline("id", "at", "month", FIRST),
                "somebody else partitioned it by the month of at and identity of id instead of the month of at (put that"
                        + " back with ALTER TABLE … REPLACE PARTITION FIELD)");
    }

    private void assertRefused(Pipeline pipeline, String clause) {
        String message = "Cannot use table analytics.events under the pipeline file's columns: " + clause
                + ". Batches that are planned with such columns stay so: abandon them with --return once the file is mended.";
        assertThatThrownBy(() -> EventsTable.requireFit(catalog, pipeline, Turn.NEXT))
                .isInstanceOf(Failure.class)
                .hasMessage(message);
        assertThatThrownBy(() -> EventsTable.openOrCreate(catalog, pipeline, new Turn(5, 0)))
                .hasMessage(message);
    }

    @Test
    void aTableOfBeforeIsTakenForWhatItsOldestCommitKnows() {
        Table table = loaded();
        table.updateProperties().remove(Shape.PROPERTY).commit();
        table.newAppend().commit();
        table.updateSchema().addColumn("note", Types.StringType.get()).commit();
        EventsTable.openOrCreate(catalog, second(), new Turn(2, 0));
        assertThat(columns(loaded())).startsWith("no string").contains("note string");
    }

    /** Operations before whose next commits somebody else does something. */
    private record Overtaken(TableOperations operations, AtomicInteger next, Runnable first)
            implements TableOperations {
        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            if (next.getAndDecrement() > 0) {
                first.run();
            }
            operations.commit(base, metadata);
        }

        @Override
        public TableMetadata current() {
            return operations.current();
        }

        @Override
        public TableMetadata refresh() {
            return operations.refresh();
        }

        @Override
        public FileIO io() {
            return operations.io();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return operations.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return operations.locationProvider();
        }
    }

    /** Operations that do not answer the next commits; {@code does} tells whether these are made. */
    private record LosingAnswers(TableOperations operations, AtomicInteger next, boolean does)
            implements TableOperations {
        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            boolean isAnswered = next.getAndDecrement() <= 0;
            if (does || isAnswered) {
                operations.commit(base, metadata);
            }
            if (!isAnswered) {
                throw new CommitStateUnknownException(new IllegalStateException("no answer"));
            }
        }

        @Override
        public TableMetadata current() {
            return operations.current();
        }

        @Override
        public TableMetadata refresh() {
            return operations.refresh();
        }

        @Override
        public FileIO io() {
            return operations.io();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return operations.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return operations.locationProvider();
        }
    }

    @Test
    void aDamagedPropertySaysWhatToDo() {
        loaded().updateProperties().set(Shape.PROPERTY, "{").commit();
        assertThatThrownBy(() -> EventsTable.requireFit(catalog, first(), Turn.NEXT))
                .isInstanceOf(Failure.class)
                .hasMessageMatching(
                        "Cannot read the property eightbells.shape of table \\S+analytics.events: it is damaged."
                                + " Put it back from an older metadata file of the table, or unset it: then all columns are taken"
                                + " for the pipeline's own.");
    }
}

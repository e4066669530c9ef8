package dev.eightbells.forget;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.session.Sessionizer;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.SparkSession;

/**
 * The tables that rows are taken out of, in the form that they have: that of the batches which have written into them, and not
 * that which today's pipeline file asks for.
 */
final class ConcernedTables {
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final Catalog catalog;
    private final Supplier<SparkSession> spark;

    ConcernedTables(Pipeline pipeline, Ledger ledger, Catalog catalog, Supplier<SparkSession> spark) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.catalog = catalog;
        this.spark = spark;
    }

    /**
     * The events' table.
     *
     * @throws Failure of kind INPUT when there is none yet
     */
    EventsTable events() {
        Form form = form(batch -> batch.isPublished() || batch.state() == BatchState.State.STOPPED);
        return EventsTable.open(catalog, form.definition(), form.turn())
                .orElseThrow(() -> Failure.input("Cannot forget rows of pipeline " + pipeline.name()
                        + ": it has no table " + pipeline.table().name() + " yet. Run the pipeline first."));
    }

    /** Looks only: the table keeps its form, and is in that of the batches whose sessions it has. */
    Optional<SessionsRemoval> sessions(Where where, Runnable requireIdle) {
        Form form = form(batch -> batch.finished().contains(Step.SESSIONIZE));
        if (form.definition().sessions() == null) {
            return Optional.empty();
        }
        return SessionsTable.open(catalog, form.definition()).map(table -> {
            Sessionizer sessionizer = new Sessionizer(spark.get(), form.definition(), form.turn());
            sessionizer.requireRule(table);
            EventsTable events =
                    EventsTable.open(catalog, form.definition(), form.turn()).orElseThrow();
            return new SessionsRemoval(spark.get(), form.definition(), sessionizer, events, table, where, requireIdle);
        });
    }

    /** The session table; empty when there is none. */
    Optional<Table> sessionsTable() {
        Pipeline definition =
                form(batch -> batch.finished().contains(Step.SESSIONIZE)).definition();
        return definition.sessions() == null
                ? Optional.empty()
                : SessionsTable.open(catalog, definition).map(SessionsTable::table);
    }

    /** The definition whose form the tables have, and its turn. */
    private record Form(Pipeline definition, Turn turn) {}

    /** Of the newest batch that has written; today's pipeline file may ask for another form at the next one. */
    private Form form(Predicate<BatchState> hasWritten) {
        try (Stream<BatchState> newestFirst = ledger.batches().newestFirst()) {
            return newestFirst
                    .filter(hasWritten)
                    .findFirst()
                    .map(BatchState::manifest)
                    .map(newest -> new Form(frozen(newest.definition()), new Turn(newest.number(), 0)))
                    .orElse(new Form(pipeline, Turn.NEXT));
        }
    }

    Pipeline frozen(String definition) {
        return PipelineFile.parse(ledger.definition(definition), "definitions/" + definition + ".yaml", Map.of());
    }

    private List<Table> tables(EventsTable events) {
        List<Table> tables = new ArrayList<>(List.of(events.table()));
        sessionsTable().ifPresent(tables::add);
        return tables;
    }

    /** What is left of their past: of the events first. */
    List<TableRemains> remains(EventsTable events) {
        List<TableRemains> remains = new ArrayList<>();
        remains.add(new TableRemains(events.table(), pipeline.table().name().toString(), ledger.lake()));
        Form form = form(batch -> batch.finished().contains(Step.SESSIONIZE));
        sessionsTable()
                .ifPresent(table -> remains.add(new TableRemains(
                        table, form.definition().sessions().name().toString(), ledger.lake())));
        return remains;
    }

    /** Their newest commits, after a look at what others have committed; null where there is none. */
    List<Long> heads(EventsTable events) {
        List<Long> heads = new ArrayList<>();
        for (Table table : tables(events)) {
            table.refresh();
            heads.add(
                    table.currentSnapshot() == null
                            ? null
                            : table.currentSnapshot().snapshotId());
        }
        return heads;
    }
}

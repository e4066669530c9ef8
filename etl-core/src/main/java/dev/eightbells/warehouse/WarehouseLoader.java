package dev.eightbells.warehouse;

import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Ledger;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.TableHistory;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.expressions.Expression;
import org.apache.spark.sql.SparkSession;

/**
 * Brings a pipeline's warehouse up to its lake: every commit of the tables that is not in it yet, each once and in order.
 * It may be called again after a crash or a lost answer, and by many processes at once.
 */
public final class WarehouseLoader {
    private static final String PROBE = "eightbells_probe";

    private final Pipeline pipeline;
    private final Catalog catalog;
    private final Ledger ledger;
    private final Supplier<SparkSession> spark;
    private final Connector connector;
    private final Patience patience;
    private final Clock clock;

    /**
     * @param pipeline whose warehouse it is
     * @param catalog of its lake's tables
     * @param ledger of its lake
     * @param spark how the lake's files are read
     */
    public WarehouseLoader(
            Pipeline pipeline,
            Catalog catalog,
            Ledger ledger,
            Supplier<SparkSession> spark,
            Connector connector,
            Patience patience,
            Clock clock) {
        this.pipeline = pipeline;
        this.catalog = catalog;
        this.ledger = ledger;
        this.spark = spark;
        this.connector = connector;
        this.patience = patience;
        this.clock = clock;
    }

    /** A table's load and what it is to do first. */
    private record Planned(TableLoad load, LoadPlan plan) {}

    /**
     * Loads what is new, or everything.
     *
     * @return what was done to each table, the events first; a table of the lake that is not there yet is left out
     * @throws dev.eightbells.Failure of kind INPUT or DATA when something is found that would make it fail; then nothing
     *     was loaded. Of kind TRANSIENT when it is worth a retry, UNKNOWN when an answer was lost and the warehouse could
     *     not be asked
     */
    public List<Loaded> load(LoadRequest request) {
        try (Transactions transactions = open()) {
            List<Planned> planned = plan(transactions, request);
            List<Finding> findings = findings(transactions, planned);
            if (!findings.isEmpty()) {
                throw Finding.failure(pipeline.name(), findings);
            }
            List<Loaded> loaded = new ArrayList<>();
            for (Planned each : planned) {
                loaded.add(each.load().perform(transactions, each.plan(), request));
            }
            return loaded;
        }
    }

    /**
     * Looks what a load would do, and what would make it fail. Changes nothing.
     *
     * @throws dev.eightbells.Failure when the warehouse cannot be asked
     */
    public LoadPreview preview(LoadRequest request) {
        try (Transactions transactions = open()) {
            List<Planned> planned = plan(transactions, request);
            return LoadPreview.of(planned.stream().map(Planned::plan).toList(), findings(transactions, planned));
        }
    }

    /**
     * Looks up to which commit each of the lake's tables is in the warehouse. Changes nothing, and needs no Spark.
     *
     * @return the snapshot by the lake's table; a table of which nothing is loaded is left out, and all are when the
     *     pipeline has no warehouse
     * @throws dev.eightbells.Failure when the warehouse cannot be asked: of kind TRANSIENT when it does not answer
     */
    public Map<TableName, Long> loadedUpTo() {
        Map<TableName, Long> loaded = new LinkedHashMap<>();
        if (pipeline.warehouse() == null) {
            return loaded;
        }
        try (Transactions transactions = open()) {
            for (Source source : sources()) {
                last(transactions, source)
                        .ifPresent(last -> loaded.put(source.target().source(), last.snapshot()));
            }
        }
        return loaded;
    }

    /**
     * Counts rows of the warehouse. Changes nothing, and needs no Spark.
     *
     * @param table the lake's table, whose rows they are
     * @param where which ones, over that table's columns of today, and explicit about null
     * @return empty when the warehouse has nothing of that table, or not all of the columns
     * @throws dev.eightbells.Failure when the warehouse cannot be asked: of kind TRANSIENT when it does not answer
     */
    public OptionalLong count(TableName table, Expression where) {
        if (pipeline.warehouse() == null) {
            return OptionalLong.empty();
        }
        try (Transactions transactions = open()) {
            for (Source source : sources()) {
                if (source.target().source().equals(table)) {
                    return count(transactions, source, where);
                }
            }
        }
        return OptionalLong.empty();
    }

    private OptionalLong count(Transactions transactions, Source source, Expression where) {
        Optional<TableHistory> history = last(transactions, source)
                .map(last -> TableHistory.of(source.table()))
                .filter(commits -> !commits.commits().isEmpty());
        if (history.isEmpty()) {
            return OptionalLong.empty();
        }
        FoundTable found = Look.at(transactions, source.target());
        Schema today = source.table().schema();
        // Its columns have the names of the commit that was loaded last; the expression has those of today.
        Shape shape = Shape.of(
                found, LakeColumns.of(history.get(), source.target(), found).loaded());
        Target there = source.target().as(shape);
        return Deletion.of(where, there, today) instanceof Deletion.Rows rows && !found.isAbsent()
                ? OptionalLong.of(transactions.repeatable("count rows of " + there.name(), session -> {
                    List<List<Object>> answer = session.ask(new Statement.Count(there.name(), rows.condition()));
                    return ((Number) answer.get(0).get(0)).longValue();
                }))
                : OptionalLong.empty();
    }

    private static Optional<FoundTable.LastLoad> last(Transactions transactions, Source source) {
        return Optional.ofNullable(Look.at(transactions, source.target()).last())
                .filter(last -> last.source().equals(source.target().sourceId()));
    }

    private Transactions open() {
        return new Transactions(LoadLedger.of(pipeline.warehouse().events()), connector, patience);
    }

    /** A table of the lake, and where it goes. */
    private record Source(Table table, Target target, Partitioning partitioning) {}

    private List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        EventsTable.open(catalog, pipeline)
                .ifPresent(events -> sources.add(
                        new Source(events.table(), Target.ofEvents(pipeline, events), events.presentPartitions())));
        sessions()
                .ifPresent(sessions -> sources.add(
                        new Source(sessions.table(), Target.ofSessions(pipeline, sessions.table()), sessions.days())));
        return sources;
    }

    private List<Planned> plan(Transactions transactions, LoadRequest request) {
        return sources().stream()
                .map(source ->
                        new TableLoad(source.table(), source.target(), source.partitioning(), ledger, spark, clock))
                .map(load -> new Planned(load, load.plan(transactions, request)))
                .toList();
    }

    private Optional<SessionsTable> sessions() {
        return pipeline.warehouse().sessions() == null ? Optional.empty() : SessionsTable.open(catalog, pipeline);
    }

    private List<Finding> findings(Transactions transactions, List<Planned> planned) {
        List<Finding> findings = new ArrayList<>();
        planned.forEach(each -> findings.addAll(each.plan().findings()));
        if (planned.stream().anyMatch(each -> !(each.plan().course() instanceof Course.Nothing))) {
            transactions
                    .repeatable("look whether COPY can read the lake", this::probe)
                    .ifPresent(findings::add);
        }
        return findings;
    }

    /** Lets COPY look at a small object of the lake: it needs the role, and the lake's bucket to be in its region. */
    private Optional<Finding> probe(WarehouseSession session) throws SQLException {
        session.send(new Statement.Begin());
        session.send(new Statement.CreateStaging(
                PROBE, List.of(new Statement.Column("probe", new WarehouseType.Varchar(64)))));
        try {
            session.send(new Statement.ProbeCopy(
                    PROBE,
                    pipeline.lake().resolve(LakeLayout.IDENTITY),
                    pipeline.warehouse().copyRole()));
        } catch (SQLException e) {
            WarehouseError error = WarehouseError.of(e);
            if (error.kind() != WarehouseError.Kind.PERMISSION && error.kind() != WarehouseError.Kind.DATA) {
                throw e;
            }
            session.send(new Statement.Rollback());
            return Optional.of(Finding.input("COPY cannot read " + pipeline.lake() + " as role "
                    + pipeline.warehouse().copyRole() + ": " + error.clause()));
        }
        session.send(new Statement.Rollback());
        return Optional.empty();
    }
}

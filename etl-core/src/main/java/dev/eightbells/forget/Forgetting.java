package dev.eightbells.forget;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Forget;
import dev.eightbells.batch.Forgets;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Removal;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.WarehouseLoader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets rows of a pipeline, wherever they are but in the raw objects, which are the user's. What is asked for stands in
 * the ledger from the beginning; every effect finds what earlier ones have done, so that it may stop anywhere and be called
 * again.
 *
 * <p>Where the process can die, and what the next one finds:
 *
 * <ul>
 *   <li>before the commit to the events: files that nobody refers to; they are found with the other remains;
 *   <li>after it: no such rows; what they were is known by what the commit removed;
 *   <li>after the commit to the sessions: that it covers the commit to the events;
 *   <li>while quarantine and ledger are searched: fewer records and sentences;
 *   <li>while the warehouse is loaded: what any load finds;
 *   <li>once it is listed what is to go: the list; whatever of it is still there goes;
 *   <li>after the receipt: nothing is left to do.
 * </ul>
 */
public final class Forgetting {
    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);

    private final Pipeline pipeline;
    private final Ledger ledger;
    private final Catalog catalog;
    private final Supplier<SparkSession> spark;
    private final WarehouseLoader loader;
    private final Clock clock;

    /**
     * @param loader null when the pipeline has no warehouse
     */
    public Forgetting(
            Pipeline pipeline,
            Ledger ledger,
            Catalog catalog,
            Supplier<SparkSession> spark,
            WarehouseLoader loader,
            Clock clock) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.catalog = catalog;
        this.spark = spark;
        this.loader = loader;
        this.clock = clock;
    }

    /**
     * Looks what would be forgotten. Changes nothing.
     *
     * @param where a condition in SQL over the columns of the events' table
     * @throws Failure of kind INPUT when the condition is none, or there is no table yet
     */
    public ForgetPlan plan(String where) {
        EventsTable events = events();
        return ForgetPlan.of(facts(events, understood(where, events)));
    }

    /** What was begun and is not done, the oldest first. */
    public List<Receipt> open() {
        return ledger.forgets().list().stream()
                .filter(held -> held.forget().state() == Forget.State.OPEN)
                .map(held -> receipt(held.forget().number()))
                .toList();
    }

    /**
     * Forgets. What was begun with the same condition is gone on with.
     *
     * @return the receipt; empty when there is nothing to forget
     * @throws Failure as {@link #plan} does, and with what the plan is refused for
     */
    public Optional<Receipt> perform(String where) {
        EventsTable events = events();
        Where understood = understood(where, events);
        String predicate = ExpressionParser.toJson(understood.predicate());
        Optional<Forgets.Held> begun = ledger.forgets().list().stream()
                .filter(held -> held.forget().state() == Forget.State.OPEN)
                .filter(held -> Where.of(where, held.forget().predicate())
                        .predicate()
                        .toString()
                        .equals(understood.predicate().toString()))
                .findFirst();
        if (begun.isPresent()) {
            return Optional.of(resume(begun.get()));
        }
        ForgetPlan plan = ForgetPlan.of(facts(events, understood));
        if (plan.refusal() != null) {
            throw plan.refusal();
        }
        if (plan.found().isNothing()) {
            return Optional.empty();
        }
        Forgets.Held held = ledger.forgets().open(where, predicate, clock.instant());
        return Optional.of(
                resume(write(held, receipt(held.forget().number()).with(understood.columns(), plan.found()))));
    }

    /** Goes on with what was begun. */
    public Receipt resume(int number) {
        return resume(ledger.forgets().find(number).orElseThrow());
    }

    private Receipt receipt(int number) {
        return Receipt.parse(ledger.forgets().content(number).orElseThrow());
    }

    private Forgets.Held write(Forgets.Held held, Receipt next) {
        return ledger.forgets()
                .replace(held, next.bytes())
                .orElseThrow(() ->
                        Failure.conflict("Cannot go on with " + held.forget().reference()
                                + ": another process works on it. Wait for it to end, and run this again."));
    }

    private EventsTable events() {
        return EventsTable.open(catalog, pipeline)
                .orElseThrow(() -> Failure.input("Cannot forget rows of pipeline " + pipeline.name()
                        + ": it has no table " + pipeline.table().name() + " yet. Run the pipeline first."));
    }

    private Where understood(String where, EventsTable events) {
        return Where.parse(
                where, events.table().schema(), pipeline.table().name().toString());
    }

    private Optional<SessionsRemoval> sessions(EventsTable events, Where where) {
        return pipeline.sessions() == null
                ? Optional.empty()
                : SessionsTable.open(catalog, pipeline)
                        .map(table ->
                                new SessionsRemoval(spark.get(), pipeline, events, table, where, this::requireIdle));
    }

    private Optional<Table> sessionsTable() {
        return pipeline.sessions() == null
                ? Optional.empty()
                : SessionsTable.open(catalog, pipeline).map(SessionsTable::table);
    }

    private Pipeline frozen(String definition) {
        return PipelineFile.parse(ledger.definition(definition), "definitions/" + definition + ".yaml", Map.of());
    }

    private ForgetFacts facts(EventsTable events, Where where) {
        EventsRemoval removal = new EventsRemoval(spark.get(), events, where.predicate());
        EventsRemoval.Found found = removal.find();
        long sessions =
                sessions(events, where).map(table -> table.count(found.files())).orElse(0L);
        ForgetCounts counts = new ForgetCounts(
                found.rows(),
                sessions,
                quarantine(events, where).count(),
                ledgerSearch(where).count(),
                inWarehouse(where));
        List<BatchState> batches = ledger.batches().all();
        List<BatchId> stopped = new ArrayList<>();
        for (EventsTable.Held held : events.held()) {
            if (isStopped(batches, held) && removal.countAddedBy(held.snapshot()) > 0) {
                stopped.add(BatchId.parse(held.batch()));
            }
        }
        Set<String> refs = new TreeSet<>(events.othersRefs());
        sessionsTable().ifPresent(table -> refs.addAll(table.refs().keySet()));
        refs.remove("main");
        return new ForgetFacts(
                counts,
                found.all(),
                openBatch().orElse(null),
                withoutSessions(batches),
                stopped.stream().distinct().toList(),
                List.copyOf(refs));
    }

    /** Null when there is none, or it does not tell now: that keeps nothing from being forgotten elsewhere. */
    private Long inWarehouse(Where where) {
        if (loader == null) {
            return null;
        }
        try {
            OptionalLong count = loader.count(pipeline.table().name(), where.predicate());
            return count.isPresent() ? (Long) count.getAsLong() : null;
        } catch (Failure failure) {
            if (failure.kind() != Failure.Kind.TRANSIENT) {
                throw failure;
            }
            LOG.info("The warehouse was not asked: {}", failure.getMessage());
            return null;
        }
    }

    private static boolean isStopped(List<BatchState> batches, EventsTable.Held held) {
        return batches.stream()
                .anyMatch(batch -> batch.state() == BatchState.State.STOPPED
                        && batch.batch().toString().equals(held.batch()));
    }

    private BatchId withoutSessions(List<BatchState> batches) {
        return pipeline.sessions() == null
                ? null
                : batches.stream()
                        .filter(BatchState::isPublished)
                        .filter(batch -> !batch.finished().contains(Step.SESSIONIZE))
                        .map(BatchState::batch)
                        .findFirst()
                        .orElse(null);
    }

    private Optional<BatchId> openBatch() {
        return ledger.batches().open(Step.of(pipeline), definition -> Step.of(frozen(definition), pipeline)).stream()
                .map(BatchState::batch)
                .findFirst();
    }

    private void requireIdle() {
        openBatch().ifPresent(batch -> {
            throw ForgetPlan.busy(batch.toString());
        });
    }

    private QuarantineSearch quarantine(EventsTable events, Where where) {
        return new QuarantineSearch(
                ledger, this::frozen, new QuarantinedLine(where, events.table().schema()));
    }

    private LedgerSearch ledgerSearch(Where where) {
        return new LedgerSearch(ledger.lake(), new Texts(where.texts()));
    }

    private Receipt resume(Forgets.Held begun) {
        Forgets.Held held = begun;
        Receipt receipt = receipt(held.forget().number());
        if (receipt.state() == Forget.State.DONE) {
            return receipt;
        }
        EventsTable events = events();
        Where where = Where.of(receipt.where(), held.forget().predicate());
        if (receipt.doomed() == null) {
            requireIdle();
            Removal removal = Removal.of(held.forget());
            takeOut(events, where, removal);
            List<Long> heads;
            do {
                heads = loaded(events);
                receipt = decided(events, where, removal, receipt);
            } while (!heads(events).equals(heads));
            held = write(held, receipt);
        }
        delete(events, receipt);
        Receipt done = receipt.done(clock.instant());
        write(held, done);
        return done;
    }

    /** Afterwards no reader of the tables, the quarantine or the warehouse finds such a row. */
    private void takeOut(EventsTable events, Where where, Removal removal) {
        new EventsRemoval(spark.get(), events, where.predicate()).perform(removal);
        sessions(events, where).ifPresent(sessions -> sessions.perform(removal));
        quarantine(events, where).perform();
        ledgerSearch(where).perform();
        tables(events).forEach(table -> new TableRemains(table, ledger.lake()).rewriteManifests());
    }

    private List<Table> tables(EventsTable events) {
        List<Table> tables = new ArrayList<>(List.of(events.table()));
        sessionsTable().ifPresent(tables::add);
        return tables;
    }

    /** The warehouse follows commits, so it must have followed before they expire; returns what it has followed to. */
    private List<Long> loaded(EventsTable events) {
        List<Long> heads = heads(events);
        if (loader != null) {
            loader.load(LoadRequest.WHAT_IS_NEW);
        }
        return heads;
    }

    private List<Long> heads(EventsTable events) {
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

    /** Decides what of the tables' past is to go. */
    private Receipt decided(EventsTable events, Where where, Removal removal, Receipt receipt) {
        List<BatchState> batches = ledger.batches().all();
        events.refreshedHead();
        for (EventsTable.Held held : events.held()) {
            if (isStopped(batches, held)) {
                events.restage(held);
            } else {
                events.letGo(held.batch());
            }
        }
        ObjectStore lake = ledger.lake();
        List<TableRemains.Doomed> doomed = new ArrayList<>();
        RemovalCommits ofEvents = RemovalCommits.of(events.table(), removal);
        TableRemains eventsRemains = new TableRemains(events.table(), lake);
        Set<String> there = eventsRemains.files();
        requireIdle();
        Schema asked = events.table().schema().select(where.columns());
        Evaluator evaluator = new Evaluator(asked.asStruct(), where.predicate());
        InternalRecordWrapper row = new InternalRecordWrapper(asked.asStruct());
        doomed.add(eventsRemains.doomed(
                there, key -> eventsRemains.holds(key, asked, record -> evaluator.eval(row.wrap(record)))));
        Receipt.Remade remade = null;
        Optional<SessionsRemoval> sessions = sessions(events, where);
        Optional<Table> sessionsTable = sessionsTable();
        if (sessions.isPresent() && sessionsTable.isPresent()) {
            RemovalCommits ofSessions = RemovalCommits.of(sessionsTable.get(), removal);
            remade = new Receipt.Remade(
                    ofSessions.sum(SessionsRemoval.GONE), ofSessions.sum(SessionsRemoval.MADE), ofSessions.ids());
            TableRemains remains = new TableRemains(sessionsTable.get(), lake);
            Set<String> files = remains.files();
            requireIdle();
            var isEarlier = sessions.get().isEarlier(removal);
            doomed.add(remains.doomed(
                    files, key -> remains.holds(key, sessions.get().looked(), isEarlier)));
        }
        return receipt.doing(new Receipt.Removed(ofEvents.rows(), ofEvents.ids()), remade, doomed);
    }

    private void delete(EventsTable events, Receipt receipt) {
        List<Table> tables = tables(events);
        for (int i = 0; i < receipt.doomed().size(); i++) {
            TableRemains.Doomed doomed = receipt.doomed().get(i);
            new TableRemains(tables.get(i), ledger.lake()).expire(doomed.snapshots());
            doomed.files().forEach(ledger.lake()::delete);
        }
    }
}

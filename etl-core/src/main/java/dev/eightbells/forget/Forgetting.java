package dev.eightbells.forget;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Forget;
import dev.eightbells.batch.Forgets;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Removal;
import dev.eightbells.table.StagedSnapshots;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.WarehouseLoader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
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
    private final ConcernedTables tables;
    private final Ledger ledger;
    private final Catalog catalog;
    private final Supplier<SparkSession> spark;
    private final WarehouseLoader loader;
    private final WarehouseLoader counting;
    private final Clock clock;

    /**
     * @param loader null when the pipeline has no warehouse
     * @param counting what counts rows there, with less patience; null when the pipeline has no warehouse
     */
    public Forgetting(
            Pipeline pipeline,
            Ledger ledger,
            Catalog catalog,
            Supplier<SparkSession> spark,
            WarehouseLoader loader,
            WarehouseLoader counting,
            Clock clock) {
        this.pipeline = pipeline;
        this.tables = new ConcernedTables(pipeline, ledger, catalog, spark);
        this.ledger = ledger;
        this.catalog = catalog;
        this.spark = spark;
        this.loader = loader;
        this.counting = counting;
        this.clock = clock;
    }

    /**
     * Looks what would be forgotten. Changes nothing.
     *
     * @param where a condition in SQL over the columns of the events' table
     * @throws Failure of kind INPUT when the condition is none, or there is no table yet
     */
    public ForgetPlan plan(String where) {
        EventsTable events = tables.events();
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
        EventsTable events = tables.events();
        Where understood = understood(where, events);
        String predicate = ExpressionParser.toJson(understood.predicate());
        Optional<Forgets.Held> begun = ledger.forgets().list().stream()
                .filter(held -> held.forget().state() == Forget.State.OPEN)
                .filter(held -> Where.of(where, held.forget().predicate())
                        .predicate()
                        .toString()
                        .equals(understood.predicate().toString()))
                .findFirst();
        refuseOthers(begun.map(held -> held.forget().number()).orElse(0));
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
                resume(write(held, receipt(held.forget().number()).with(fields(understood, events), plan.found()))));
    }

    /** What one lets expire, another still needs to know which sessions have lost events. */
    private void refuseOthers(int number) {
        open().stream().filter(other -> other.number() != number).findFirst().ifPresent(other -> {
            throw Failure.input(String.format(
                    Locale.ROOT,
                    "Cannot forget while forgets/%08d is not done. Run eightbells forget --confirm without --where, which goes on"
                            + " with it, and then run this again.",
                    other.number()));
        });
    }

    /** Goes on with what was begun, which must be the oldest of it. */
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

    private Where understood(String where, EventsTable events) {
        return Where.parse(
                where, events.table().schema(), pipeline.table().name().toString());
    }

    private ForgetFacts facts(EventsTable events, Where where) {
        EventsRemoval removal = new EventsRemoval(spark.get(), events, where.predicate());
        EventsRemoval.Found found = removal.find();
        long sessions = tables.sessions(where, this::requireIdle)
                .map(table -> table.count(found.files()))
                .orElse(0L);
        ForgetCounts counts = new ForgetCounts(
                found.rows(),
                sessions,
                quarantine(events, where).count(),
                ledgerSearch(where).count(),
                inWarehouse(where));
        return new ForgetFacts(
                counts,
                found.all(),
                openBatch().orElse(null),
                withoutSessions(events),
                stopped(events, removal),
                othersRefs(events));
    }

    /** The stopped batches that have staged such rows. */
    private List<BatchId> stopped(EventsTable events, EventsRemoval removal) {
        List<BatchState> batches = ledger.batches().all();
        return events.staged().held().stream()
                .filter(held -> isIn(BatchState.State.STOPPED, batches, held))
                .filter(held -> removal.countAddedBy(held.snapshot()) > 0)
                .map(held -> BatchId.parse(held.batch()))
                .distinct()
                .toList();
    }

    private List<String> othersRefs(EventsTable events) {
        Set<String> refs = new TreeSet<>(events.staged().othersRefs());
        tables.sessionsTable().ifPresent(table -> refs.addAll(table.refs().keySet()));
        refs.remove("main");
        return List.copyOf(refs);
    }

    /** What was so when it was asked for may have changed since. */
    private void requireFree(EventsTable events, Where where) {
        events.refreshedHead();
        EventsRemoval removal = new EventsRemoval(spark.get(), events, where.predicate());
        ForgetPlan.held(othersRefs(events), stopped(events, removal)).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** Null when there is none, or it does not tell now: that keeps nothing from being forgotten elsewhere. */
    private Long inWarehouse(Where where) {
        if (counting == null) {
            return null;
        }
        try {
            OptionalLong count = counting.count(pipeline.table().name(), where.predicate());
            return count.isPresent() ? (Long) count.getAsLong() : null;
        } catch (Failure failure) {
            if (failure.kind() != Failure.Kind.TRANSIENT) {
                throw failure;
            }
            LOG.info("The warehouse was not asked: {}", failure.getMessage());
            return null;
        }
    }

    private static boolean isIn(BatchState.State state, List<BatchState> batches, StagedSnapshots.Held held) {
        return batches.stream()
                .anyMatch(batch ->
                        batch.state() == state && batch.batch().toString().equals(held.batch()));
    }

    /** Where the commit has expired, nobody can make sessions of it any more, and nothing is lost by going on. */
    private BatchId withoutSessions(EventsTable events) {
        return pipeline.sessions() == null
                ? null
                : ledger.batches().all().stream()
                        .filter(BatchState::isPublished)
                        .filter(batch -> !batch.finished().contains(Step.SESSIONIZE))
                        .map(BatchState::batch)
                        .filter(batch -> ledger.markers(batch)
                                .published()
                                .filter(published -> events.table().snapshot(published.snapshot()) != null)
                                .isPresent())
                        .findFirst()
                        .orElse(null);
    }

    private Optional<BatchId> openBatch() {
        return ledger
                .batches()
                .open(Step.of(pipeline), definition -> Step.of(tables.frozen(definition), pipeline))
                .stream()
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
                ledger,
                tables::frozen,
                new QuarantinedLine(where, events.table().schema()));
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
        EventsTable events = tables.events();
        Where where = Where.of(receipt.where(), held.forget().predicate());
        if (receipt.doomed() == null) {
            requireSameColumns(receipt, events);
            requireIdle();
            requireFree(events, where);
            Removal removal = Removal.of(held.forget());
            takeOut(events, where, removal);
            List<Long> heads;
            do {
                heads = loaded(events);
                receipt = decided(events, where, removal, receipt);
            } while (!tables.heads(events).equals(heads));
            held = write(held, receipt);
        }
        delete(receipt);
        Receipt done = receipt.done(clock.instant());
        write(held, done);
        return done;
    }

    /** The condition names columns, and must mean the same ones as when it was asked for. */
    private static void requireSameColumns(Receipt receipt, EventsTable events) {
        if (receipt.fields() == null) {
            return;
        }
        receipt.fields().forEach((name, field) -> {
            String now = events.table().schema().findColumnName(field);
            if (!name.equals(now)) {
                throw Failure.input(String.format(
                        Locale.ROOT,
                        "Cannot go on with forgets/%08d: column %s, which its condition names, %s. %s",
                        receipt.number(),
                        name,
                        now == null ? "is not in the table any more" : "is called " + now + " now",
                        now == null
                                ? "Restore the table's columns, and run it again."
                                : "Call it " + name + " again (was: " + now + "), run a batch, and run this again."));
            }
        });
    }

    private static Map<String, Integer> fields(Where where, EventsTable events) {
        Map<String, Integer> fields = new TreeMap<>();
        where.columns()
                .forEach(name ->
                        fields.put(name, events.table().schema().findField(name).fieldId()));
        return fields;
    }

    /** Afterwards no reader of the tables, the quarantine or the warehouse finds such a row. */
    private void takeOut(EventsTable events, Where where, Removal removal) {
        new EventsRemoval(spark.get(), events, where.predicate()).perform(removal);
        tables.sessions(where, this::requireIdle).ifPresent(sessions -> sessions.perform(removal));
        quarantine(events, where).perform();
        ledgerSearch(where).perform();
        tables.remains(events).forEach(TableRemains::rewriteManifests);
    }

    /** The warehouse follows commits, so it must have followed before they expire; returns what it has followed to. */
    private List<Long> loaded(EventsTable events) {
        List<Long> heads = tables.heads(events);
        if (loader != null) {
            loader.load(LoadRequest.WHAT_IS_NEW);
        }
        return heads;
    }

    /** Decides what of the tables' past is to go. */
    private Receipt decided(EventsTable events, Where where, Removal removal, Receipt receipt) {
        requireIdle();
        requireFree(events, where);
        List<BatchState> batches = ledger.batches().all();
        events.refreshedHead();
        for (StagedSnapshots.Held held : events.staged().held()) {
            if (isIn(BatchState.State.STOPPED, batches, held)) {
                events.staged().restage(held);
            } else if (isIn(BatchState.State.PUBLISHED, batches, held)
                    || isIn(BatchState.State.LOADED, batches, held)
                    || isIn(BatchState.State.ABANDONED, batches, held)) {
                events.letGo(held.batch());
            }
        }
        List<TableRemains.Doomed> doomed = new ArrayList<>();
        RemovalCommits ofEvents = RemovalCommits.of(events.table(), removal);
        TableRemains eventsRemains = tables.remains(events).get(0);
        Set<String> there = eventsRemains.files();
        requireIdle();
        Schema asked = events.table().schema().select(where.columns());
        Evaluator evaluator = new Evaluator(asked.asStruct(), where.predicate());
        InternalRecordWrapper row = new InternalRecordWrapper(asked.asStruct());
        doomed.add(eventsRemains.doomed(
                there, key -> eventsRemains.holds(key, asked, record -> evaluator.eval(row.wrap(record)))));
        Receipt.Remade remade = null;
        Optional<SessionsRemoval> sessions = tables.sessions(where, this::requireIdle);
        Optional<Table> sessionsTable = tables.sessionsTable();
        if (sessions.isPresent() && sessionsTable.isPresent()) {
            RemovalCommits ofSessions = RemovalCommits.of(sessionsTable.get(), removal);
            remade = new Receipt.Remade(
                    ofSessions.sum(SessionsRemoval.GONE), ofSessions.sum(SessionsRemoval.MADE), ofSessions.ids());
            TableRemains remains = tables.remains(events).get(1);
            Set<String> files = remains.files();
            requireIdle();
            var isEarlier = sessions.get().isEarlier(removal);
            doomed.add(remains.doomed(
                    files, key -> remains.holds(key, sessions.get().looked(), isEarlier)));
        }
        return receipt.doing(new Receipt.Removed(ofEvents.rows(), ofEvents.ids()), remade, doomed);
    }

    private void delete(Receipt receipt) {
        for (TableRemains.Doomed doomed : receipt.doomed()) {
            Table table = catalog.loadTable(TableIdentifier.parse(doomed.table()));
            new TableRemains(table, doomed.table(), ledger.lake()).expire(doomed.snapshots());
            doomed.files().forEach(ledger.lake()::delete);
        }
    }
}

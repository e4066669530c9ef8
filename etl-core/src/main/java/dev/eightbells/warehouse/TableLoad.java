package dev.eightbells.warehouse;

import dev.eightbells.Failure;
import dev.eightbells.batch.Ledger;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.TableHistory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.spark.sql.SparkSession;

/** Brings one table of the warehouse up to one of the lake: look, plan, perform, and again when somebody was faster. */
final class TableLoad {
    /** Each round lost means that somebody else has loaded; this many in a row is a storm worth waiting out. */
    private static final int MOST_ROUNDS = 50;

    /** A warehouse in which something is not as it just was, again and again, has other troubles. */
    private static final int MOST_SURPRISES = 4;

    private final Table table;
    private final Target target;
    private final Partitioning partitioning;
    private final Ledger ledger;
    private final Supplier<SparkSession> spark;
    private final Clock clock;

    /**
     * @param table the lake's
     * @param target the warehouse's
     * @param partitioning of the lake's table
     * @param ledger of the lake
     */
    TableLoad(
            Table table,
            Target target,
            Partitioning partitioning,
            Ledger ledger,
            Supplier<SparkSession> spark,
            Clock clock) {
        this.table = table;
        this.target = target;
        this.partitioning = partitioning;
        this.ledger = ledger;
        this.spark = spark;
        this.clock = clock;
    }

    /** Looks at the lake and the warehouse and decides. Changes nothing. */
    LoadPlan plan(Transactions transactions, LoadRequest request) {
        // The warehouse first: what its ledger names now is in a history that is read later, whoever loads meanwhile.
        FoundTable found = Look.at(transactions, target);
        TableHistory history = TableHistory.of(table);
        return plan(target.withColumnsOf(table.schema()), found, history, request);
    }

    private LoadPlan plan(Target today, FoundTable found, TableHistory history, LoadRequest request) {
        if (history.commits().isEmpty()) {
            return new LoadPlan(today, new Course.Nothing(), List.of(), List.of(), List.of(), List.of());
        }
        LakeColumns lake = LakeColumns.of(history, today, found);
        List<String> unfit = lake.unfit(found);
        Map<TableHistory.Commit, Deletion> deletions = deletions(history, lake, found);
        Course course = Course.of(today, history.commits(), found, unfit, deletions, request);
        List<Finding> refusals = Refusals.of(today, found, unfit, request);
        if (!refusals.isEmpty()) {
            return new LoadPlan(today, course, List.of(), List.of(), List.of(), refusals);
        }
        LakeFacts facts = new LakeFacts(
                        history, today, new Footers(spark.get().sparkContext().hadoopConfiguration()), ledger, spark)
                .gather(course, deletions.keySet());
        return LoadPlanner.plan(
                        today,
                        found,
                        course,
                        new LoadPlanner.Lake(lake, facts.parts(), deletions, partitioning),
                        ledger.lake().location(),
                        clock.instant())
                .with(facts.findings());
    }

    private Map<TableHistory.Commit, Deletion> deletions(TableHistory history, LakeColumns lake, FoundTable found) {
        Map<TableHistory.Commit, Deletion> deletions = new HashMap<>();
        for (TableHistory.Commit commit : LakeColumns.pending(history.commits(), found)) {
            if (Course.isDeletion(target, commit)) {
                deletions.put(commit, Deletion.of(commit.removal(), lake.at(commit), history.schema(commit), ledger));
            }
        }
        return deletions;
    }

    /**
     * Performs a plan; plans again as long as others are faster.
     *
     * @throws Failure as {@link WarehouseLoader#load} does
     */
    Loaded perform(Transactions transactions, LoadPlan first, LoadRequest request) {
        Set<Long> commits = new LinkedHashSet<>();
        long rows = 0;
        int surprises = 0;
        LoadPlan plan = first;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            plan.refuse();
            // Named by their content: there already means just as good.
            plan.lists().forEach(list -> ledger.lake()
                    .create(list.key(), list.json().getBytes(StandardCharsets.UTF_8)));
            Transactions.Outcome outcome = transactions.run(plan.target(), plan.growth());
            for (LoadPlan.Transaction transaction : plan.transactions()) {
                if (outcome.overtaken()) {
                    break;
                }
                outcome = transactions.run(plan.target(), transaction);
                if (!outcome.overtaken()) {
                    commits.add(transaction.entry().snapshot());
                    rows += transaction.entry().rows();
                }
            }
            if (!outcome.overtaken()) {
                return new Loaded(plan.target().name(), plan.target().source(), commits, rows, plan.whyReloaded());
            }
            if (outcome.because() != null && ++surprises == MOST_SURPRISES) {
                throw outcome.because();
            }
            plan = plan(transactions, request);
        }
        throw Failure.transientFailure(
                "Cannot load " + first.target().source() + " into "
                        + first.target().name() + ": others have loaded it " + MOST_ROUNDS
                        + " times while it tried. Run it again.",
                null);
    }
}

package dev.eightbells.care;

import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Batches;
import dev.eightbells.batch.Forget;
import dev.eightbells.batch.Forgets;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.TableCondition;
import dev.eightbells.table.Upkeep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Takes care of a pipeline's tables: removes what is too old, lays small files out anew, and forgets what nobody needs any
 * more. It may run beside batches and beside another of its kind, die anywhere, and be repeated: what it does is done by
 * commits that are refused when somebody else was faster, and by deleting what nobody refers to.
 */
public final class Caretaker {
    /** A batch refers to what it has written within this. */
    private static final Duration ORPHAN_AGE = Duration.ofDays(3);

    private final Pipeline pipeline;
    private final Ledger ledger;
    private final List<CaredTable> tables;
    private final LoadedCommits loaded;
    private final Supplier<SparkSession> spark;
    private final Clock clock;

    /**
     * @param pipeline as its file is today
     * @param loaded how far the warehouse has come
     * @param spark asked for when there is something to rewrite or to look for
     */
    public Caretaker(
            Pipeline pipeline,
            Ledger ledger,
            List<CaredTable> tables,
            LoadedCommits loaded,
            Supplier<SparkSession> spark,
            Clock clock) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.tables = List.copyOf(tables);
        this.loaded = loaded;
        this.spark = spark;
        this.clock = clock;
    }

    /** Looks and decides. Changes nothing. */
    public CarePlan plan() {
        Instant now = clock.instant();
        List<Trouble> troubles = new ArrayList<>();
        Set<String> open = open();
        Set<String> forgets = forgets();
        Map<TableName, Long> last = Map.of();
        String unknown = null;
        try {
            last = loaded.lastLoaded();
        } catch (RuntimeException e) {
            unknown = "the warehouse could not be asked how far it has come";
            troubles.add(new Trouble("the warehouse", e));
        }
        Instant orphansBefore = orphansBefore(now);
        List<TablePlan> plans = new ArrayList<>();
        for (CaredTable table : tables) {
            try {
                Needs needs = new Needs(
                        now.minus(pipeline.care().keep()),
                        last.get(table.name()),
                        followed(table, open),
                        forgets,
                        unknown);
                TableCondition facts = TableCondition.of(table.table(), table.timeColumn());
                plans.add(TablePlan.of(table, facts, needs, now, orphansBefore));
            } catch (RuntimeException e) {
                troubles.add(new Trouble("table " + table.name(), e));
            }
        }
        List<AgedObjects> objects = new ArrayList<>();
        aged("quarantine", LakeLayout.QUARANTINE, pipeline.retention().quarantine(), now, open, objects);
        aged("reports of rules", LakeLayout.QUALITY, pipeline.retention().metrics(), now, open, objects);
        return new CarePlan(plans, objects, troubles);
    }

    /** The batches that are not done. They are looked up first: one that is done meanwhile only keeps too much. */
    private Set<String> open() {
        Set<String> open = new HashSet<>();
        Batches batches = ledger.batches();
        batches.open(Step.of(pipeline), sha256 -> Step.of(definition(sha256), pipeline)).stream()
                .map(BatchState::batch)
                .forEach(batch -> open.add(batch.toString()));
        batches.stopped().stream().map(Stopped::batch).forEach(batch -> open.add(batch.toString()));
        return open;
    }

    /** What is to be forgotten and is not yet. It goes by its commits in any table. */
    private Set<String> forgets() {
        return ledger.forgets().list().stream()
                .map(Forgets.Held::forget)
                .filter(forget -> forget.state() == Forget.State.OPEN)
                .map(Forget::reference)
                .collect(Collectors.toSet());
    }

    private static Set<String> followed(CaredTable table, Set<String> open) {
        return table.followers() == CaredTable.Followers.STEPS ? open : Set.of();
    }

    private Pipeline definition(String sha256) {
        return PipelineFile.parse(ledger.definition(sha256), LakeLayout.definition(sha256), Map.of());
    }

    /** Null in a lake that is too young for any. */
    private Instant orphansBefore(Instant now) {
        Instant before = now.minus(ORPHAN_AGE);
        return ledger.lake()
                .find(LakeLayout.IDENTITY)
                .map(StoredObject::modified)
                .filter(made -> made.isBefore(before))
                .map(made -> before)
                .orElse(null);
    }

    private void aged(
            String what, String folder, Duration age, Instant now, Set<String> open, List<AgedObjects> objects) {
        if (age == null || ledger.newestNumber() == 0) {
            return;
        }
        try (Stream<StoredObject> listing = ledger.lake().list(folder, "")) {
            AgedObjects aged = AgedObjects.of(what, folder, listing, now.minus(age), open);
            if (!aged.isEmpty()) {
                objects.add(aged);
            }
        }
    }

    /**
     * Counts the files that nobody refers to, and that a plan would remove; a table where there can be none is left out. Reads
     * all manifests, and lists the tables' folders.
     */
    public Map<TableName, Long> orphans(CarePlan plan) {
        Map<TableName, Long> orphans = new HashMap<>();
        for (TablePlan table : plan.tables()) {
            if (table.orphansBefore() != null) {
                long found = new Upkeep(table.table().table(), table.table().timeColumn(), spark)
                        .orphans(table.orphansBefore(), Upkeep.Orphans.COUNTED);
                orphans.put(table.table().name(), found);
            }
        }
        return orphans;
    }

    /** Does what a plan says. What cannot be done is told, and does not keep the rest from being done. */
    public CareResult perform(CarePlan plan) {
        List<Trouble> troubles = new ArrayList<>(plan.troubles());
        List<CareResult.OfTable> results = new ArrayList<>();
        for (TablePlan table : plan.tables()) {
            try {
                results.add(new TableCare(table, spark, clock, troubles).perform());
            } catch (Exception e) {
                // Scala throws what it does not declare.
                troubles.add(new Trouble("table " + table.table().name(), e));
            }
        }
        List<String> gone = new ArrayList<>();
        for (AgedObjects aged : plan.objects()) {
            try {
                aged.keys().forEach(ledger.lake()::delete);
                gone.add(CareText.of(aged));
            } catch (RuntimeException e) {
                troubles.add(new Trouble(aged.what(), e));
            }
        }
        return new CareResult(results, gone, troubles);
    }
}

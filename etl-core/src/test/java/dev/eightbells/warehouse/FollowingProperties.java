package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.store.Location;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.Removal;
import dev.eightbells.table.TableHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.iceberg.types.Types;

/**
 * A lake whose columns are renamed, dropped and made again, and whose rows come and go, at random: what a warehouse holds
 * after each commit is what the lake held then, wherever its loads began and ended.
 */
class FollowingProperties {
    private static final Location LAKE = Location.of("s3://lake/");
    private static final List<String> NAMES = List.of("a", "b", "c");

    /** A commit, the columns and the rows of the lake after it, and the file that it added. */
    private record Moment(TableHistory.Commit commit, Target target, List<Map<Integer, Long>> rows, LoadFile file) {}

    @Property(tries = 300)
    void theWarehouseIsTheLakeAfterEachCommit(@ForAll long seed) {
        Random random = new Random(seed);
        Lake lake = new Lake(random);
        ModelWarehouse warehouse = new ModelWarehouse(lake.files);
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            moments.add(lake.next(i + 1));
        }
        warehouse.create(moments.get(0).target());
        LoadPlan first = plan(moments.subList(0, 1), lake, warehouse, 0);
        warehouse.load(first.lists(), first.transactions().get(0));
        int loaded = 0;
        while (loaded < moments.size() - 1) {
            int until = loaded + 1 + random.nextInt(moments.size() - 1 - loaded);
            LoadPlan plan = plan(moments.subList(loaded, until + 1), lake, warehouse, loaded);
            assertThat(plan.findings()).isEmpty();
            // The first of them may be all that comes through.
            int through = loaded + 1 + random.nextInt(until - loaded);
            for (int i = loaded + 1; i <= through; i++) {
                warehouse.load(plan.lists(), plan.transactions().get(i - loaded - 1));
                assertThat(warehouse.rows(moments.get(i).target()))
                        .as("seed %d, commit %d", seed, i)
                        .isEqualTo(byName(moments.get(i)));
            }
            loaded = through;
        }
    }

    /** A plan of all but the first, which is what the warehouse holds; or of the first, when it holds nothing. */
    private static LoadPlan plan(List<Moment> moments, Lake lake, ModelWarehouse warehouse, int loaded) {
        List<Moment> pending = moments.size() == 1 ? moments : moments.subList(1, moments.size());
        Map<TableHistory.Commit, Target> targets = new LinkedHashMap<>();
        Map<TableHistory.Commit, List<Part>> parts = new HashMap<>();
        Map<TableHistory.Commit, Deletion> deletions = new HashMap<>();
        for (Moment moment : pending) {
            targets.put(moment.commit(), moment.target());
            parts.put(
                    moment.commit(),
                    moment.file() == null
                            ? List.of()
                            : List.of(new Part("b", List.of(moment.file()), Set.of(0), Map.of(), null)));
            if (moment.commit().removal() != null) {
                deletions.put(
                        moment.commit(),
                        new Deletion.Rows(lake.removed.get(moment.commit().snapshot())));
            }
        }
        LakeColumns columns = new LakeColumns(moments.get(0).target().columns(), targets, lake.owners);
        return LoadPlanner.plan(
                moments.get(moments.size() - 1).target(),
                warehouse.found(TestLoads.last(loaded + 1L)),
                new Course.Follow(pending.stream().map(Moment::commit).toList()),
                new LoadPlanner.Lake(columns, parts, deletions, Partitioning.byDay("time")),
                LAKE,
                Instant.EPOCH);
    }

    private static List<Map<String, Long>> byName(Moment moment) {
        return moment.rows().stream()
                .map(row -> {
                    Map<String, Long> named = new TreeMap<>();
                    moment.target().columns().forEach(column -> named.put(column.name(), row.get(column.field())));
                    return named;
                })
                .toList();
    }

    /** A lake of which every change is made up. */
    private static final class Lake {
        private final Random random;
        private final Map<LoadFile, List<Map<Integer, Long>>> files = new HashMap<>();
        private final Map<Long, Condition> removed = new HashMap<>();
        private final Map<String, Set<Integer>> owners = new HashMap<>();
        private final Map<Integer, String> columns = new TreeMap<>();
        private List<Map<Integer, Long>> rows = new ArrayList<>();
        private int fields;

        Lake(Random random) {
            this.random = random;
            add("a");
            add("b");
        }

        private void add(String name) {
            columns.put(++fields, name);
            owners.computeIfAbsent(name, some -> new TreeSet<>()).add(fields);
        }

        Moment next(long snapshot) {
            List<LoadFile.Column> staged = columns.entrySet().stream()
                    .map(column -> new LoadFile.Column(column.getKey(), column.getValue(), Types.LongType.get()))
                    .toList();
            // A batch may have been staged before the change, and be published after it.
            for (int changes = snapshot == 1 ? 0 : random.nextInt(4); changes > 0; changes--) {
                change();
            }
            Target target = TestLoads.events(columns.entrySet().stream()
                    .map(column -> new Target.Column(column.getKey(), column.getValue(), WarehouseType.Plain.BIGINT))
                    .toArray(Target.Column[]::new));
            return snapshot > 1 && random.nextInt(3) == 0 ? remove(snapshot, target) : append(snapshot, target, staged);
        }

        private void change() {
            List<Integer> there = List.copyOf(columns.keySet());
            int some = there.get(random.nextInt(there.size()));
            List<String> free =
                    NAMES.stream().filter(name -> !columns.containsValue(name)).toList();
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (there.size() > 1) {
                        columns.remove(some);
                    }
                }
                case 1 -> {
                    if (!free.isEmpty()) {
                        add(free.get(random.nextInt(free.size())));
                    }
                }
                case 2 -> {
                    if (!free.isEmpty()) {
                        rename(some, free.get(random.nextInt(free.size())));
                    }
                }
                default -> {
                    int other = there.get(random.nextInt(there.size()));
                    String name = columns.get(some);
                    rename(some, columns.get(other));
                    rename(other, other == some ? columns.get(some) : name);
                }
            }
        }

        private void rename(int field, String name) {
            columns.put(field, name);
            owners.computeIfAbsent(name, some -> new TreeSet<>()).add(field);
        }

        private Moment append(long snapshot, Target target, List<LoadFile.Column> staged) {
            List<Map<Integer, Long>> added = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                Map<Integer, Long> row = new HashMap<>();
                staged.forEach(
                        column -> row.put(column.field(), random.nextInt(4) == 0 ? null : (long) random.nextInt(3)));
                added.add(row);
            }
            LoadFile file = TestLoads.file("f" + snapshot, added.size(), staged);
            files.put(file, added);
            rows.addAll(added);
            return moment(
                    new TableHistory.Commit(snapshot, TableHistory.Kind.ADDED, "b", "convert", 9, null), target, file);
        }

        private Moment remove(long snapshot, Target target) {
            Target.Column column =
                    target.columns().get(random.nextInt(target.columns().size()));
            long value = random.nextInt(3);
            removed.put(
                    snapshot,
                    new Condition.Comparison(
                            column.name(), Condition.Operator.EQUAL, new Condition.Value(Types.LongType.get(), value)));
            rows = new ArrayList<>(rows.stream()
                    .filter(row -> row.get(column.field()) == null || row.get(column.field()) != value)
                    .toList());
            return moment(
                    new TableHistory.Commit(
                            snapshot,
                            TableHistory.Kind.CHANGED,
                            null,
                            "forget",
                            9,
                            new Removal("forget", "forgets/00000001")),
                    target,
                    null);
        }

        private Moment moment(TableHistory.Commit commit, Target target, LoadFile file) {
            return new Moment(commit, target, List.copyOf(rows), file);
        }
    }
}

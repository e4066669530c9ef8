package dev.eightbells.warehouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Ledger;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.store.Location;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.TableHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Decides what is said to the warehouse, given what was found there and in the lake. Pure. */
final class LoadPlanner {
    private static final String STAGING = "eightbells_staging_";
    private static final String NEW = "eightbells_new";
    private static final String OLD = "eightbells_old";

    private final Target today;
    private final FoundTable found;
    private final Lake lake;
    private final Location location;
    private final Instant now;
    private final Map<String, LoadPlan.CopyList> lists = new LinkedHashMap<>();

    private LoadPlanner(Target today, FoundTable found, Lake lake, Location location, Instant now) {
        this.today = today;
        this.found = found;
        this.lake = lake;
        this.location = location;
        this.now = now;
    }

    /**
     * What was found in the lake.
     *
     * @param columns its columns on the way
     * @param parts the rows of each commit in the course; of a reload all are of its head
     * @param deletions which rows commits of the course took away
     * @param partitioning of the lake's table
     */
    record Lake(
            LakeColumns columns,
            Map<TableHistory.Commit, List<Part>> parts,
            Map<TableHistory.Commit, Deletion> deletions,
            Partitioning partitioning) {}

    /**
     * Plans.
     *
     * @param today the target with the lake's columns of today
     * @param location of the lake, where the lists for COPY are put
     */
    static LoadPlan plan(Target today, FoundTable found, Course course, Lake lake, Location location, Instant now) {
        return new LoadPlanner(today, found, lake, location, now).plan(course);
    }

    private LoadPlan plan(Course course) {
        boolean isReplaced = course instanceof Course.Reload reload && reload.place() == Course.Place.NEW_TABLE;
        Growth growth = Growth.of(
                today, isReplaced ? found.withoutTable() : found, lake.columns(), course.commits(), longest());
        List<LoadPlan.Transaction> transactions = new ArrayList<>();
        if (course instanceof Course.Follow follow) {
            for (TableHistory.Commit commit : follow.commits()) {
                Commit planned = new Commit(commit, growth);
                transactions.add(planned.follow(found.number() + transactions.size()));
            }
        } else if (course instanceof Course.Reload reload) {
            transactions.add(new Commit(reload.head(), growth).reload(reload.place()));
        }
        List<Statement> first = new ArrayList<>();
        if (!(course instanceof Course.Nothing)) {
            first.addAll(places());
            first.addAll(isReplaced ? List.of() : growth.statements());
        }
        return new LoadPlan(today, course, first, transactions, List.copyOf(lists.values()), growth.findings());
    }

    /** The longest texts, by the numbers of their columns. */
    private Map<Integer, Long> longest() {
        Map<Integer, Long> longest = new HashMap<>();
        lake.parts().values().stream().flatMap(List::stream).forEach(part -> part.longest()
                .forEach((field, bytes) -> longest.merge(field, bytes, Math::max)));
        return longest;
    }

    /** Only what is not there: to make a schema takes a right that a load need not have. */
    private List<Statement> places() {
        List<Statement> places = new ArrayList<>();
        Set<String> schemas = new LinkedHashSet<>();
        if (found.ledger() == FoundTable.Ledger.ABSENT) {
            schemas.add(today.ledger().database());
        }
        if (found.isAbsent()) {
            schemas.add(today.name().database());
        }
        schemas.removeAll(found.schemas());
        schemas.forEach(schema -> places.add(new Statement.CreateSchema(schema)));
        if (found.ledger() == FoundTable.Ledger.ABSENT) {
            places.add(new Statement.CreateLedger(today.ledger()));
        }
        return places;
    }

    private TableName beside(String name) {
        return new TableName(today.name().database(), name);
    }

    /** Files of one batch that hold the same columns in the same order. */
    private record Group(
            String staging,
            String batch,
            List<LoadFile.Column> columns,
            List<LoadFile> files,
            List<Statement.Column> staged,
            List<Statement.KeyColumn> key,
            Statement.Partition partition) {
        long rows() {
            return files.stream().mapToLong(LoadFile::rows).sum();
        }
    }

    /** The transaction of one commit, while it is put together. */
    private final class Commit {
        private final TableHistory.Commit commit;
        private final Growth growth;
        private final Target target;
        private final List<Part> parts;

        Commit(TableHistory.Commit commit, Growth growth) {
            this.commit = commit;
            this.growth = growth;
            this.target = lake.columns().at(commit);
            this.parts = lake.parts().get(commit);
        }

        LoadPlan.Transaction follow(long base) {
            List<Group> groups = groups();
            List<Statement> statements = begun();
            for (Group group : groups) {
                statements.addAll(stage(group));
                if (!group.key().isEmpty()) {
                    statements.add(new Statement.FindRepeatedKey(group.staging(), group.key(), group.partition()));
                }
            }
            // As late as can be, for it keeps readers waiting.
            statements.addAll(growth.changes().get(commit).statements());
            statements.addAll(superseded(groups));
            groups.forEach(group -> statements.addAll(takeOver(group, target.name())));
            return ended(statements, base);
        }

        LoadPlan.Transaction reload(Course.Place place) {
            List<Statement> statements = begun();
            boolean isReplaced = place == Course.Place.NEW_TABLE;
            TableName into = isReplaced ? beside(NEW) : target.name();
            if (isReplaced) {
                statements.add(Growth.create(target.named(into), growth.at(commit)));
            } else {
                statements.addAll(growth.changes().get(commit).statements());
                statements.add(new Statement.DeleteAll(into));
            }
            for (Group group : groups()) {
                statements.addAll(stage(group));
                statements.addAll(takeOver(group, into));
            }
            if (isReplaced) {
                statements.add(new Statement.RenameTable(target.name(), OLD));
                statements.add(new Statement.RenameTable(into, target.name().table()));
                statements.add(new Statement.DropTable(beside(OLD)));
            }
            return ended(statements, found.number());
        }

        private List<Statement> begun() {
            List<Statement> statements = new ArrayList<>();
            statements.add(new Statement.Begin());
            statements.add(new Statement.LockLedger(target.ledger()));
            statements.add(new Statement.FindLastLoad(target.ledger(), target.name()));
            return statements;
        }

        private LoadPlan.Transaction ended(List<Statement> statements, long base) {
            Statement.Entry entry = new Statement.Entry(
                    target.pipeline(),
                    target.name(),
                    base + 1,
                    target.sourceId(),
                    commit.snapshot(),
                    commit.batch(),
                    parts.stream().mapToLong(Part::rows).sum(),
                    now);
            statements.add(new Statement.RecordLoad(target.ledger(), entry));
            statements.add(new Statement.Commit());
            return new LoadPlan.Transaction(statements, entry);
        }

        private List<Group> groups() {
            List<Group> groups = new ArrayList<>();
            for (Part part : parts) {
                Map<List<LoadFile.Column>, List<LoadFile>> alike = new LinkedHashMap<>();
                part.files().forEach(file -> alike.computeIfAbsent(file.columns(), columns -> new ArrayList<>())
                        .add(file));
                alike.forEach((columns, files) -> groups.add(new Group(
                        STAGING + (groups.size() + 1),
                        part.batch(),
                        columns,
                        files,
                        columns.stream().map(this::staged).toList(),
                        isKeyOfToday(part.key()) ? key(columns) : List.of(),
                        partition(part, columns))));
            }
            return groups;
        }

        /** A column as COPY needs it: of the type in the file, and for text of the width that the table has. */
        private Statement.Column staged(LoadFile.Column column) {
            WarehouseType type = growth.type(commit, column.field())
                    .filter(there -> column.isText())
                    .orElse(column.warehouseType());
            return new Statement.Column(column.name(), type);
        }

        /**
         * Whether rows that were planned under a key can be told apart by today's. When not, nothing is superseded: rows
         * that are different ones under their own key may be the same under another.
         */
        private boolean isKeyOfToday(List<String> key) {
            return key == null
                    || (key.size() == today.key().size()
                            && today.columns().stream()
                                            .filter(column -> today.key().contains(column.name()))
                                            .filter(column -> key.stream().anyMatch(name -> lake.columns()
                                                    .owners()
                                                    .getOrDefault(name, Set.of())
                                                    .contains(column.field())))
                                            .count()
                                    == key.size());
        }

        /** The key; empty when rows of these columns have none, for a part of it came later. */
        private List<Statement.KeyColumn> key(List<LoadFile.Column> columns) {
            List<Statement.KeyColumn> key = target.columns().stream()
                    .filter(column -> target.key().contains(column.name()))
                    .filter(column -> columns.stream().anyMatch(staged -> staged.field() == column.field()))
                    .sorted(Comparator.comparing(column -> target.key().indexOf(column.name())))
                    .map(column -> keyColumn(column.name(), columns))
                    .toList();
            return key.size() == target.key().size() ? key : List.of();
        }

        private Statement.KeyColumn keyColumn(String name, List<LoadFile.Column> columns) {
            boolean isText = target.columns().stream()
                    .anyMatch(column -> column.name().equals(name) && column.type() instanceof WarehouseType.Varchar);
            return new Statement.KeyColumn(
                    assignment(name, columns),
                    isText ? Statement.Comparison.WITH_THEIR_LENGTH : Statement.Comparison.AS_THEY_ARE);
        }

        /** What a column of the table is called in files with these columns. */
        private Statement.Assignment assignment(String name, List<LoadFile.Column> columns) {
            String staged = columns.stream()
                    .filter(column -> target.column(column.field())
                            .filter(today -> today.name().equals(name))
                            .isPresent())
                    .map(LoadFile.Column::name)
                    .findFirst()
                    .orElse(name);
            return new Statement.Assignment(name, staged);
        }

        private Statement.Partition partition(Part part, List<LoadFile.Column> columns) {
            return new Statement.Partition(
                    assignment(target.partition().from(), columns),
                    target.partition().unit(),
                    part.isPlaced() ? hull(part.partitions()) : null);
        }

        private Statement.Range hull(Collection<Integer> partitions) {
            return range(Collections.min(partitions), Collections.max(partitions));
        }

        private Statement.Range range(int first, int last) {
            return new Statement.Range(
                    lake.partitioning().beginning(first), lake.partitioning().beginning(last + 1));
        }

        /** As few ranges as these partitions make. */
        private List<Statement.Range> ranges(SortedSet<Integer> partitions) {
            List<Statement.Range> ranges = new ArrayList<>();
            int first = partitions.first();
            int last = first;
            for (int partition : partitions) {
                if (partition > last + 1) {
                    ranges.add(range(first, last));
                    first = partition;
                }
                last = partition;
            }
            ranges.add(range(first, last));
            return ranges;
        }

        private List<Statement> stage(Group group) {
            LoadPlan.CopyList list = list(group.files());
            lists.put(list.key(), list);
            boolean isNested =
                    group.columns().stream().anyMatch(column -> column.type().isNestedType());
            List<Statement> statements = new ArrayList<>();
            statements.add(new Statement.CreateStaging(group.staging(), group.staged()));
            statements.add(new Statement.Copy(
                    group.staging(),
                    location.resolve(list.key()),
                    target.copyRole(),
                    isNested ? Statement.Nesting.NESTED : Statement.Nesting.FLAT));
            return statements;
        }

        /** Before any row comes in: what comes in from one group never supersedes another's. */
        private List<Statement> superseded(List<Group> groups) {
            List<Statement> statements = new ArrayList<>();
            if (lake.deletions().get(commit) instanceof Deletion.Rows deleted) {
                statements.add(new Statement.DeleteWhere(target.name(), deleted.condition()));
            } else if (target.rows() == Target.Rows.SESSIONS) {
                TreeSet<Integer> days = new TreeSet<>();
                parts.forEach(part -> days.addAll(part.partitions()));
                if (!days.isEmpty()) {
                    statements.add(new Statement.DeleteRanges(
                            target.name(), target.partition().from(), ranges(days)));
                }
            } else {
                groups.stream()
                        .filter(group -> !group.key().isEmpty())
                        .forEach(group -> statements.add(new Statement.DeleteKeys(
                                target.name(), group.staging(), group.key(), group.partition())));
            }
            return statements;
        }

        private List<Statement> takeOver(Group group, TableName into) {
            List<Statement.Assignment> assignments = new ArrayList<>();
            for (LoadFile.Column column : group.columns()) {
                target.column(column.field())
                        .ifPresent(today -> assignments.add(new Statement.Assignment(today.name(), column.name())));
            }
            return List.of(
                    new Statement.Insert(into, group.staging(), assignments, Target.BATCH, group.batch(), group.rows()),
                    new Statement.DropStaging(group.staging()));
        }
    }

    /** What lists the files; named by its content, so that writing it twice changes nothing. */
    private static LoadPlan.CopyList list(List<LoadFile> files) {
        ObjectNode manifest = new ObjectMapper().createObjectNode();
        ArrayNode entries = manifest.putArray("entries");
        for (LoadFile file : files) {
            ObjectNode entry = entries.addObject();
            entry.put("url", file.location());
            entry.put("mandatory", true);
            entry.putObject("meta").put("content_length", file.bytes());
        }
        String json = manifest.toPrettyString();
        return new LoadPlan.CopyList(LakeLayout.copyList(Ledger.sha256(json)), json);
    }
}

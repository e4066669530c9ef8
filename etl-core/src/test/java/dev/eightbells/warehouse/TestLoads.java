package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.table.TableHistory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.types.Types;

/** Targets, tables and files to plan loads with. */
final class TestLoads {
    static final TableName LEDGER = new TableName("analytics", "eightbells_loads");

    /** Which table of the lake is loaded. */
    static final String SOURCE = "0f8fad5b-d9cb-469f-a165-70867728950e";

    /** A table with a key, partitioned by day. */
    static final Target EVENTS = events(List.of("id"));

    static final Target SESSIONS = new Target(
            "web-events",
            new TableName("analytics", "sessions"),
            LEDGER,
            new TableName("analytics", "lake_sessions"),
            SOURCE,
            Target.Rows.SESSIONS,
            List.of(
                    new Target.Column(1, "session_id", new WarehouseType.Varchar(65535)),
                    new Target.Column(2, "session_start", WarehouseType.Plain.TIMESTAMP)),
            List.of(),
            new TableDefinition.PartitionBy("session_start", TableDefinition.Unit.DAY),
            Statement.Order.AUTO,
            "default");

    static final FoundTable ABSENT =
            new FoundTable(null, List.of(), FoundTable.Rows.NONE, Set.of(), FoundTable.Ledger.ABSENT, null);

    static final List<LoadFile.Column> FILE_COLUMNS = List.of(
            new LoadFile.Column(1, "id", Types.StringType.get()),
            new LoadFile.Column(2, "time", Types.TimestampType.withZone()),
            new LoadFile.Column(3, "n", Types.LongType.get()),
            new LoadFile.Column(9, "source_object", Types.StringType.get()));

    private TestLoads() {}

    static Target events(List<String> key) {
        return new Target(
                "web-events",
                new TableName("analytics", "events"),
                LEDGER,
                new TableName("analytics", "lake_events"),
                SOURCE,
                Target.Rows.EVENTS,
                List.of(
                        new Target.Column(1, "id", new WarehouseType.Varchar(65535)),
                        new Target.Column(2, "time", WarehouseType.Plain.TIMESTAMP),
                        new Target.Column(3, "n", WarehouseType.Plain.BIGINT)),
                key,
                new TableDefinition.PartitionBy("time", TableDefinition.Unit.DAY),
                Statement.Order.AUTO,
                "default");
    }

    static TableHistory.Commit commit(long snapshot, TableHistory.Kind kind) {
        return new TableHistory.Commit(snapshot, kind, "20261122T0" + snapshot + "00Z", "convert", 10 * snapshot, null);
    }

    /** The events' table as Eightbells made it, with a load of this commit as the newest, of the same number. */
    static FoundTable loadedUpTo(long snapshot) {
        return found(last(snapshot), WarehouseType.Plain.BIGINT);
    }

    static FoundTable.LastLoad last(long snapshot) {
        return new FoundTable.LastLoad(snapshot, snapshot, "web-events", SOURCE);
    }

    static FoundTable found(FoundTable.LastLoad last, WarehouseType typeOfN) {
        return new FoundTable(
                "BASE TABLE",
                List.of(
                        column("id", new WarehouseType.Varchar(64)),
                        column("time", WarehouseType.Plain.TIMESTAMP),
                        column("n", typeOfN),
                        column(Target.BATCH, Target.BATCH_TYPE)),
                FoundTable.Rows.SOME,
                Set.of("analytics"),
                FoundTable.Ledger.THERE,
                last);
    }

    static FoundTable.Column column(String name, WarehouseType type) {
        return new FoundTable.Column(name, type, FoundTable.Value.MAY_BE_LEFT_OUT);
    }

    /** A table of the lake that has had the same columns all the time. */
    static LakeColumns unchanged(Target target, TableHistory.Commit... commits) {
        return unchanged(target, List.of(commits));
    }

    static LakeColumns unchanged(Target target, List<TableHistory.Commit> commits) {
        Map<TableHistory.Commit, Target> targets = new LinkedHashMap<>();
        commits.forEach(commit -> targets.put(commit, target));
        return lake(target.columns(), targets);
    }

    /** A table of the lake whose columns have changed. */
    static LakeColumns lake(List<Target.Column> loaded, Map<TableHistory.Commit, Target> targets) {
        Map<String, Set<Integer>> owners = new HashMap<>();
        Stream.concat(loaded.stream(), targets.values().stream().flatMap(target -> target.columns().stream()))
                .forEach(column -> owners.computeIfAbsent(column.name(), name -> new TreeSet<>())
                        .add(column.field()));
        return new LakeColumns(loaded, targets, owners);
    }

    /** The events with other columns. */
    static Target events(Target.Column... columns) {
        return new Target(
                EVENTS.pipeline(),
                EVENTS.name(),
                EVENTS.ledger(),
                EVENTS.source(),
                EVENTS.sourceId(),
                EVENTS.rows(),
                List.of(columns),
                EVENTS.key(),
                EVENTS.partition(),
                EVENTS.order(),
                EVENTS.copyRole());
    }

    static LoadFile file(String name, long rows) {
        return file(name, rows, FILE_COLUMNS);
    }

    static LoadFile file(String name, long rows, List<LoadFile.Column> columns) {
        return new LoadFile("s3://lake/tables/" + name + ".parquet", 100 * rows, rows, columns);
    }
}

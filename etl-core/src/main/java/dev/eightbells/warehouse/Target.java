package dev.eightbells.warehouse;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.pipeline.Warehouse;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.TableSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;

/**
 * A table of the warehouse as it is to be: which table of the lake it follows, and how.
 *
 * @param ledger the table in which its loads are noted
 * @param source the lake's table
 * @param sourceId Iceberg's UUID of the lake's table
 * @param columns in the order of the lake's table, without those that name a row's raw record
 * @param key what is unique within a partition; empty when nothing is, and for sessions
 * @param partition the smallest partitions that the lake's table has had, by the name of their column there
 * @param copyRole the ARN of the role that COPY reads with, or {@code default}
 */
record Target(
        String pipeline,
        TableName name,
        TableName ledger,
        TableName source,
        String sourceId,
        Rows rows,
        List<Column> columns,
        List<String> key,
        TableDefinition.PartitionBy partition,
        Statement.Order order,
        String copyRole) {

    /** The column that names the batch which a row came with. */
    static final String BATCH = "eightbells_batch";

    static final WarehouseType BATCH_TYPE = new WarehouseType.Varchar(64);

    private static final Set<String> LINEAGE = Set.of(TableSchema.SOURCE_OBJECT, TableSchema.SOURCE_OFFSET);

    /** What a commit of the lake's table does to rows of the warehouse's. */
    enum Rows {
        /** Events: new rows take the place of those with the same keys. */
        EVENTS,
        /** Sessions: a commit replaces whole days. */
        SESSIONS
    }

    /** A column of the lake's table, with the number by which its files know it. */
    record Column(int field, String name, WarehouseType type) {}

    Target {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * Where the events go.
     *
     * @param events the lake's, under today's pipeline file, which it may not follow yet
     */
    static Target ofEvents(Pipeline pipeline, EventsTable events) {
        Table table = events.table();
        Warehouse warehouse = pipeline.warehouse();
        return new Target(
                pipeline.name(),
                warehouse.events(),
                LoadLedger.of(warehouse.events()),
                pipeline.table().name(),
                table.uuid().toString(),
                Rows.EVENTS,
                columns(Rows.EVENTS, table.schema()),
                pipeline.table().key().stream()
                        .map(events.columns()::nameInTable)
                        .toList(),
                events.finestPartitions(),
                order(
                        new Statement.Order(warehouse.distKey(), warehouse.sortKey()),
                        events.columns()::nameInTable,
                        table.schema()),
                warehouse.copyRole());
    }

    /**
     * Where the sessions go.
     *
     * @param table the lake's
     */
    static Target ofSessions(Pipeline pipeline, Table table) {
        Warehouse warehouse = pipeline.warehouse();
        return new Target(
                pipeline.name(),
                warehouse.sessions(),
                LoadLedger.of(warehouse.events()),
                pipeline.sessions().name(),
                table.uuid().toString(),
                Rows.SESSIONS,
                columns(Rows.SESSIONS, table.schema()),
                List.of(),
                new TableDefinition.PartitionBy(Sessions.START, TableDefinition.Unit.DAY),
                Statement.Order.AUTO,
                warehouse.copyRole());
    }

    private static List<Column> columns(Rows rows, Schema schema) {
        return schema.columns().stream()
                .filter(field -> rows != Rows.EVENTS || !LINEAGE.contains(field.name()))
                .map(field -> new Column(field.fieldId(), field.name(), WarehouseType.of(field.type())))
                .toList();
    }

    /** An order by the names of a schema, without what that does not have. */
    private static Statement.Order order(Statement.Order order, UnaryOperator<String> name, Schema schema) {
        List<String> distKey = Stream.ofNullable(order.distKey())
                .map(name)
                .filter(column -> schema.findField(column) != null)
                .toList();
        return new Statement.Order(
                distKey.isEmpty() ? null : distKey.get(0),
                order.sortKey().stream()
                        .map(name)
                        .filter(column -> schema.findField(column) != null)
                        .toList());
    }

    Optional<Column> column(int field) {
        return columns.stream().filter(column -> column.field() == field).findFirst();
    }

    /** This target, with the columns that the lake's table has now. */
    Target withColumnsOf(Schema schema) {
        return with(columns(rows, schema), key, partition, order);
    }

    /**
     * This target as it was to be when the lake's table had another schema: the same columns by the names of that time.
     *
     * @param today by whose names this target knows its key
     */
    Target at(Schema then, Schema today) {
        List<String> keyThen = key.stream()
                .map(name -> nameThen(name, then, today))
                .filter(name -> then.findField(name) != null)
                .toList();
        return with(
                columns(rows, then),
                // Rows from before a part of the key have no such key.
                keyThen.size() == key.size() ? keyThen : List.of(),
                new TableDefinition.PartitionBy(nameThen(partition.from(), then, today), partition.unit()),
                order(order, name -> nameThen(name, then, today), then));
    }

    private static String nameThen(String name, Schema then, Schema today) {
        Types.NestedField field = today.findField(name);
        Types.NestedField same = field == null ? null : then.findField(field.fieldId());
        return same == null ? name : same.name();
    }

    /** This target with the columns that a table of the warehouse has of it, by their names there. */
    Target as(Shape there) {
        return with(
                columns.stream()
                        .flatMap(column -> there.column(column.field()).stream()
                                .map(held -> new Column(column.field(), held.name(), column.type())))
                        .toList(),
                key,
                partition,
                order);
    }

    /** This target under another name, for as long as its rows are being put together. */
    Target named(TableName other) {
        return new Target(pipeline, other, ledger, source, sourceId, rows, columns, key, partition, order, copyRole);
    }

    private Target with(
            List<Column> others,
            List<String> otherKey,
            TableDefinition.PartitionBy otherPartition,
            Statement.Order otherOrder) {
        return new Target(
                pipeline, name, ledger, source, sourceId, rows, others, otherKey, otherPartition, otherOrder, copyRole);
    }
}

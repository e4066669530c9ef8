package dev.eightbells.session;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.pipeline.Sessions.Function;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.table.SessionsForm;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.TableSchema;
import dev.eightbells.table.Turn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How a pipeline's sessions look: on their way, where an event is a session already, and in their table.
 *
 * <p>On their way they have the {@linkplain #VISITOR visitor}, start, end and number of events, the keys of the first and
 * the last event if the events' table has a key, one value for each aggregate, and whether they come from the table.
 */
public final class SessionShape implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Where the visitor stands on the way. */
    static final int VISITOR = 0;

    static final int START = 1;
    static final int END = 2;
    static final int EVENTS = 3;

    /** No declared column can have this name. */
    private static final String STORED = "@stored";

    private final Sessions sessions;
    private final List<String> key;
    private final DataType keyType;
    private final List<Declared> declared;
    private final StructType onTheWay;
    private final String visitorInTable;

    private SessionShape(
            Sessions sessions, StructType events, List<String> key, List<Declared> declared, String visitorInTable) {
        this.sessions = sessions;
        this.visitorInTable = visitorInTable;
        this.key = List.copyOf(key);
        this.keyType = key.isEmpty() ? null : keyType(events, key);
        this.declared = List.copyOf(declared);
        this.onTheWay = onTheWay(events);
    }

    /** A declared column and the type of its values. */
    private record Declared(Sessions.Column column, DataType type) implements Serializable {
        boolean isAggregate() {
            return column.function() != Function.EXPRESSION;
        }
    }

    /**
     * The shape of a pipeline's sessions.
     *
     * @throws Failure of kind INPUT with a line for each declared column that cannot be computed
     */
    public static SessionShape of(Pipeline pipeline) {
        SortedMap<Integer, String> problems = new TreeMap<>();
        SessionShape shape = of(pipeline.table(), pipeline.sessions(), problems);
        if (!problems.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            problems.forEach((index, sentence) -> lines.append(lines.isEmpty() ? "" : "\n")
                    .append("Cannot make column ")
                    .append(pipeline.sessions().columns().get(index).name())
                    .append(" of the sessions of pipeline ")
                    .append(pipeline.name())
                    .append(": ")
                    .append(sentence)
                    .append("."));
            throw Failure.input(lines.toString());
        }
        return shape;
    }

    /** What is wrong with the declared columns, by their index; sentences without a final period. */
    public static SortedMap<Integer, String> problems(TableDefinition events, Sessions sessions) {
        SortedMap<Integer, String> problems = new TreeMap<>();
        of(events, sessions, problems);
        return problems;
    }

    private static SessionShape of(TableDefinition table, Sessions sessions, SortedMap<Integer, String> problems) {
        StructType events = withoutLineage(SparkSchemaUtil.convert(TableSchema.of(table)));
        SortedMap<Integer, Declared> declared = new TreeMap<>();
        read(sessions, false, declared, problems, () -> events);
        if (problems.isEmpty()) {
            // An expression may name all aggregates, and the expressions before it.
            read(sessions, true, declared, problems, () -> new SessionShape(
                            sessions, events, table.key(), List.copyOf(declared.values()), sessions.by())
                    .table());
        }
        return new SessionShape(sessions, events, table.key(), List.copyOf(declared.values()), sessions.by());
    }

    /**
     * The same in a table that has these columns under other names, or in wider types: what is stored there is merged in
     * the table's types.
     */
    SessionShape in(SessionsTable table) {
        StructType events = new StructType().add(sessions.by(), typeIn(table, sessions.by()));
        if (hasKey()) {
            DataType whole = typeIn(table, Sessions.FIRST_KEY);
            for (int i = 0; i < key.size(); i++) {
                DataType part =
                        whole instanceof StructType parts && key.size() > 1 ? parts.fields()[i].dataType() : whole;
                if (!key.get(i).equals(sessions.by())) {
                    events = events.add(key.get(i), part);
                }
            }
        }
        return new SessionShape(
                sessions,
                events,
                key,
                declared.stream()
                        .map(column -> new Declared(
                                column.column(), typeIn(table, column.column().name())))
                        .toList(),
                table.inTable(sessions.by()).name());
    }

    private static DataType typeIn(SessionsTable table, String column) {
        return SparkSchemaUtil.convert(table.inTable(column).type());
    }

    /** What the table of these sessions is to be. */
    SessionsForm form(Pipeline pipeline, Turn turn) {
        Map<String, String> renamed = new HashMap<>();
        pipeline.table().columns().forEach(column -> column.was().forEach(was -> renamed.put(was, column.name())));
        return new SessionsForm(schema(), sessions.by(), rule(), renamed, turn);
    }

    /** What a column is called in the table. */
    String inTable(String column) {
        return column.equals(sessions.by()) ? visitorInTable : column;
    }

    private static void read(
            Sessions sessions,
            boolean expressions,
            SortedMap<Integer, Declared> declared,
            SortedMap<Integer, String> problems,
            Supplier<StructType> known) {
        for (int i = 0; i < sessions.columns().size(); i++) {
            Sessions.Column column = sessions.columns().get(i);
            if (expressions == (column.function() == Function.EXPRESSION)) {
                try {
                    String whose = expressions ? "the sessions, or comes later" : "the events' table";
                    DataType type = SqlExpression.analyze(column.expression(), known.get(), whose)
                            .type();
                    declared.put(i, new Declared(column, Declaration.typed(column, type)));
                } catch (IllegalArgumentException refused) {
                    problems.put(i, refused.getMessage());
                }
            }
        }
    }

    /** Where an event was read is not the event's own, and would let sessions depend on how events are delivered. */
    private static StructType withoutLineage(StructType table) {
        return new StructType(Arrays.stream(table.fields())
                .filter(field -> !field.name().equals(TableSchema.SOURCE_OBJECT)
                        && !field.name().equals(TableSchema.SOURCE_OFFSET))
                .toArray(StructField[]::new));
    }

    private static DataType keyType(StructType events, List<String> key) {
        if (key.size() == 1) {
            return events.apply(key.get(0)).dataType();
        }
        return new StructType(key.stream().map(events::apply).toArray(StructField[]::new));
    }

    private StructType onTheWay(StructType events) {
        StructType shape = new StructType()
                .add(sessions.by(), events.apply(sessions.by()).dataType())
                .add(Sessions.START, DataTypes.TimestampType)
                .add(Sessions.END, DataTypes.TimestampType)
                .add(Sessions.EVENTS, DataTypes.LongType);
        if (keyType != null) {
            shape = shape.add(Sessions.FIRST_KEY, keyType).add(Sessions.LAST_KEY, keyType);
        }
        for (Declared column : aggregates()) {
            shape = shape.add(column.column().name(), column.type());
        }
        return shape.add(STORED, DataTypes.BooleanType);
    }

    private List<Declared> aggregates() {
        return declared.stream().filter(Declared::isAggregate).toList();
    }

    /** The columns on the way. */
    StructType onTheWay() {
        return onTheWay;
    }

    DataType visitorType() {
        return onTheWay.fields()[VISITOR].dataType();
    }

    boolean hasKey() {
        return keyType != null;
    }

    /** Where the first aggregate's value stands on the way. */
    int firstValue() {
        return EVENTS + (hasKey() ? 3 : 1);
    }

    /** How many aggregates there are. */
    int values() {
        return onTheWay.length() - 1 - firstValue();
    }

    /** Where it stands on the way whether a session comes from the table. */
    int stored() {
        return onTheWay.length() - 1;
    }

    SessionAlgebra algebra() {
        return new SessionAlgebra(
                sessions.gap().toNanos() / 1000,
                keyType == null ? null : ValueOrder.of(keyType),
                aggregates().stream()
                        .map(column -> Declaration.aggregate(column.column().function(), column.type()))
                        .toList());
    }

    /** How far two events of a session may follow each other, in microseconds. */
    long gap() {
        return sessions.gap().toNanos() / 1000;
    }

    /** Events, as sessions on their way. */
    Dataset<Row> ofEvents(Dataset<Row> events) {
        List<Column> columns = new ArrayList<>(List.of(
                col(sessions.by()).cast(visitorType()).as(sessions.by()),
                col(sessions.time()).as(Sessions.START),
                col(sessions.time()).as(Sessions.END),
                lit(1L).as(Sessions.EVENTS)));
        if (hasKey()) {
            Column[] parts = key.stream().map(name -> col(name)).toArray(Column[]::new);
            Column whole = parts.length == 1 ? parts[0] : struct(parts);
            columns.add(whole.cast(keyType).as(Sessions.FIRST_KEY));
            columns.add(whole.cast(keyType).as(Sessions.LAST_KEY));
        }
        for (Declared column : aggregates()) {
            columns.add(ofEvent(column).as(column.column().name()));
        }
        columns.add(lit(false).as(STORED));
        return events.select(columns.toArray(Column[]::new));
    }

    private static Column ofEvent(Declared column) {
        Column value = expr(column.column().expression());
        return switch (column.column().function()) {
            case COUNT -> when(value, 1L).otherwise(0L);
            case ANY -> when(value, true).otherwise(false);
            default -> value.cast(column.type());
        };
    }

    /** Rows of the session table, as sessions on their way. */
    Dataset<Row> ofTable(Dataset<Row> table) {
        List<Column> columns = new ArrayList<>();
        for (StructField field : onTheWay.fields()) {
            columns.add(
                    field.name().equals(STORED)
                            ? lit(true).as(STORED)
                            : col(inTable(field.name())).cast(field.dataType()).as(field.name()));
        }
        return table.select(columns.toArray(Column[]::new));
    }

    /** Sessions that have arrived, as rows of their table. */
    Dataset<Row> toTable(Dataset<Row> arrived) {
        Dataset<Row> rows =
                arrived.withColumn(Sessions.ID, id()).withColumn(Sessions.DURATION, expr(micros() + " / 1e6D"));
        if (sessions.maxDuration() != null) {
            rows = rows.withColumn(
                    Sessions.OVER_MAX_DURATION,
                    expr(micros() + " > " + sessions.maxDuration().toNanos() / 1000));
        }
        for (Declared column : declared) {
            if (!column.isAggregate()) {
                rows = rows.withColumn(
                        column.column().name(),
                        expr(column.column().expression()).cast(column.type()));
            }
        }
        return rows.select(
                Arrays.stream(table().fieldNames()).map(name -> col(name)).toArray(Column[]::new));
    }

    private Column id() {
        // Cut as bytes: text would be looked through letter by letter.
        return expr("cast(substring(cast(sha2(concat(cast(cast(`" + sessions.by() + "` as string) as binary), X'00',"
                + " cast(cast(unix_micros(session_start) as string) as binary)), 256) as binary), 1, 32) as string)");
    }

    private static String micros() {
        return "(unix_micros(session_end) - unix_micros(session_start))";
    }

    /** The columns of the session table. */
    StructType table() {
        StructType table = new StructType()
                .add(Sessions.ID, DataTypes.StringType, false)
                .add(sessions.by(), onTheWay.apply(sessions.by()).dataType(), false)
                .add(Sessions.START, DataTypes.TimestampType, false)
                .add(Sessions.END, DataTypes.TimestampType, false)
                .add(Sessions.DURATION, DataTypes.DoubleType, false)
                .add(Sessions.EVENTS, DataTypes.LongType, false);
        if (sessions.maxDuration() != null) {
            table = table.add(Sessions.OVER_MAX_DURATION, DataTypes.BooleanType, false);
        }
        for (Declared column : declared) {
            boolean always = column.column().function() == Function.COUNT
                    || column.column().function() == Function.ANY;
            table = table.add(column.column().name(), column.type(), !always);
        }
        return keyType == null
                ? table
                : table.add(Sessions.FIRST_KEY, keyType, false).add(Sessions.LAST_KEY, keyType, false);
    }

    /** The session table's columns in Iceberg. */
    Schema schema() {
        return SparkSchemaUtil.convert(table());
    }

    /** What makes a session, in clauses. */
    List<String> rule() {
        List<String> clauses =
                new ArrayList<>(List.of("by: " + sessions.by(), "time: " + sessions.time(), "gap: " + sessions.gap()));
        if (sessions.maxDuration() != null) {
            clauses.add("maxDuration: " + sessions.maxDuration());
        }
        clauses.add("key: " + String.join(", ", key));
        for (Declared column : declared) {
            clauses.add(column.column().name() + ": "
                    + column.column().function().name().toLowerCase(Locale.ROOT) + " "
                    + column.column().expression().strip().replace("\n", "\\n"));
        }
        return clauses;
    }
}

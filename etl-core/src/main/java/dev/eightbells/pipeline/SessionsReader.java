package dev.eightbells.pipeline;

import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.Sessions.Function;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads the section {@code sessions}. */
final class SessionsReader {
    private static final Set<String> OWN = Set.of(
            Sessions.ID,
            Sessions.START,
            Sessions.END,
            Sessions.DURATION,
            Sessions.EVENTS,
            Sessions.OVER_MAX_DURATION,
            Sessions.FIRST_KEY,
            Sessions.LAST_KEY);

    private SessionsReader() {}

    /** The sessions; null when there are none, and with null parts where a problem was noted. */
    static Sessions read(Value value, TableDefinition events, SqlJudge judge) {
        Mapping sessions = value.mapping(Section.SESSIONS);
        if (sessions == null) {
            return null;
        }

        List<Column> columns = events == null ? List.of() : events.columns();
        TableName name = sessions.value("name").as(Names::table);
        if (name != null && events != null && name.equals(events.name())) {
            sessions.value("name")
                    .problem("'" + name + "' is the events' table; give the sessions a table of their own");
        }

        Optional<Column> by = TableReader.find(sessions.value("by"), columns);
        by.filter(column -> column.type() != null).ifPresent(column -> checkBy(sessions.value("by"), column));
        Optional<Column> time = TableReader.find(sessions.value("time"), columns);
        time.filter(column -> column.type() != null && column.type() != Primitive.TIMESTAMP)
                .ifPresent(column -> sessions.value("time")
                        .problem("the column '" + column.name() + "' is "
                                + column.type().ddl() + "; the time of an event is a timestamp"));

        Set<String> reserved = new HashSet<>(OWN);
        reserved.addAll(TableReader.RESERVED);
        String visitor = by.map(Column::name).orElse(null);
        Map<String, Integer> names = new HashMap<>();
        List<Value> columnValues = sessions.value("columns").list();
        Sessions read = new Sessions(
                name,
                by.map(Column::name).orElse(null),
                time.map(Column::name).orElse(null),
                sessions.value("gap").as(SessionsReader::positive),
                sessions.value("maxDuration").as(SessionsReader::positive),
                columnValues.stream()
                        .map(column ->
                                column(column.mapping(Section.SESSION_COLUMN), names, reserved, visitor, columns))
                        .filter(Objects::nonNull)
                        .toList());
        if (isWhole(read, columnValues.size()) && TableReader.isWhole(events)) {
            judge.problems(events, read).forEach((index, sentence) -> {
                String function = Value.nameOf(read.columns().get(index).function());
                columnValues
                        .get(index)
                        .mapping(Section.SESSION_COLUMN)
                        .value(function)
                        .problem(sentence);
            });
        }
        return read;
    }

    private static void checkBy(Value value, Column column) {
        if (!(column.type() instanceof Primitive) && !(column.type() instanceof ColumnType.Decimal)) {
            value.problem("the column '" + column.name() + "' is nested; sessions are by a plain column");
        } else if (column.type() == Primitive.DOUBLE || column.type() == Primitive.FLOAT) {
            value.problem("the column '" + column.name() + "' is a "
                    + column.type().ddl() + ", and two that look the same need not be equal; sessions are by text,"
                    + " whole numbers, decimals, dates or timestamps");
        } else if (OWN.contains(column.name())) {
            value.problem("the column '" + column.name()
                    + "' is named like one that every session has; call it something else in the table, and say"
                    + " from: " + column.name());
        }
    }

    /** Whether no problem keeps the SQL from being looked at. */
    private static boolean isWhole(Sessions sessions, int columns) {
        return sessions.by() != null
                && sessions.time() != null
                && sessions.gap() != null
                && sessions.columns().size() == columns
                && sessions.columns().stream().allMatch(column -> column.name() != null && column.expression() != null);
    }

    private static Duration positive(String text) {
        Duration duration = Quantity.duration(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("'" + text + "' is no time at all; write more, e.g. 30m");
        }

        return duration;
    }

    private static Sessions.Column column(
            Mapping mapping, Map<String, Integer> names, Set<String> reserved, String visitor, List<Column> events) {
        if (mapping == null) {
            return null;
        }

        Value name = mapping.value("name");
        String text = name.as(Names::column);
        Names.checkUnique(name, text, names, reserved);
        if (text != null && text.equals(visitor)) {
            name.problem("'" + text + "' is the visitor's column, which every session has; choose another name");
        }
        List<Function> functions = Arrays.stream(Function.values())
                .filter(function -> mapping.value(Value.nameOf(function)).isPresent())
                .toList();
        if (functions.size() != 1) {
            mapping.self()
                    .problem("a column has exactly one of count, sum, min, max, any, first, last and expression, and "
                            + "this one has " + (functions.isEmpty() ? "none" : functions.size()));
            return null;
        }

        Value expression = mapping.value(Value.nameOf(functions.get(0)));
        String sql = expression.text();
        if (functions.get(0) == Function.SUM) {
            events.stream()
                    .filter(column -> column.name().equals(sql))
                    .filter(column -> column.type() == Primitive.DOUBLE || column.type() == Primitive.FLOAT)
                    .forEach(column -> expression.problem("'" + sql + "' is a "
                            + column.type().ddl()
                            + ", whose sum depends on the order of events; cast it to decimal, e.g. cast(" + sql
                            + " as decimal(18,2))"));
        }

        return new Sessions.Column(text, functions.get(0), sql);
    }
}

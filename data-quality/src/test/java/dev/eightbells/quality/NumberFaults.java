package dev.eightbells.quality;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values compared with numbers by every operator, in columns of every type that holds numbers. */
final class NumberFaults {
    private NumberFaults() {}

    /** A condition with values that fulfil it, and values of which some do not. */
    private record Line(String condition, List<Integer> good, List<Integer> bad, Set<Integer> failing) {}

    private static List<Line> lines() {
        return List.of(
                new Line("= 5", of(5, 5, 5), of(5, 6, null), Set.of(2, 3)),
                new Line("!= 5", of(4, 6, null), of(5, 6, null), Set.of(1)),
                new Line("> 5", of(6, 7, 8), of(5, 6, null), Set.of(1, 3)),
                new Line(">= 5", of(5, 6, 7), of(4, 5, null), Set.of(1, 3)),
                new Line("< 5", of(4, 3, -1), of(5, 4, null), Set.of(1, 3)),
                new Line("<= 5", of(5, 4, -5), of(6, 5, null), Set.of(1, 3)),
                new Line("> -2.5", of(-2, 0, 1), of(-3, -2, null), Set.of(1, 3)),
                new Line("between 5 and 9", of(6, 7, 8), of(5, 9, null), Set.of(1, 2, 3)),
                new Line("not between 5 and 9", of(5, 9, null), of(6, 5, null), Set.of(1)),
                new Line("in [5, 6]", of(5, 6, 5), of(7, 6, null), Set.of(1, 3)),
                new Line("not in [5, 6]", of(4, 7, null), of(6, 4, null), Set.of(1)),
                new Line("in [5, NULL]", of(5, null, 5), of(5, null, 6), Set.of(3)),
                new Line("= NULL", of(null, null, null), of(null, 5, null), Set.of(2)),
                new Line("!= NULL", of(5, 6, 7), of(5, null, 6), Set.of(2)));
    }

    private static List<Integer> of(Integer... values) {
        return Arrays.asList(values);
    }

    private static Map<String, Function<Integer, Object>> types() {
        Map<String, Function<Integer, Object>> types = new LinkedHashMap<>();
        types.put("int", value -> value);
        types.put("bigint", Integer::longValue);
        types.put("double", Integer::doubleValue);
        types.put("decimal(10,2)", value -> BigDecimal.valueOf(value).setScale(2));
        types.put("string", String::valueOf);
        return types;
    }

    static FaultTable table() {
        List<ColumnFault> faults = new ArrayList<>();
        types().forEach((type, value) -> lines().forEach(line -> faults.add(fault(line, type, value))));
        faults.add(ColumnFault.of("ColumnValues # = 0.1", "double")
                .good(0.1, 0.1, 0.1)
                .bad(0.1, 0.11, Double.NaN)
                .fails(2, 3)
                .shown("0.11", "NaN"));
        faults.add(ColumnFault.of("ColumnValues # < 0.00000000000000000000000000000000000000001", "double")
                .good(0.0, -1.0, -2.0)
                .bad(0.5, 0.0, null)
                .fails(1, 3)
                .shown("0.5", "null"));
        faults.add(ColumnFault.of("ColumnValues # > 5", "string")
                .good("6", "6.5", "1e1")
                .bad("six", "6", "")
                .fails(1, 3)
                .shown("six", ""));
        faults.add(ColumnFault.of("ColumnValues # > 5 where \"id < 3\"", "int")
                .good(6, 7, 1)
                .bad(5, 6, 1)
                .ofRows(2)
                .fails(1)
                .shown("5"));
        faults.add(ColumnFault.of("ColumnValues # > 5 with threshold > 0.5", "int")
                .good(6, 7, 1)
                .bad(5, 6, null)
                .fails(1, 3)
                .shown("5", "null")
                .lenient("Column.#.ColumnValues.Compliance > 5 is 0.333333, and should be > 0.5."));
        faults.add(ColumnFault.of("ColumnValues # > 5 where \"id > 1\" with threshold between 0.4 and 0.6", "int")
                .good(1, 7, 1)
                .bad(6, 5, 4)
                .ofRows(2)
                .fails(2, 3)
                .shown("5", "4")
                .lenient("Column.#.ColumnValues.Compliance > 5 where id > 1 is 0, and should be between 0.4 and 0.6."));
        faults.add(ColumnFault.of("ColumnValues # > 5 with threshold = 1.0", "int")
                .good(6, 7, 8)
                .bad(5, 6, 7)
                .fails(1)
                .shown("5")
                .strict("Column.#.ColumnValues.Compliance > 5 is 0.666667, and should be = 1.0."));
        return ColumnFault.table("numbers", Instant.EPOCH, faults);
    }

    private static ColumnFault fault(Line line, String type, Function<Integer, Object> value) {
        Function<Integer, Object> typed = number -> number == null ? null : value.apply(number);
        List<String> samples = line.failing().stream()
                .map(id -> String.valueOf(typed.apply(line.bad().get(id - 1))))
                .collect(Collectors.toList());
        return ColumnFault.of("ColumnValues # " + line.condition(), type)
                .good(line.good().stream().map(typed).toArray())
                .bad(line.bad().stream().map(typed).toArray())
                .fails(line.failing().toArray(Integer[]::new))
                .shown(samples.toArray(String[]::new));
    }
}

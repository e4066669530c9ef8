package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;

/** A predicate deletes in a database the rows that Iceberg says it is true for: asked of a real PostgreSQL. */
class DeletionProperties {
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "n", Types.IntegerType.get()),
            Types.NestedField.optional(2, "text", Types.StringType.get()),
            Types.NestedField.optional(3, "amount", Types.DecimalType.of(10, 2)),
            Types.NestedField.optional(4, "share", Types.DoubleType.get()),
            Types.NestedField.optional(5, "day", Types.DateType.get()),
            Types.NestedField.optional(6, "at", Types.TimestampType.withZone()),
            Types.NestedField.optional(7, "good", Types.BooleanType.get()),
            Types.NestedField.optional(8, "part", Types.FloatType.get()));

    private static final Target TARGET = TestLoads.events(SCHEMA.columns().stream()
            .map(field -> new Target.Column(field.fieldId(), field.name(), WarehouseType.of(field.type())))
            .toArray(Target.Column[]::new));

    private static final List<String> TEXTS =
            List.of("", " ", "a", "a ", "a\u0001", "b", "ab", "é", "\uD83D\uDE00x", "it's", "back\\slash", "%", "A");
    private static final List<BigDecimal> AMOUNTS =
            List.of(new BigDecimal("-1.50"), new BigDecimal("0.00"), new BigDecimal("10.25"));
    private static final List<Double> SHARES = List.of(-0.5, 0.1, 1e300, 0.30000000000000004);
    private static final List<Float> PARTS = List.of(0.1f, 16777216f, -3.4e38f);
    private static final List<Integer> DAYS = List.of(-800_000, -1, 0, 20_779);
    private static final List<Long> MOMENTS = List.of(-62_135_596_800_000_001L, -1L, 0L, 1_795_335_600_123_456L);

    private static final List<Object[]> ROWS = rows();

    private static LocalPostgres postgres;
    private static Connection connection;

    @BeforeContainer
    static void start() throws IOException, SQLException {
        postgres = LocalPostgres.start();
        connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA analytics");
            statement.execute(
                    "CREATE TABLE analytics.events (n INT, text VARCHAR(99) COLLATE \"C\", amount DECIMAL(10,2),"
                            + " share DOUBLE PRECISION, day DATE, at TIMESTAMP, good BOOLEAN, part REAL)");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO analytics.events VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Object[] row : ROWS) {
                for (int i = 0; i < row.length; i++) {
                    insert.setObject(i + 1, said(i, row[i]));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @AfterContainer
    static void stop() throws SQLException {
        connection.close();
        postgres.close();
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void theSameRowsAreMeant(@ForAll("expressions") Expression expression) throws SQLException {
        Expression read = ExpressionParser.fromJson(ExpressionParser.toJson(expression));
        Deletion deletion = Deletion.of(read, TARGET, SCHEMA);

        assertThat(deletion).isInstanceOf(Deletion.Rows.class);
        Evaluator evaluator = new Evaluator(SCHEMA.asStruct(), read);
        List<Object> expected = ROWS.stream()
                .filter(row -> evaluator.eval(new Values(row)))
                .map(row -> row[0])
                .toList();
        String sql = Sql.of(new Statement.DeleteWhere(TARGET.name(), ((Deletion.Rows) deletion).condition()));
        assertThat(met(sql)).as(sql).isEqualTo(expected);
    }

    private static List<Object> met(String delete) throws SQLException {
        List<Object> met = new ArrayList<>();
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet answer =
                    statement.executeQuery(delete.replace("DELETE FROM", "SELECT n FROM") + "\nORDER BY n")) {
                while (answer.next()) {
                    met.add(answer.getInt(1));
                }
            }
        }
        return met;
    }

    /** Explicit about null, as those are that stand in commits. */
    @Provide
    Arbitrary<Expression> expressions() {
        return expressions(3);
    }

    private static Arbitrary<Expression> expressions(int depth) {
        if (depth == 0) {
            return leaves();
        }
        Arbitrary<Expression> parts = expressions(depth - 1);
        return Arbitraries.oneOf(
                leaves(),
                parts.map(Expressions::not),
                Combinators.combine(parts, parts).as(Expressions::and),
                Combinators.combine(parts, parts).as(Expressions::or));
    }

    private static Arbitrary<Expression> leaves() {
        return Arbitraries.oneOf(
                compared("text", Arbitraries.of(TEXTS)),
                compared("amount", Arbitraries.of(AMOUNTS)),
                compared("share", Arbitraries.of(SHARES)),
                compared("part", Arbitraries.of(PARTS)),
                compared("n", Arbitraries.integers().between(-2, ROWS.size() + 2)),
                compared("day", Arbitraries.of(DAYS)),
                compared("at", Arbitraries.of(MOMENTS)),
                compared("good", Arbitraries.of(true, false)),
                Arbitraries.of("text", "amount", "day", "good").map(Expressions::isNull),
                Arbitraries.of("text", "at", "share").map(Expressions::notNull),
                Arbitraries.of(TEXTS)
                        .map(start ->
                                Expressions.and(Expressions.notNull("text"), Expressions.startsWith("text", start))));
    }

    private static <T> Arbitrary<Expression> compared(String column, Arbitrary<T> values) {
        return Combinators.combine(Arbitraries.integers().between(0, 7), values, values)
                .as((way, value, other) ->
                        Expressions.and(Expressions.notNull(column), comparison(column, way, value, other)));
    }

    private static <T> Expression comparison(String column, int way, T value, T other) {
        return switch (way) {
            case 0 -> Expressions.equal(column, value);
            case 1 -> Expressions.notEqual(column, value);
            case 2 -> Expressions.lessThan(column, value);
            case 3 -> Expressions.lessThanOrEqual(column, value);
            case 4 -> Expressions.greaterThan(column, value);
            case 5 -> Expressions.greaterThanOrEqual(column, value);
            case 6 -> Expressions.in(column, List.of(value, other));
            default -> Expressions.notIn(column, List.of(value, other));
        };
    }

    private static List<Object[]> rows() {
        List<Object[]> rows = new ArrayList<>();
        for (int n = 0; n < TEXTS.size() + 3; n++) {
            rows.add(new Object[] {
                n,
                nth(TEXTS, n),
                nth(AMOUNTS, n % 5),
                nth(SHARES, n % 6),
                nth(DAYS, n % 7),
                nth(MOMENTS, n % 5),
                n % 3 == 0 ? null : (Object) (n % 3 == 1),
                nth(PARTS, n % 4)
            });
        }
        return rows;
    }

    private static Object nth(List<?> values, int n) {
        return n < values.size() ? values.get(n) : null;
    }

    /** A value as a driver takes it. */
    private static Object said(int column, Object value) {
        if (value == null) {
            return null;
        }
        return switch (column) {
            case 4 -> LocalDate.ofEpochDay((Integer) value);
            case 5 ->
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv((Long) value, 1_000_000L),
                        (int) Math.floorMod((Long) value, 1_000_000L) * 1000,
                        ZoneOffset.UTC);
            default -> value;
        };
    }

    private record Values(Object[] values) implements StructLike {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public <T> T get(int position, Class<T> type) {
            return type.cast(values[position]);
        }

        @Override
        public <T> void set(int position, T value) {
            throw new UnsupportedOperationException(Arrays.toString(values));
        }
    }
}

package dev.eightbells.forget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereTest {
    private static final String CAN =
            ". Compare columns with literals by =, <>, <, <=, >, >=, in, between, like 'beginning%' or is null, joined by"
                    + " and, or and not.";

    static final Schema SCHEMA = new Schema(
            Types.NestedField.optional(1, "visitor", Types.StringType.get()),
            Types.NestedField.optional(2, "at", Types.TimestampType.withZone()),
            Types.NestedField.optional(3, "day", Types.DateType.get()),
            Types.NestedField.optional(4, "count", Types.IntegerType.get()),
            Types.NestedField.optional(5, "amount", Types.DecimalType.of(10, 2)),
            Types.NestedField.optional(6, "paid", Types.BooleanType.get()),
            Types.NestedField.optional(7, "latitude", Types.DoubleType.get()),
            Types.NestedField.optional(8, "items", Types.ListType.ofOptional(9, Types.StringType.get())),
            Types.NestedField.optional(10, "large", Types.LongType.get()),
            Types.NestedField.required(11, "source_object", Types.StringType.get()));

    private static Where where(String sql) {
        return Where.parse(sql, SCHEMA, "analytics.events");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    visitor = 'a'                       | (not_null(ref(name="visitor")) and ref(name="visitor") == "a")
                    `Visitor` == 'a'                    | (not_null(ref(name="visitor")) and ref(name="visitor") == "a")
                    'a' = visitor                       | (not_null(ref(name="visitor")) and ref(name="visitor") == "a")
                    not visitor = 'a'                   | (not_null(ref(name="visitor")) and ref(name="visitor") != "a")
                    5 < count                           | (not_null(ref(name="count")) and ref(name="count") > 5)
                    count >= 5.0                        | (not_null(ref(name="count")) and ref(name="count") >= 5)
                    amount = 5                          | (not_null(ref(name="amount")) and ref(name="amount") == 5.00)
                    paid                                | (not_null(ref(name="paid")) and ref(name="paid") == true)
                    not paid                            | (not_null(ref(name="paid")) and ref(name="paid") != true)
                    visitor is null                     | is_null(ref(name="visitor"))
                    not (items is null)                 | not_null(ref(name="items"))
                    visitor like 'a-%'                  | (not_null(ref(name="visitor")) and ref(name="visitor") startsWith ""a-"")
                    day = '2026-03-01'                  | (not_null(ref(name="day")) and ref(name="day") == "2026-03-01")
                    day = date '2026-03-01'             | (not_null(ref(name="day")) and ref(name="day") == "2026-03-01")
                    at < '2026-03-01'                   | (not_null(ref(name="at")) and ref(name="at") < "2026-03-01T00:00:00+00:00")
                    at < timestamp '2026-03-01 01:02:03.5' | (not_null(ref(name="at")) and ref(name="at") < "2026-03-01T01:02:03.5+00:00")
                    at < '2026-03-01T01:00:00+01:00'    | (not_null(ref(name="at")) and ref(name="at") < "2026-03-01T00:00:00+00:00")
                    """)
    void saysWhatIsMeantOfMissingValues(String sql, String meant) {
        assertThat(where(sql).predicate().toString().replace("\"\"", "\"")).isEqualTo(meant.replace("\"\"", "\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    visitr = 'a'            | it names visitr, which is no column of analytics.events (visitor, at, day, count, amount, paid, latitude, items, large)
                    source_object = 's3://' | it names source_object, which says where a row was read and is no part of the warehouse
                    1 = 1                   | '(1 = 1)' is no comparison of a column with a literal
                    true                    | 'true' is no comparison of a column with a literal
                    visitor = page          | 'page' is no literal
                    visitor = null          | nothing is true of a comparison with null; write is null
                    visitor in ('a', null)  | nothing is true of a comparison with null; write is null
                    visitor = 5             | '5' is no value of column visitor, which is a string
                    count = '5'             | '5' is no value of column count, which is a int
                    count = 1.5             | '1.5' is no value of column count, which is a int
                    count = 3000000000      | '3000000000' is no value of column count, which is a int
                    amount = 5.005          | '5.005' is no value of column amount, which is a decimal(10, 2)
                    amount = 123456789.00   | '123456789.00' is no value of column amount, which is a decimal(10, 2)
                    day = '2026-02-30'      | '2026-02-30' is no value of column day, which is a date
                    at = 'yesterday'        | 'yesterday' is no value of column at, which is a timestamptz
                    latitude > 5            | column latitude is a double, whose values are not exact; name the rows by other columns
                    items = 'a'             | column items holds nested values, which are only null or not
                    visitor like '%a'       | the pattern '%a' is not a beginning followed by one %, without other %, _ and \\
                    visitor like 'a_%'      | the pattern 'a_%' is not a beginning followed by one %, without other %, _ and \\
                    lower(visitor) = 'a'    | '(lower(visitor) = 'a')' is no comparison of a column with a literal
                    visitor <=> 'a'         | '(visitor <=> 'a')' compares in a way that is not known
                    """)
    void refusesWhatIsNoSuchCondition(String sql, String why) {
        assertThatThrownBy(() -> where(sql))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT))
                .hasMessage("Invalid --where: " + why + CAN);
    }

    @Test
    void refusesWhatDoesNotParse() {
        assertThatThrownBy(() -> where("visitor ="))
                .hasMessage("Invalid --where: 'visitor =' is no SQL expression (syntax error at or near end of input);"
                        + " mend it" + CAN);
        assertThatThrownBy(() -> where(" ")).hasMessage("Invalid --where: it is blank" + CAN);
    }

    @Test
    void knowsItsColumnsAndTheTextsThatRowsAreKnownBy() {
        Where where = where("visitor in ('anna', 'bo') and (count > 5 or visitor like 'c-%') and visitor <> 'dora'");
        assertThat(where.columns()).containsExactly("visitor", "count");
        assertThat(where.texts()).containsExactlyInAnyOrder("anna", "bo", "c-");
        assertThat(where).hasToString("Where[visitor, count]");
    }

    @Test
    void readsBackWhatStandsInTheLedger() {
        Where where = where("not (at >= '2026-03-01 00:00:00' and amount in (1.5, 2)) or day is null");
        Where read = Where.of(where.sql(), ExpressionParser.toJson(where.predicate()));
        assertThat(org.apache.iceberg.expressions.Binder.bind(SCHEMA.asStruct(), read.predicate(), true))
                .hasToString(org.apache.iceberg.expressions.Binder.bind(SCHEMA.asStruct(), where.predicate(), true)
                        .toString());
    }
}

package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class DeletionTest {
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.optional(1, "visitor", Types.StringType.get()),
            Types.NestedField.optional(2, "at", Types.TimestampType.withZone()),
            Types.NestedField.optional(3, "items", Types.ListType.ofOptional(4, Types.StringType.get())),
            Types.NestedField.optional(
                    5, "geo", Types.StructType.of(Types.NestedField.optional(6, "city", Types.StringType.get()))),
            Types.NestedField.required(7, "source_object", Types.StringType.get()));

    /** The warehouse calls a column as it did when it was loaded last. */
    private static final Target TARGET = TestLoads.events(
            new Target.Column(1, "user", new WarehouseType.Varchar(65535)),
            new Target.Column(2, "at", WarehouseType.Plain.TIMESTAMP),
            new Target.Column(3, "items", WarehouseType.Plain.SUPER),
            new Target.Column(5, "geo", WarehouseType.Plain.SUPER));

    @Test
    void columnsMeetByNumberWhateverTheyAreCalled() {
        assertThat(deletion(Expressions.equal("visitor", "v")))
                .isEqualTo(new Deletion.Rows(new Condition.Comparison(
                        "user", Condition.Operator.EQUAL, new Condition.Value(Types.StringType.get(), "v"))));
    }

    @Test
    void aMomentInWordsIsAMoment() {
        assertThat(deletion(Expressions.lessThan("at", "1970-01-01T00:00:01+00:00")))
                .isEqualTo(new Deletion.Rows(new Condition.Comparison(
                        "at",
                        Condition.Operator.LESS,
                        new Condition.Value(Types.TimestampType.withZone(), 1_000_000L))));
    }

    @Test
    void whatTheWarehouseDoesNotHaveItCannotBeAskedFor() {
        assertThat(deletion(Expressions.equal("source_object", "s3://raw/a")))
                .isEqualTo(new Deletion.Unknown(
                        "its predicate asks for source_object, which is no column of the warehouse's"));
        assertThat(deletion(Expressions.equal("geo.city", "Riga")))
                .isEqualTo(
                        new Deletion.Unknown("its predicate asks for geo.city, which is no column of the warehouse's"));
        assertThat(deletion(Expressions.isNull("items")))
                .isEqualTo(
                        new Deletion.Unknown("its predicate asks for column items, which is SUPER in the warehouse"));
    }

    @Test
    void whatSqlCannotSayIsNotSaid() {
        assertThat(deletion(Expressions.in("visitor", "v", "w\0")))
                .isEqualTo(new Deletion.Unknown("its predicate holds a zero byte, which no text in SQL can"));
    }

    @Test
    void aPredicateOfOtherColumnsIsNotQuoted() {
        String why = "its predicate does not fit the columns that the lake's table had then";
        assertThat(deletion(Expressions.equal("gone", "secret"))).isEqualTo(new Deletion.Unknown(why));
        assertThat(deletion(Expressions.equal("at", "secret"))).isEqualTo(new Deletion.Unknown(why));
    }

    @Test
    void manyValuesAreNotDeep() {
        List<String> many = IntStream.range(0, 5000).mapToObj(i -> "v" + i).toList();
        assertThat(deletion(Expressions.in("visitor", many.toArray())))
                .isInstanceOfSatisfying(Deletion.Rows.class, rows -> assertThat(SqlCondition.of(rows.condition()))
                        .contains("OCTET_LENGTH(\"user\") = 2) OR (")
                        .contains("OCTET_LENGTH(\"user\") = 5)"));
    }

    private static Deletion deletion(Expression expression) {
        return Deletion.of(expression, TARGET, SCHEMA);
    }
}

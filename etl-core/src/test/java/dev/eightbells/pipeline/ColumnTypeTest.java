package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.pipeline.ColumnType.Array;
import dev.eightbells.pipeline.ColumnType.Decimal;
import dev.eightbells.pipeline.ColumnType.Field;
import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.ColumnType.Struct;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnTypeTest {
    @Test
    void readsNestedTypes() {
        assertThat(ColumnType.parse("array< STRUCT<sku: string, price :decimal(12, 2)> >"))
                .isEqualTo(new Array(new Struct(
                        List.of(new Field("sku", Primitive.STRING), new Field("price", new Decimal(12, 2))))));
        assertThat(ColumnType.parse("map<string,map<string,bigint>>"))
                .isEqualTo(new ColumnType.Map(new ColumnType.Map(Primitive.BIGINT)));
    }

    @Test
    void readsSparksOtherNames() {
        assertThat(ColumnType.parse("INTEGER")).isEqualTo(Primitive.INT);
        assertThat(ColumnType.parse("long")).isEqualTo(Primitive.BIGINT);
        assertThat(ColumnType.parse("real")).isEqualTo(Primitive.FLOAT);
        assertThat(ColumnType.parse("numeric(38,38)")).isEqualTo(new Decimal(38, 38));
        assertThat(ColumnType.parse("dec(5)")).isEqualTo(new Decimal(5, 0));
    }

    @Property
    void readsWhatItWrites(@ForAll("types") ColumnType type) {
        assertThat(ColumnType.parse(type.ddl())).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    tinyint            | the type 'tinyint' is not possible, because Redshift's COPY refuses it; use int
                    array<short>       | the type 'short' is not possible, because Redshift's COPY refuses it; use int
                    decimal(0,0)       | decimal(0,0) is not possible; use 1 to 38 digits, and at most as many after the point
                    decimal(5,6)       | decimal(5,6) is not possible; use 1 to 38 digits, and at most as many after the point
                    decimal            | 'decimal' has its end where '(' belongs
                    decimal(x)         | 'decimal(x)' has 'x' where a number of digits belongs; write decimal(12,2)
                    array<string       | 'array<string' has its end where '>' belongs
                    array<string>>     | 'array<string>>' goes on with '>' after its end
                    int not null       | 'int not null' goes on with 'not' after its end
                    struct<>           | 'struct<>' has '>' where the name of a field belongs; write name:type
                    struct<a int>      | 'struct<a int>' has 'int' where ':' belongs
                    struct<a:int,A:int>| 'struct<a:int,A:int>' has two fields 'A' (upper and lower case are the same to Redshift); rename one
                    map<int,string>    | 'map<int,string>' has a map whose keys are not strings, as JSON's keys are; write map<string,…>
                    """)
    void refuses(String ddl, String message) {
        assertThatThrownBy(() -> ColumnType.parse(ddl))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    varchar       | 'varchar' is no type
                    binary        | 'binary' is no type
                    timestamp_ntz | 'timestamp_ntz' is no type
                    array<>       | '>' is no type
                    array<        | 'array<' lacks a type
                    string;       | 'string;' has ';' where no type can have it
                    """)
    void refusesOtherTypesAndListsItsOwn(String ddl, String message) {
        assertThatThrownBy(() -> ColumnType.parse(ddl))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        message + "; the types are string, boolean, int, bigint, float, double, decimal(p,s), date, "
                                + "timestamp, array<…>, struct<name:type,…> and map<string,…>");
    }

    @Test
    void refusesEndlessNesting() {
        String ddl = "array<".repeat(5_000) + "int" + ">".repeat(5_000);

        assertThatThrownBy(() -> ColumnType.parse(ddl)).hasMessage("'" + ddl + "' is nested deeper than 32 levels");
    }

    @Provide
    static Arbitrary<ColumnType> types() {
        Arbitrary<ColumnType> plain = Arbitraries.oneOf(
                Arbitraries.of(Primitive.values()),
                Combinators.combine(
                                Arbitraries.integers().between(1, 38),
                                Arbitraries.integers().between(0, 38))
                        .as((precision, scale) -> new Decimal(precision, Math.min(precision, scale))));
        return Arbitraries.recursive(() -> plain, ColumnTypeTest::nested, 0, 3);
    }

    private static Arbitrary<ColumnType> nested(Arbitrary<ColumnType> inner) {
        Arbitrary<String> names =
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(3);
        return Arbitraries.oneOf(
                inner,
                inner.map(Array::new),
                inner.map(ColumnType.Map::new),
                Combinators.combine(names, inner)
                        .as(Field::new)
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(3)
                        .uniqueElements(Field::name)
                        .map(Struct::new));
    }
}

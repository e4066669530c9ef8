package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.TableDefinition;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueCastingTest {

    @Test
    void resolvesEscapesInStrings() {
        assertThat(one(Primitive.STRING, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é\\u0000\""))
                .isEqualTo("\"\\/\b\f\n\r\té\ud83d\ude00é\u0000");
        assertThat(one(Primitive.STRING, "\"\"")).isEqualTo("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.50e+1", "-0", "true", "false", "{ \"b\" : [1,\n 2] }", "[]", "[\"\\u0041\"]", "{}"})
    void keepsTheJsonTextOfOtherValuesInAStringColumn(String json) {
        assertThat(one(Primitive.STRING, json)).isEqualTo(json);
    }

    @Test
    void takesBooleans() {
        assertThat(one(Primitive.BOOLEAN, "true")).isEqualTo(true);
        assertThat(one(Primitive.BOOLEAN, "\"false\"")).isEqualTo(false);
        for (String json : List.of("1", "0", "\"True\"", "\"yes\"", "\"\"", "[]", "\"tru\"")) {
            assertThat(one(Primitive.BOOLEAN, json)).isEqualTo("not-castable");
        }
    }

    @Test
    void takesSomeStringsForNull() {
        TableDefinition table = Reading.table(
                null,
                List.of("", "N/A", "é"),
                Reading.column("a", Primitive.DOUBLE),
                Reading.column("b", Primitive.STRING));
        Reading reading = Reading.of(
                "{\"a\":\"\",\"b\":\"N/A\"}{\"a\":\"N\\/A\",\"b\":\"\\u00e9\"}{\"a\":1,\"b\":\"n/a\"}{\"b\":[\"\"]}",
                table);
        assertThat(reading.items())
                .extracting(Reading.Item::values)
                .containsExactly(
                        Arrays.asList(null, null),
                        Arrays.asList(null, null),
                        Arrays.asList(1.0, "n/a"),
                        Arrays.asList(null, "[\"\"]"));
    }

    @Test
    void quarantinesARecordWithoutARequiredValue() {
        TableDefinition table = Reading.table(null, List.of(""), Reading.required("a", Primitive.STRING));
        Reading reading = Reading.of("{\"a\":1}\n{}\n{\"a\":null}\n{\"a\":\"\"}\n", table);
        assertThat(reading.rows()).containsExactly("1");
        assertThat(reading.reasons()).containsOnly("missing-required");
        assertThat(reading.texts()).containsExactly("{}", "{\"a\":null}", "{\"a\":\"\"}");
        assertThat(reading.rejected().get(0).sentence()).isEqualTo("The required column a has no value (from a).");
        assertThat(reading.read()).isEqualTo(4);
    }

    @Test
    void takesTheFirstAliasThatHasAValue() {
        TableDefinition table = Reading.table(
                null,
                List.of("-"),
                Reading.from("x", Primitive.STRING, List.of(List.of("p", "q"), List.of("b"), List.of("c"))));
        Reading reading = Reading.of(
                "{\"c\":3,\"b\":2,\"p\":{\"q\":1}}{\"p\":{},\"b\":2}{\"p\":5,\"b\":\"-\",\"c\":3}{\"p\":{\"q\":null},\"b\":null}",
                table);
        assertThat(reading.rows()).containsExactly("1", "2", "3", null);
    }

    @Test
    void findsFieldsDeepDown() {
        TableDefinition table = Reading.table(
                Reading.from("all", Primitive.STRING, List.of(List.of("a"))),
                Reading.from("deep", Primitive.STRING, List.of(List.of("a", "b", "c"))),
                Reading.from("beside", Primitive.STRING, List.of(List.of("a", "d"))),
                Reading.from("odd", Primitive.STRING, List.of(List.of("x.y", "é"))));
        Reading reading = Reading.of(
                "{\"b\":{\"c\":0},\"a\":{\"z\":[{\"b\":1}],\"b\":{\"c\":[1],\"d\":2},\"d\":\"e\"},\"x.y\":{\"\\u00e9\":true}}",
                table);
        assertThat(reading.items().get(0).values())
                .containsExactly("{\"z\":[{\"b\":1}],\"b\":{\"c\":[1],\"d\":2},\"d\":\"e\"}", "[1]", "e", "true");
    }

    @Test
    void letsTheLastOfEqualNamesWin() {
        TableDefinition table = Reading.table(
                Reading.column("a", Primitive.STRING),
                Reading.from("deep", Primitive.STRING, List.of(List.of("p", "q"))));
        Reading reading = Reading.of(
                "{\"a\":1,\"\\u0061\":2}{\"a\":1,\"a\":null}{\"p\":{\"q\":1,\"q\":2},\"p\":{\"r\":1}}{\"p\":{\"q\":1},\"p\":7}{\"p\":1,\"p\":{\"q\":3}}",
                table);
        assertThat(reading.items())
                .extracting(Reading.Item::values)
                .containsExactly(
                        Arrays.asList("2", null),
                        Arrays.asList(null, null),
                        Arrays.asList(null, null),
                        Arrays.asList(null, null),
                        Arrays.asList(null, "3"));
    }

    @Test
    void keepsUnknownFieldsAsTheyStand() {
        TableDefinition table = Reading.table(
                "rescued",
                List.of(""),
                Reading.from("x", Primitive.STRING, List.of(List.of("a"), List.of("b"))),
                Reading.from("y", Primitive.STRING, List.of(List.of("p", "q"))));
        Reading reading = Reading.of(
                "{\"a\":1}{\"u\" : 1.50 ,\"a\":1,\"b\":2,\"v\\n\":{ \"x\": [1, 2] },\"p\":{\"other\":1},\"w\":\"\\u0041\",\"t\":null}"
                        + "{\"u\":1,\"v\":[],\"\\u0075\":{\"z\":2},\"v\":\"\"}",
                table);
        assertThat(reading.items())
                .extracting(item -> item.values().get(2))
                .containsExactly(
                        null,
                        "{\"u\":1.50,\"v\\n\":{ \"x\": [1, 2] },\"w\":\"\\u0041\",\"t\":null}",
                        "{\"\\u0075\":{\"z\":2},\"v\":\"\"}");
    }

    @Test
    void keepsManyUnknownFields() {
        StringBuilder json = new StringBuilder("{\"a\":1");
        for (int i = 0; i < 100; i++) {
            json.append(",\"u").append(i).append("\":").append(i);
        }
        json.append('}');
        TableDefinition table = Reading.table("rescued", List.of(), Reading.column("a", Primitive.INT));
        assertThat(Reading.of(json.toString(), table).items().get(0).values())
                .containsExactly(1, json.toString().replace("\"a\":1,", ""));
    }

    @Test
    void castsArraysStructsAndMaps() {
        ColumnType item = new ColumnType.Struct(List.of(
                new ColumnType.Field("sku", Primitive.STRING),
                new ColumnType.Field("price", new ColumnType.Decimal(12, 2)),
                new ColumnType.Field("tags", new ColumnType.Map(new ColumnType.Array(Primitive.INT)))));
        Reading reading = Reading.of(
                "{\"a\": [ {\"price\":\"1.5\", \"sku\":\"x\\ty\", \"other\":[{}], \"tags\" : {\"k\":[1,null],\"\\u006b\":[2, \"3\"],\"e\":[]}},"
                        + " null, {\"sku\":\"}\\\"]\",\"sku\":{\"z\":1}} ]}",
                Reading.table(Reading.column("a", new ColumnType.Array(item))));
        assertThat(reading.rejected()).isEmpty();
        ArrayData array = (ArrayData) reading.rows().get(0);
        assertThat(array.numElements()).isEqualTo(3);
        InternalRow first = array.getStruct(0, 3);
        assertThat(first.getUTF8String(0)).hasToString("x\ty");
        assertThat(first.getDecimal(1, 12, 2)).hasToString("1.50");
        MapData tags = first.getMap(2);
        assertThat(tags.keyArray().getUTF8String(0)).isEqualTo(UTF8String.fromString("k"));
        assertThat(tags.valueArray().getArray(0).toIntArray()).containsExactly(2, 3);
        assertThat(tags.valueArray().getArray(1).numElements()).isZero();
        assertThat(array.isNullAt(1)).isTrue();
        InternalRow last = array.getStruct(2, 3);
        assertThat(last.getUTF8String(0)).hasToString("{\"z\":1}");
        assertThat(last.isNullAt(1)).isTrue();
    }

    @Test
    void castsElementsWithTheColumnsFormats() {
        ColumnType times = new ColumnType.Array(Primitive.TIMESTAMP);
        Reading reading =
                Reading.of("{\"a\":[\"2020-01-01 00:00:01\",null]}", Reading.table(Reading.column("a", times)));
        ArrayData array = (ArrayData) reading.rows().get(0);
        assertThat(array.getLong(0)).isEqualTo(1_577_836_801_000_000L);
        assertThat(array.isNullAt(1)).isTrue();
    }

    @Test
    void refusesContainersOfAnotherKindOrWithABadElement() {
        ColumnType numbers = new ColumnType.Array(Primitive.INT);
        ColumnType struct = new ColumnType.Struct(List.of(new ColumnType.Field("x", Primitive.INT)));
        ColumnType map = new ColumnType.Map(Primitive.INT);
        for (String json : List.of("{}", "1", "\"[1]\"", "[1,\"x\"]", "[[1]]")) {
            assertThat(one(numbers, json)).isEqualTo("not-castable");
        }
        for (String json : List.of("[]", "1", "\"{}\"", "{\"x\":\"y\"}", "{\"x\":{}}")) {
            assertThat(one(struct, json)).isEqualTo("not-castable");
            assertThat(one(map, json)).isEqualTo("not-castable");
        }
    }

    private static Object one(ColumnType type, String json) {
        Reading reading = Reading.of("{\"a\":" + json + "}", Reading.table(Reading.column("a", type)));
        assertThat(reading.items()).hasSize(1);
        return reading.rejected().isEmpty()
                ? reading.rows().get(0)
                : reading.reasons().get(0);
    }
}

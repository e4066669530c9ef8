package dev.eightbells.read;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.ColumnType;
import java.util.List;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** Chooses, once per column, how its values are cast. */
final class Casters {
    private final Column column;
    private final List<String> nullValues;

    private Casters(Column column, List<String> nullValues) {
        this.column = column;
        this.nullValues = nullValues;
    }

    /** The caster of a column in a table where these strings mean null. */
    static NullableCaster of(Column column, List<String> nullValues) {
        return new Casters(column, nullValues).nullable(column.type());
    }

    private NullableCaster nullable(ColumnType type) {
        return new NullableCaster(caster(type), nullValues);
    }

    private Caster caster(ColumnType type) {
        if (type instanceof ColumnType.Array array) {
            return new ArrayCaster(nullable(array.element()));
        }
        if (type instanceof ColumnType.Map map) {
            return new MapCaster(nullable(map.value()));
        }
        if (type instanceof ColumnType.Struct struct) {
            List<NullableCaster> fields = struct.fields().stream()
                    .map(field -> nullable(field.type()))
                    .toList();
            return new StructCaster(
                    struct.fields().stream().map(ColumnType.Field::name).toList(), fields);
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return decimal(decimal.precision(), decimal.scale());
        }
        return switch ((ColumnType.Primitive) type) {
            case STRING -> Casters::string;
            case BOOLEAN -> Casters::bool;
            case INT -> integer();
            case BIGINT -> bigint();
            case FLOAT -> real();
            case DOUBLE -> doubled();
            case DATE -> new DateCaster(TimeFormat.forDates(column.formats()), LocalZone.of(column.zone()));
            case TIMESTAMP ->
                new TimestampCaster(TimeFormat.forTimestamps(column.formats()), LocalZone.of(column.zone()));
        };
    }

    private static Object string(byte[] bytes, int kind, int start, int end) {
        return UTF8String.fromBytes(bytes, start, end - start);
    }

    private static Object bool(byte[] bytes, int kind, int start, int end) {
        boolean isTrue = kind == Kind.TRUE || (kind == Kind.STRING && spells("true", bytes, start, end));
        boolean isFalse = kind == Kind.FALSE || (kind == Kind.STRING && spells("false", bytes, start, end));
        return isTrue || isFalse ? (Object) isTrue : Caster.FAILED;
    }

    private static boolean spells(String word, byte[] bytes, int start, int end) {
        if (end - start != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean parses(NumberText number, byte[] bytes, int kind, int start, int end) {
        return (Kind.isNumber(kind) || kind == Kind.STRING) && number.parse(bytes, start, end);
    }

    private static Caster integer() {
        NumberText number = new NumberText();
        return (bytes, kind, start, end) -> {
            boolean fits = parses(number, bytes, kind, start, end)
                    && number.toWhole(0)
                    && number.whole() == (int) number.whole();
            return fits ? (Object) (int) number.whole() : Caster.FAILED;
        };
    }

    private static Caster bigint() {
        NumberText number = new NumberText();
        return (bytes, kind, start, end) ->
                parses(number, bytes, kind, start, end) && number.toWhole(0) ? (Object) number.whole() : Caster.FAILED;
    }

    private static Caster real() {
        NumberText number = new NumberText();
        return (bytes, kind, start, end) -> parses(number, bytes, kind, start, end) && number.toFloat()
                ? (Object) (float) number.real()
                : Caster.FAILED;
    }

    private static Caster doubled() {
        NumberText number = new NumberText();
        return (bytes, kind, start, end) ->
                parses(number, bytes, kind, start, end) && number.toDouble() ? (Object) number.real() : Caster.FAILED;
    }

    private static Caster decimal(int precision, int scale) {
        NumberText number = new NumberText();
        return (bytes, kind, start, end) ->
                parses(number, bytes, kind, start, end) && number.toDecimal(precision, scale)
                        ? Decimal.apply(number.decimal(), precision, scale)
                        : Caster.FAILED;
    }
}

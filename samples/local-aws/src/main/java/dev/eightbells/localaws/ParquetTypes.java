package dev.eightbells.localaws;

import dev.eightbells.localaws.CopyCommand.Option;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Which of Parquet's types fits which of the table's: exactly one width each, and nothing is converted. */
final class ParquetTypes {
    private static final int NO_VALID_CHARACTER = 1220;
    private static final int SMALL = 16;
    private static final int DAYS_TO_2000 = 10_957;
    private static final long MICROS_TO_2000 = DAYS_TO_2000 * 86_400_000_000L;

    private final S3Place place;
    private final Set<Option> options;

    ParquetTypes(S3Place place, Set<Option> options) {
        this.place = place;
        this.options = options;
    }

    /**
     * What takes a column's values.
     *
     * @param position of the column in the file, from 0
     */
    ParquetValue value(Type type, int position, TargetColumn column) {
        if (column.type().equals(TargetColumn.SUPER)) {
            return document(type, column);
        }
        ParquetValue value = type.isPrimitive() ? value(type.asPrimitiveType(), column) : null;
        if (value == null || type.isRepetition(Type.Repetition.REPEATED)) {
            throw LoadFailure.schema(
                    "File '" + place.https() + "' has an incompatible Parquet schema for column '" + place + "."
                            + type.getName() + "'. Column type: " + column.shown() + ", Parquet schema: "
                            + shown(type, position),
                    place,
                    column);
        }
        return value;
    }

    private ParquetValue document(Type type, TargetColumn column) {
        if (options.contains(Option.SERIALIZETOJSON)) {
            return new ParquetDocument(type, place, column);
        }
        if (type.isPrimitive()) {
            throw LoadFailure.unsupported("SUPER column in COPY query requires SERIALIZETOJSON option", place, column);
        }
        throw LoadFailure.value(1000, "Assert", "Unreachable - Invalid type: 4000", place, column);
    }

    private ParquetValue value(PrimitiveType type, TargetColumn column) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> int32(type, meaning, column);
            case INT64 -> int64(type, meaning, column);
            case INT96 -> isTimestamp(column) ? new ParquetValue.Fixed(CopyRows::int64) : null;
            case FLOAT -> fixed(column, "real", (rows, bits) -> rows.int32((int) bits));
            case DOUBLE -> fixed(column, "double precision", CopyRows::int64);
            case BOOLEAN -> fixed(column, "boolean", CopyRows::bool);
            case BINARY -> binary(type, meaning, column);
            case FIXED_LEN_BYTE_ARRAY -> decimal(type, meaning, column);
        };
    }

    private static ParquetValue fixed(TargetColumn column, String type, ParquetValue.Fixed.Form form) {
        return column.type().equals(type) ? new ParquetValue.Fixed(form) : null;
    }

    private ParquetValue binary(PrimitiveType type, LogicalTypeAnnotation meaning, TargetColumn column) {
        if (meaning instanceof StringLogicalTypeAnnotation) {
            return column.isText() ? new ParquetValue.Text(text -> checked(text, column)) : null;
        }
        return decimal(type, meaning, column);
    }

    private ParquetValue int32(PrimitiveType type, LogicalTypeAnnotation meaning, TargetColumn column) {
        if (isInteger(meaning, SMALL)) {
            return fixed(column, "smallint", (rows, bits) -> rows.int16((int) bits));
        }
        if (meaning == null || isInteger(meaning, Integer.SIZE)) {
            return fixed(column, "integer", (rows, bits) -> rows.int32((int) bits));
        }
        if (LogicalTypeAnnotation.dateType().equals(meaning)) {
            return fixed(column, "date", (rows, bits) -> rows.int32((int) bits - DAYS_TO_2000));
        }
        return decimal(type, meaning, column);
    }

    private ParquetValue int64(PrimitiveType type, LogicalTypeAnnotation meaning, TargetColumn column) {
        if (meaning == null || isInteger(meaning, Long.SIZE)) {
            return fixed(column, "bigint", CopyRows::int64);
        }
        if (isTimestamp(column)) {
            boolean micros = meaning instanceof TimestampLogicalTypeAnnotation timestamp
                    && timestamp.getUnit() == TimeUnit.MICROS;
            return micros ? new ParquetValue.Fixed((rows, bits) -> rows.int64(bits - MICROS_TO_2000)) : null;
        }
        return decimal(type, meaning, column);
    }

    private static boolean isInteger(LogicalTypeAnnotation meaning, int width) {
        return meaning instanceof IntLogicalTypeAnnotation integer
                && integer.isSigned()
                && integer.getBitWidth() == width;
    }

    private static boolean isTimestamp(TargetColumn column) {
        return column.type().startsWith("timestamp");
    }

    private ParquetValue decimal(PrimitiveType type, LogicalTypeAnnotation meaning, TargetColumn column) {
        if (!column.type().equals(TargetColumn.DECIMAL) || !(meaning instanceof DecimalLogicalTypeAnnotation decimal)) {
            return null;
        }
        if (decimal.getScale() != column.scale()) {
            throw different("scale", type, decimal.getScale(), column.scale(), column);
        }
        if (decimal.getPrecision() != column.length()) {
            throw different("precision", type, decimal.getPrecision(), column.length(), column);
        }
        if (type.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY) {
            int fewest = bytes(column.length());
            if (type.getTypeLength() != fewest) {
                throw LoadFailure.schema(
                        "File '" + place.https() + "' column '" + type.getName()
                                + "' has an invalid type length. Expecting: " + fewest + " len in file: "
                                + type.getTypeLength(),
                        place,
                        column);
            }
        }
        return new ParquetValue.Decimal(column.scale());
    }

    /** The fewest bytes that hold so many digits and a sign. */
    static int bytes(int precision) {
        return java.math.BigInteger.TEN.pow(precision).bitLength() / 8 + 1;
    }

    private LoadFailure different(String what, PrimitiveType type, int inFile, int inTable, TargetColumn column) {
        return LoadFailure.schema(
                "File '" + place.https() + "' column '" + type.getName() + "' has a " + what
                        + " that does not match the table metadata " + what + ". File metadata " + what + ": " + inFile
                        + ", Table metadata " + what + ": " + inTable,
                place,
                column);
    }

    private byte[] checked(byte[] text, TargetColumn column) {
        byte[] valid = isAscii(text) ? text : valid(text, column);
        if (valid.length > column.length()) {
            throw LoadFailure.schema(
                    "The length of the data column " + column.name()
                            + " is longer than the length defined in the table. Table: " + column.length() + ", Data: "
                            + valid.length + ", File name: " + place.https(),
                    place,
                    column);
        }
        return valid;
    }

    private static boolean isAscii(byte[] text) {
        for (byte b : text) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] valid(byte[] text, TargetColumn column) {
        boolean replace = options.contains(Option.ACCEPTINVCHARS);
        CodingErrorAction action = replace ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(action)
                    .replaceWith("?")
                    .decode(ByteBuffer.wrap(text))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw LoadFailure.value(
                    NO_VALID_CHARACTER,
                    "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: "
                            + HexFormat.of().formatHex(text, 0, Math.min(text.length, 8)),
                    "File name: " + place.https(),
                    place,
                    column);
        }
    }

    /** The field as Redshift's scan shows it: its definition and repetition levels stand behind its name. */
    private static String shown(Type type, int position) {
        String kind = type.isPrimitive()
                ? type.asPrimitiveType().getPrimitiveTypeName().name().toLowerCase(Locale.ROOT)
                : "group";
        String shown = kind.equals("binary") ? "byte_array" : kind;
        int definition = type.isRepetition(Type.Repetition.REQUIRED) ? 0 : 1;
        int repetition = type.isRepetition(Type.Repetition.REPEATED) ? 1 : 0;
        return type.getRepetition().name().toLowerCase(Locale.ROOT) + " " + shown + " " + type.getName() + " [i:"
                + position + " d:" + definition + " r:" + repetition + "]";
    }
}

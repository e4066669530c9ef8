package dev.eightbells.write;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows in Spark's binary form as JSON that reads back to the same values: times in ISO 8601 and UTC, decimals with
 * all their digits, null where there is no value.
 */
final class RowJson {
    private final JsonGenerator out;

    RowJson(JsonGenerator out) {
        this.out = out;
    }

    /** Writes the first columns of a row as an object. */
    void write(SpecializedGetters row, StructType columns) throws IOException {
        out.writeStartObject();
        StructField[] fields = columns.fields();
        for (int i = 0; i < fields.length; i++) {
            out.writeFieldName(fields[i].name());
            value(row, i, fields[i].dataType());
        }
        out.writeEndObject();
    }

    private void value(SpecializedGetters from, int ordinal, DataType type) throws IOException {
        if (from.isNullAt(ordinal)) {
            out.writeNull();
        } else if (type == DataTypes.StringType) {
            out.writeString(from.getUTF8String(ordinal).toString());
        } else if (type == DataTypes.BooleanType) {
            out.writeBoolean(from.getBoolean(ordinal));
        } else if (type == DataTypes.IntegerType) {
            out.writeNumber(from.getInt(ordinal));
        } else if (type == DataTypes.LongType) {
            out.writeNumber(from.getLong(ordinal));
        } else if (type == DataTypes.FloatType) {
            out.writeNumber(from.getFloat(ordinal));
        } else if (type == DataTypes.DoubleType) {
            out.writeNumber(from.getDouble(ordinal));
        } else if (type == DataTypes.DateType) {
            out.writeString(LocalDate.ofEpochDay(from.getInt(ordinal)).toString());
        } else if (type == DataTypes.TimestampType) {
            out.writeString(
                    Instant.EPOCH.plus(from.getLong(ordinal), ChronoUnit.MICROS).toString());
        } else if (type instanceof DecimalType decimal) {
            BigDecimal number = from.getDecimal(ordinal, decimal.precision(), decimal.scale())
                    .toJavaBigDecimal();
            out.writeNumber(number.toPlainString());
        } else {
            nested(from, ordinal, type);
        }
    }

    private void nested(SpecializedGetters from, int ordinal, DataType type) throws IOException {
        if (type instanceof StructType struct) {
            write(from.getStruct(ordinal, struct.length()), struct);
        } else if (type instanceof ArrayType array) {
            ArrayData elements = from.getArray(ordinal);
            out.writeStartArray();
            for (int i = 0; i < elements.numElements(); i++) {
                value(elements, i, array.elementType());
            }
            out.writeEndArray();
        } else if (type instanceof MapType map) {
            MapData entries = from.getMap(ordinal);
            ArrayData keys = entries.keyArray();
            out.writeStartObject();
            for (int i = 0; i < entries.numElements(); i++) {
                out.writeFieldName(keys.getUTF8String(i).toString());
                value(entries.valueArray(), i, map.valueType());
            }
            out.writeEndObject();
        } else {
            throw new IllegalStateException("Cannot write a value of type " + type.simpleString() + " as JSON.");
        }
    }
}

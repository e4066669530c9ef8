package dev.eightbells.quality;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What was seen in a column that nobody has rules for yet.
 *
 * @param field its name and type
 * @param rows how many rows there are; at least one
 * @param completeness the share of rows that have a value, 0 to 1
 * @param distinct about how many different values there are
 * @param reading what its texts could be read as; of numbers, which they are
 * @param counts how often each value is there, the most frequent first; empty when there are many, or they were not
 *     counted
 * @param numbers of the numbers, or the texts that can be read as numbers; null when there are none
 * @param lengths of the texts; null when they are none, or can be read as numbers
 * @param traits what Deequ thinks a rule could be made of
 */
record ColumnSummary(
        StructField field,
        long rows,
        double completeness,
        long distinct,
        Reading reading,
        Map<String, Long> counts,
        Numbers numbers,
        Lengths lengths,
        Set<Trait> traits) {
    ColumnSummary {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        traits = Set.copyOf(traits);
    }

    /** The kinds of types that are looked at in their own ways. */
    enum Nature {
        TEXT,
        NUMBER,
        TRUTH,
        MOMENT,
        /** Arrays, structs, maps and what else nobody looks into. */
        OTHER;

        static Nature of(DataType type) {
            if (type instanceof StringType) {
                return TEXT;
            }
            if (type instanceof NumericType) {
                return NUMBER;
            }
            if (type instanceof BooleanType) {
                return TRUTH;
            }
            return type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType
                    ? MOMENT
                    : OTHER;
        }
    }

    /** What values could be read as. */
    enum Reading {
        WHOLE_NUMBERS,
        NUMBERS,
        TRUTHS,
        TEXTS
    }

    /** What a rule could be made of. */
    enum Trait {
        FEW_VALUES,
        NOT_NEGATIVE,
        NEARLY_UNIQUE
    }

    /** @param deviation the standard deviation of all values */
    record Numbers(double minimum, double maximum, double mean, double deviation) {
        /** Whether none of them is NaN or infinite. */
        boolean areFinite() {
            return Double.isFinite(minimum)
                    && Double.isFinite(maximum)
                    && Double.isFinite(mean)
                    && Double.isFinite(deviation);
        }
    }

    /**
     * In characters.
     *
     * @param shortest 0 when there are missing values
     */
    record Lengths(int shortest, int longest) {}

    String name() {
        return field.name();
    }

    Nature nature() {
        return Nature.of(field.dataType());
    }

    boolean isComplete() {
        return completeness == 1;
    }

    boolean hasValues() {
        return completeness > 0;
    }

    /** How many rows have a value. */
    long present() {
        return Math.round(completeness * rows);
    }

    /** Whether equal values are likely to mean the same, as those of names and numbers without fractions are. */
    boolean canBeKey() {
        DataType type = field.dataType();
        boolean isFractional = type instanceof DoubleType
                || type instanceof FloatType
                || (type instanceof DecimalType decimal && decimal.scale() > 0);
        return nature() == Nature.TEXT || (nature() == Nature.NUMBER && !isFractional);
    }
}

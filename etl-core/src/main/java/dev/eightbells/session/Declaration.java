package dev.eightbells.session;

import dev.eightbells.pipeline.Sessions;
import dev.eightbells.pipeline.Sessions.Function;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** What becomes of a declared column's values: the type they are kept in, and how they are merged. */
final class Declaration {
    /** Ten more digits hold the sum of ten thousand million values. */
    private static final int DIGITS_FOR_SUMS = 10;

    private Declaration() {}

    /**
     * The type of a column that is made of values of a type.
     *
     * @throws IllegalArgumentException when it cannot be made of such values
     */
    static DataType typed(Sessions.Column column, DataType type) {
        String sql = column.expression();
        return switch (column.function()) {
            case COUNT -> {
                requirePredicate(sql, type);
                yield DataTypes.LongType;
            }
            case ANY -> {
                requirePredicate(sql, type);
                yield DataTypes.BooleanType;
            }
            case SUM -> summed(sql, type);
            case MIN, MAX, FIRST, LAST -> ordered(sql, type);
            case EXPRESSION -> stored(sql, type);
        };
    }

    private static void requirePredicate(String sql, DataType type) {
        if (!(type instanceof BooleanType)) {
            throw new IllegalArgumentException("'" + sql + "' is " + type.sql().toLowerCase(Locale.ROOT)
                    + ", not a condition; write something that is true or false, e.g. a comparison");
        }
    }

    private static DataType summed(String sql, DataType type) {
        if (type instanceof ByteType || type instanceof ShortType || type instanceof IntegerType) {
            return DataTypes.LongType;
        }
        if (type instanceof LongType) {
            return DataTypes.createDecimalType(DecimalType.MAX_PRECISION(), 0);
        }
        if (type instanceof DecimalType decimal) {
            return DataTypes.createDecimalType(
                    Math.min(DecimalType.MAX_PRECISION(), decimal.precision() + DIGITS_FOR_SUMS), decimal.scale());
        }
        if (type instanceof DoubleType || type instanceof FloatType) {
            throw new IllegalArgumentException("'" + sql + "' is a " + type.simpleString()
                    + ", whose sum depends on the order of events; cast it to decimal, e.g. cast(" + sql
                    + " as decimal(18,2))");
        }
        throw new IllegalArgumentException(
                "'" + sql + "' is " + type.simpleString() + "; sums are over integers and decimals");
    }

    private static DataType ordered(String sql, DataType type) {
        DataType stored = stored(sql, type);
        try {
            ValueOrder.of(stored);
        } catch (IllegalArgumentException unordered) {
            throw new IllegalArgumentException(
                    "'" + sql + "' is " + type.simpleString() + ", and " + unordered.getMessage(), unordered);
        }
        return stored;
    }

    private static DataType stored(String sql, DataType type) {
        if (type instanceof ByteType || type instanceof ShortType) {
            return DataTypes.IntegerType;
        }
        if (!isStored(type)) {
            throw new IllegalArgumentException(
                    "'" + sql + "' is " + type.simpleString() + ", which tables do not keep; cast it to another type");
        }
        return type;
    }

    private static boolean isStored(DataType type) {
        if (type instanceof ArrayType array) {
            return isStored(array.elementType());
        }
        if (type instanceof MapType map) {
            return map.keyType() instanceof StringType && isStored(map.valueType());
        }
        if (type instanceof StructType struct) {
            Set<String> names = new HashSet<>();
            for (StructField field : struct.fields()) {
                // Redshift and Glue cannot tell names apart by case, and nobody can tell none apart.
                boolean isNamed =
                        !field.name().isBlank() && names.add(field.name().toLowerCase(Locale.ROOT));
                if (!isNamed || !isStored(field.dataType())) {
                    return false;
                }
            }
            return true;
        }
        return type instanceof StringType
                || type instanceof BooleanType
                || type instanceof IntegerType
                || type instanceof LongType
                || type instanceof FloatType
                || type instanceof DoubleType
                || type instanceof DecimalType
                || type instanceof DateType
                || type instanceof TimestampType;
    }

    /** How values of an aggregate's type are merged. */
    static Aggregate aggregate(Function function, DataType type) {
        return switch (function) {
            case COUNT, SUM -> new Aggregate.Sum();
            case ANY, MAX -> new Aggregate.Greatest(ValueOrder.of(type));
            case MIN -> new Aggregate.Least(ValueOrder.of(type));
            case FIRST -> new Aggregate.First(ValueOrder.of(type));
            case LAST -> new Aggregate.Last(ValueOrder.of(type));
            case EXPRESSION -> throw new IllegalStateException("An expression is not merged.");
        };
    }
}

package dev.eightbells.session;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * An order of a type's values in which only equal values are equal; Spark's own takes 0.0 and -0.0 for the same, and then
 * whichever comes first would win. Nulls inside of values are the smallest.
 */
sealed interface ValueOrder extends Comparator<Object>, Serializable {

    /**
     * The order of a type.
     *
     * @throws IllegalArgumentException when its values have none: maps
     */
    static ValueOrder of(DataType type) {
        if (type instanceof ArrayType array) {
            return new OfArrays(array.elementType(), of(array.elementType()));
        }
        if (type instanceof StructType struct) {
            StructField[] fields = struct.fields();
            DataType[] types = new DataType[fields.length];
            ValueOrder[] orders = new ValueOrder[fields.length];
            for (int i = 0; i < fields.length; i++) {
                types[i] = fields[i].dataType();
                orders[i] = of(types[i]);
            }
            return new OfStructs(types, orders);
        }
        if (type instanceof org.apache.spark.sql.types.MapType) {
            throw new IllegalArgumentException("maps have no order; take one of its values");
        }
        return new OfPlainValues();
    }

    /** Text by its bytes, NaN as the greatest number. */
    record OfPlainValues() implements ValueOrder {
        @Override
        @SuppressWarnings("unchecked") // Both are of one type, and all plain types of Spark compare to themselves.
        public int compare(Object one, Object other) {
            return ((Comparable<Object>) one).compareTo(other);
        }
    }

    /** Element by element, a beginning before the whole. */
    record OfArrays(DataType type, ValueOrder order) implements ValueOrder {
        @Override
        public int compare(Object one, Object other) {
            ArrayData left = (ArrayData) one;
            ArrayData right = (ArrayData) other;
            int common = Math.min(left.numElements(), right.numElements());
            for (int i = 0; i < common; i++) {
                int compared = nullsFirst(left.get(i, type), right.get(i, type), order);
                if (compared != 0) {
                    return compared;
                }
            }
            return Integer.compare(left.numElements(), right.numElements());
        }
    }

    /** Field by field. */
    record OfStructs(DataType[] types, ValueOrder[] orders) implements ValueOrder {
        @Override
        public int compare(Object one, Object other) {
            InternalRow left = (InternalRow) one;
            InternalRow right = (InternalRow) other;
            for (int i = 0; i < types.length; i++) {
                int compared = nullsFirst(
                        left.isNullAt(i) ? null : left.get(i, types[i]),
                        right.isNullAt(i) ? null : right.get(i, types[i]),
                        orders[i]);
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        }
    }

    private static int nullsFirst(Object one, Object other, ValueOrder order) {
        if (one == null || other == null) {
            return Boolean.compare(one != null, other != null);
        }
        return order.compare(one, other);
    }
}

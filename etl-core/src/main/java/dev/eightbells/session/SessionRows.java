package dev.eightbells.session;

import dev.eightbells.Failure;
import java.math.BigDecimal;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;

/** Makes sessions of Spark's rows and rows of sessions; for one thread. */
final class SessionRows {
    private final SessionShape shape;
    private final StructField[] fields;
    private final DataType[] types;
    private final Object[] values;
    private final InternalRow row;
    private final UnsafeProjection projection;

    SessionRows(SessionShape shape) {
        this.shape = shape;
        this.fields = shape.onTheWay().fields();
        this.types = new DataType[fields.length];
        for (int i = 0; i < fields.length; i++) {
            types[i] = fields[i].dataType();
        }
        this.values = new Object[fields.length];
        this.row = new GenericInternalRow(values);
        this.projection = UnsafeProjection.create(types);
    }

    /** The visitor of a row, good for as long as the row is; null when there is none. */
    Object visitor(InternalRow from) {
        return from.isNullAt(SessionShape.VISITOR) ? null : from.get(SessionShape.VISITOR, types[SessionShape.VISITOR]);
    }

    /** The session of a row, good for as long as the row is. */
    Session session(InternalRow from) {
        int first = shape.firstValue();
        Object[] aggregates = new Object[shape.values()];
        for (int i = 0; i < aggregates.length; i++) {
            aggregates[i] = value(from, first + i);
        }
        return new Session(
                from.getLong(SessionShape.START),
                from.getLong(SessionShape.END),
                from.getLong(SessionShape.EVENTS),
                shape.hasKey() ? value(from, SessionShape.EVENTS + 1) : null,
                shape.hasKey() ? value(from, SessionShape.EVENTS + 2) : null,
                aggregates);
    }

    private Object value(InternalRow from, int i) {
        Object value = from.isNullAt(i) ? null : from.get(i, types[i]);
        return value instanceof Decimal decimal ? decimal.toJavaBigDecimal() : value;
    }

    /** The row of a session that does not come from the table; reused by the next call. */
    UnsafeRow row(Object visitor, Session session) {
        set(SessionShape.VISITOR, visitor);
        values[SessionShape.START] = session.start;
        values[SessionShape.END] = session.end;
        values[SessionShape.EVENTS] = session.events;
        if (shape.hasKey()) {
            set(SessionShape.EVENTS + 1, session.firstKey);
            set(SessionShape.EVENTS + 2, session.lastKey);
        }
        for (int i = 0; i < session.values.length; i++) {
            set(shape.firstValue() + i, session.values[i]);
        }
        values[shape.stored()] = false;
        return projection.apply(row);
    }

    private void set(int i, Object value) {
        values[i] = value instanceof BigDecimal number && types[i] instanceof DecimalType type
                ? decimal(number, type, fields[i].name())
                : value;
    }

    private static Decimal decimal(BigDecimal number, DecimalType type, String column) {
        if (number.precision() > type.precision()) {
            throw Failure.data(
                    "Cannot keep the sum of column " + column + " in a session: " + number
                            + " has more digits than " + type.simpleString()
                            + ". Leave events with such values out of the sum, and name another session table for the batches to come.");
        }
        return Decimal.apply(number, type.precision(), type.scale());
    }
}

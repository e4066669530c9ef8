package dev.eightbells.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.util.GenericArrayData;

/** A JSON array, element by element. */
final class ArrayCaster implements Caster {
    private final NullableCaster element;
    private final JsonCursor cursor = new JsonCursor();

    ArrayCaster(NullableCaster element) {
        this.element = element;
    }

    @Override
    public Object cast(byte[] bytes, int kind, int start, int end) {
        if (kind != Kind.ARRAY) {
            return FAILED;
        }
        List<Object> values = new ArrayList<>();
        cursor.enter(bytes, start);
        while (cursor.next()) {
            Object value = element.cast(bytes, cursor.kind(), cursor.start(), cursor.end());
            if (value == FAILED) {
                return FAILED;
            }
            values.add(value);
        }
        return new GenericArrayData(values.toArray());
    }
}

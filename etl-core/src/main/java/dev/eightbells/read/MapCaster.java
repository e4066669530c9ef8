package dev.eightbells.read;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/** A JSON object with unknown fields; of equal ones the last wins. */
final class MapCaster implements Caster {
    private final NullableCaster value;
    private final JsonCursor cursor = new JsonCursor();
    private final Unescaper unescaper = new Unescaper();

    MapCaster(NullableCaster value) {
        this.value = value;
    }

    @Override
    public Object cast(byte[] bytes, int kind, int start, int end) {
        if (kind != Kind.OBJECT) {
            return FAILED;
        }
        Map<UTF8String, int[]> spans = new LinkedHashMap<>();
        cursor.enter(bytes, start);
        while (cursor.next()) {
            int from = cursor.nameStart();
            int to = cursor.nameEnd();
            UTF8String name = cursor.isNameEscaped()
                    ? UTF8String.fromBytes(unescaper.unescape(bytes, from, to))
                    : UTF8String.fromBytes(bytes, from, to - from);
            spans.put(name, new int[] {cursor.kind(), cursor.start(), cursor.end()});
        }
        Object[] values = new Object[spans.size()];
        int size = 0;
        for (int[] span : spans.values()) {
            values[size] = value.cast(bytes, span[0], span[1], span[2]);
            if (values[size++] == FAILED) {
                return FAILED;
            }
        }
        return new ArrayBasedMapData(new GenericArrayData(spans.keySet().toArray()), new GenericArrayData(values));
    }
}

package dev.eightbells.read;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;

/** A JSON object with known fields: absent ones are null, others are left out, of equal ones the last wins. */
final class StructCaster implements Caster {
    private final FieldIndex index = new FieldIndex();
    private final NullableCaster[] casters;
    private final int[] positions;
    private final Fields fields;
    private final JsonCursor cursor = new JsonCursor();
    private final Unescaper unescaper = new Unescaper();

    StructCaster(List<String> names, List<NullableCaster> casters) {
        this.casters = casters.toArray(NullableCaster[]::new);
        this.positions =
                names.stream().mapToInt(name -> index.add(List.of(name))).toArray();
        this.fields = new Fields(index.slots());
    }

    @Override
    public Object cast(byte[] bytes, int kind, int start, int end) {
        if (kind != Kind.OBJECT) {
            return FAILED;
        }
        find(bytes, start);
        Object[] values = new Object[casters.length];
        for (int i = 0; i < casters.length; i++) {
            int slot = positions[i];
            values[i] = casters[i].cast(bytes, fields.kinds[slot], fields.starts[slot], fields.ends[slot]);
            if (values[i] == FAILED) {
                return FAILED;
            }
        }
        return new GenericInternalRow(values);
    }

    private void find(byte[] bytes, int start) {
        fields.clear();
        FieldIndex.Entry previous = null;
        cursor.enter(bytes, start);
        while (cursor.next()) {
            byte[] names = bytes;
            int from = cursor.nameStart();
            int to = cursor.nameEnd();
            if (cursor.isNameEscaped()) {
                names = unescaper.unescape(bytes, from, to);
                from = 0;
                to = names.length;
            }
            FieldIndex.Entry entry = index.root().find(previous, names, from, to);
            if (entry != null) {
                previous = entry;
                fields.set(entry.slot(), cursor.kind(), cursor.start(), cursor.end());
            }
        }
    }
}

package dev.eightbells.read;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.TableDefinition;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/** Turns the fields of one record into the values of one row of a table, or says which column they do not fit. */
final class RowCaster {
    private static final int LONGEST_EXCERPT = 80;
    private static final Pattern LINE_BREAKS = Pattern.compile("[ \t]*[\r\n]\\s*");
    private static final UTF8String[] NO_NAMES = {};

    private final List<Column> columns;
    private final NullableCaster[] casters;
    private final int[][] slots;
    private final boolean[] required;
    private final Fields fields;
    private final JsonTokenizer tokenizer;
    private final boolean rescues;
    private final Unescaper unescaper = new Unescaper();
    private final Object[] values;

    RowCaster(TableDefinition table) {
        this.columns = table.columns();
        this.casters = new NullableCaster[columns.size()];
        this.slots = new int[columns.size()][];
        this.required = new boolean[columns.size()];
        FieldIndex index = new FieldIndex();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            casters[i] = Casters.of(column, table.nullValues());
            slots[i] = column.from().stream().mapToInt(index::add).toArray();
            required[i] = column.required();
        }
        this.rescues = table.rescue() != null;
        this.fields = new Fields(index.slots());
        this.tokenizer = rescues ? JsonTokenizer.keepingUnknown(index, fields) : JsonTokenizer.of(index, fields);
        this.values = new Object[columns.size() + (rescues ? 1 : 0)];
    }

    /** The tokenizer that notes the fields. */
    JsonTokenizer tokenizer() {
        return tokenizer;
    }

    /** The values of the row cast last, in an array that is used again. */
    Object[] values() {
        return values;
    }

    /** Casts the record in these bytes; gives null, or the rejection (without text). */
    Rejection cast(byte[] bytes) {
        for (int i = 0; i < casters.length; i++) {
            Object value = null;
            for (int slot : slots[i]) {
                value = casters[i].cast(bytes, fields.kinds[slot], fields.starts[slot], fields.ends[slot]);
                if (value == Caster.FAILED) {
                    return notCastable(columns.get(i), bytes, slot);
                }
                if (value != null) {
                    break;
                }
            }
            if (value == null && required[i]) {
                return missing(columns.get(i));
            }
            values[i] = value;
        }
        if (rescues) {
            values[casters.length] = fields.unknown() == 0 ? null : rescued(bytes);
        }
        return null;
    }

    private static Rejection missing(Column column) {
        return new Rejection(
                Rejection.MISSING_REQUIRED,
                column.name(),
                "The required column " + column.name() + " has no value (from " + paths(column) + ").",
                null);
    }

    private static String paths(Column column) {
        return String.join(
                ", ", column.from().stream().map(path -> String.join(".", path)).toList());
    }

    private Rejection notCastable(Column column, byte[] bytes, int slot) {
        int quote = Kind.isString(fields.kinds[slot]) ? 1 : 0;
        int from = fields.starts[slot] - quote;
        int to = fields.ends[slot] + quote;
        String text = new String(bytes, from, Math.min(to - from, 4 * (LONGEST_EXCERPT + 1)), StandardCharsets.UTF_8);
        if (text.codePointCount(0, text.length()) > LONGEST_EXCERPT) {
            text = text.substring(0, text.offsetByCodePoints(0, LONGEST_EXCERPT)) + "…";
        }
        text = LINE_BREAKS.matcher(text).replaceAll(" ");
        String how = column.formats().isEmpty() ? "" : " (formats " + String.join(", ", column.formats()) + ")";
        return new Rejection(
                Rejection.NOT_CASTABLE,
                column.name(),
                "The column " + column.name() + " does not take " + text + ": it cannot become "
                        + column.type().ddl() + how + " without loss.",
                null);
    }

    /** The unknown fields as one JSON object, as they stand; of equal ones the last. */
    private UTF8String rescued(byte[] bytes) {
        int count = fields.unknown();
        boolean[] repeated = new boolean[count];
        int size = 1;
        UTF8String[] names = count == 1 ? NO_NAMES : names(bytes, count);
        Set<UTF8String> seen = new HashSet<>();
        for (int i = count - 1; i >= 0; i--) {
            repeated[i] = count > 1 && !seen.add(names[i]);
            if (!repeated[i]) {
                size += fields.nameEnd(i) - fields.nameStart(i) + fields.valueEnd(i) - fields.valueStart(i) + 2;
            }
        }
        byte[] json = new byte[size];
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (!repeated[i]) {
                json[at] = (byte) (at == 0 ? '{' : ',');
                at = copy(bytes, fields.nameStart(i), fields.nameEnd(i), json, at + 1);
                json[at] = ':';
                at = copy(bytes, fields.valueStart(i), fields.valueEnd(i), json, at + 1);
            }
        }
        json[at] = '}';
        return UTF8String.fromBytes(json);
    }

    private UTF8String[] names(byte[] bytes, int count) {
        UTF8String[] names = new UTF8String[count];
        for (int i = 0; i < count; i++) {
            int from = fields.nameStart(i) + 1;
            int to = fields.nameEnd(i) - 1;
            boolean plain = true;
            for (int k = from; k < to && plain; k++) {
                plain = bytes[k] != '\\';
            }
            names[i] = plain
                    ? UTF8String.fromBytes(bytes, from, to - from)
                    : UTF8String.fromBytes(unescaper.unescape(bytes, from, to));
        }
        return names;
    }

    private static int copy(byte[] from, int start, int end, byte[] to, int at) {
        System.arraycopy(from, start, to, at, end - start);
        return at + end - start;
    }
}

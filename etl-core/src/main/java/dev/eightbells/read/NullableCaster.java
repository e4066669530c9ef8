package dev.eightbells.read;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What every value goes through, at any depth: null is null, escapes are resolved, and some strings mean null. */
final class NullableCaster {
    private final Caster caster;
    private final byte[][] nullValues;
    private final Unescaper unescaper = new Unescaper();

    NullableCaster(Caster caster, List<String> nullValues) {
        this.caster = caster;
        this.nullValues = nullValues.stream()
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** The value, null, or {@link Caster#FAILED}. */
    Object cast(byte[] bytes, int kind, int start, int end) {
        if (kind == Kind.STRING) {
            return isNull(bytes, start, end) ? null : caster.cast(bytes, kind, start, end);
        }
        if (kind == Kind.ESCAPED) {
            byte[] plain = unescaper.unescape(bytes, start, end);
            return isNull(plain, 0, plain.length) ? null : caster.cast(plain, Kind.STRING, 0, plain.length);
        }
        return Kind.isNone(kind) ? null : caster.cast(bytes, kind, start, end);
    }

    private boolean isNull(byte[] bytes, int start, int end) {
        for (byte[] value : nullValues) {
            if (value.length == end - start && Arrays.equals(bytes, start, end, value, 0, value.length)) {
                return true;
            }
        }
        return false;
    }
}

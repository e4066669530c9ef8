package dev.eightbells.read;

import java.util.List;

/** Text or numbers to microseconds since 1970 in UTC. */
final class TimestampCaster implements Caster {
    /** 0001-01-01T00:00:00Z. */
    static final long FIRST = -62_135_596_800_000_000L;

    /** 9999-12-31T23:59:59.999999Z. */
    static final long LAST = 253_402_300_799_999_999L;

    private final TimeFormat[] formats;
    private final LocalZone zone;
    private final TimeFields fields = new TimeFields();

    TimestampCaster(List<TimeFormat> formats, LocalZone zone) {
        this.formats = formats.toArray(TimeFormat[]::new);
        this.zone = zone;
    }

    @Override
    public Object cast(byte[] bytes, int kind, int start, int end) {
        for (TimeFormat format : formats) {
            if (format.read(bytes, kind, start, end, fields) && fields.isValid()) {
                return micros();
            }
        }
        return FAILED;
    }

    private Object micros() {
        long local = fields.localSeconds();
        int offset = fields.offset;
        if (!fields.hasOffset) {
            offset = (fields.region == null ? zone : LocalZone.of(fields.region)).offsetAt(local);
            if (offset == LocalZone.GAP) {
                return FAILED;
            }
        }
        long micros = (local - offset) * 1_000_000 + fields.micros;
        return micros < FIRST || micros > LAST ? FAILED : (Object) micros;
    }
}

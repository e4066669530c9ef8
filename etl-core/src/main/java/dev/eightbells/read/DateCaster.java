package dev.eightbells.read;

import java.time.Instant;
import java.util.List;

/** Text or numbers to days since 1970. A time of day other than midnight would be lost, so it does not cast. */
final class DateCaster implements Caster {
    private final TimeFormat[] formats;
    private final LocalZone zone;
    private final TimeFields fields = new TimeFields();

    DateCaster(List<TimeFormat> formats, LocalZone zone) {
        this.formats = formats.toArray(TimeFormat[]::new);
        this.zone = zone;
    }

    @Override
    public Object cast(byte[] bytes, int kind, int start, int end) {
        for (TimeFormat format : formats) {
            if (format.read(bytes, kind, start, end, fields) && fields.isValid()) {
                return format instanceof EpochFormat ? day() : dayAsWritten();
            }
        }
        return FAILED;
    }

    private Object dayAsWritten() {
        return fields.secondOfDay() == 0 && fields.micros == 0 ? (Object) (int) fields.epochDay() : FAILED;
    }

    /** The day in the column's zone that begins at this instant. */
    private Object day() {
        long seconds = fields.localSeconds();
        long local = seconds + zone.offsetAt(Instant.ofEpochSecond(seconds));
        boolean isMidnight = Math.floorMod(local, 86_400) == 0 && fields.micros == 0;
        return isMidnight ? (Object) (int) Math.floorDiv(local, 86_400) : FAILED;
    }
}

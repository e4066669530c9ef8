package dev.eightbells.read;

/** A number of seconds, milliseconds or microseconds since 1970 in UTC, perhaps as a string, perhaps with a fraction. */
final class EpochFormat implements TimeFormat {
    private static final long MICROS_OF_DAY = 86_400_000_000L;

    private final int shift;
    private final NumberText number = new NumberText();

    /** @param shift which power of ten makes the unit microseconds */
    EpochFormat(int shift) {
        this.shift = shift;
    }

    @Override
    public boolean read(byte[] bytes, int kind, int start, int end, TimeFields into) {
        boolean isNumber = Kind.isNumber(kind) || kind == Kind.STRING;
        if (!isNumber || !number.parse(bytes, start, end) || !number.toWhole(shift)) {
            return false;
        }
        long micros = number.whole();
        if (micros < TimestampCaster.FIRST || micros > TimestampCaster.LAST) {
            return false;
        }
        into.clear();
        java.time.LocalDate date = java.time.LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_OF_DAY));
        into.year = date.getYear();
        into.month = date.getMonthValue();
        into.day = date.getDayOfMonth();
        long ofDay = Math.floorMod(micros, MICROS_OF_DAY);
        int seconds = (int) (ofDay / 1_000_000);
        into.hour = seconds / 3600;
        into.minute = seconds / 60 % 60;
        into.second = seconds % 60;
        into.micros = (int) (ofDay % 1_000_000);
        into.hasOffset = true;
        return true;
    }
}

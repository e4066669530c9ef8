package dev.eightbells.pipeline;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, sizes and shares as pipeline files write them: {@code 30m}, {@code 16MB}, {@code 5%}. */
final class Quantity {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,19}) ?([A-Za-z]+)");
    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,9})? ?%");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    // From large to small, so that the first that divides an amount writes it shortest.
    private static final List<Unit> SECONDS =
            List.of(new Unit("d", 86_400), new Unit("h", 3_600), new Unit("m", 60), new Unit("s", 1));
    private static final List<Unit> BYTES = List.of(
            new Unit("TB", 1L << 40),
            new Unit("GB", 1L << 30),
            new Unit("MB", 1L << 20),
            new Unit("KB", 1L << 10),
            new Unit("B", 1));

    private Quantity() {}

    /** Reads {@code 7d}, {@code 4h}, {@code 30m} or {@code 90s}; at most 100 years. */
    static Duration duration(String text) {
        String remedy = "'" + text + "' is no duration; write a whole number with d, h, m or s, e.g. 4h";
        long seconds = amount(text, SECONDS, remedy);
        if (seconds > LONGEST.toSeconds()) {
            throw new IllegalArgumentException("'" + text + "' is longer than " + LONGEST.toDays() + "d; write less");
        }

        return Duration.ofSeconds(seconds);
    }

    /** The shortest text that {@link #duration} reads as the given one, which has whole seconds. */
    static String text(Duration duration) {
        return shortest(duration.toSeconds(), SECONDS);
    }

    /** Reads {@code 200GB}, {@code 16MB}, {@code 64KB} or {@code 100B}; a KB is 1,024 bytes. */
    static long bytes(String text) {
        return amount(
                text, BYTES, "'" + text + "' is no size; write a whole number with B, KB, MB, GB or TB, e.g. 16MB");
    }

    /** The shortest text that {@link #bytes} reads as the given number. */
    static String text(long bytes) {
        return shortest(bytes, BYTES);
    }

    /** Reads {@code 5%} as a fraction of one. */
    static BigDecimal share(String text) {
        if (!PERCENT.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no share; write a percentage, e.g. 5%");
        }

        BigDecimal share = new BigDecimal(text.replace("%", "").strip()).divide(HUNDRED);
        if (share.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("'" + text + "' is more than 100%; write less");
        }

        return share.stripTrailingZeros();
    }

    /** The text that {@link #share} reads as the given fraction. */
    static String text(BigDecimal share) {
        return share.multiply(HUNDRED).stripTrailingZeros().toPlainString() + "%";
    }

    private static long amount(String text, List<Unit> units, String remedy) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        Unit unit = units.stream()
                .filter(known -> matcher.matches() && known.name().equals(matcher.group(2)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(remedy));
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit.size());
        } catch (ArithmeticException | NumberFormatException overflow) {
            throw new IllegalArgumentException("'" + text + "' is too large; write less", overflow);
        }
    }

    private static String shortest(long amount, List<Unit> units) {
        return units.stream()
                .filter(unit -> amount % unit.size() == 0)
                .findFirst()
                .map(unit -> amount / unit.size() + unit.name())
                .orElseThrow();
    }

    private record Unit(String name, long size) {}
}

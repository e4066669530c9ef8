package dev.eightbells.quality;

/** What came out when something was measured. */
sealed interface Measured {
    /** A number, neither NaN nor infinite. */
    record Value(double value) implements Measured {}

    /** There was nothing to measure it of; the reason goes into a sentence: {@code the column has no values}. */
    record Nothing(String reason) implements Measured {}

    /** It could not be measured, which says nothing about the data. */
    record Broken(Throwable error) implements Measured {}

    /** A number, or nothing where there is no number. */
    static Measured of(double value) {
        return Double.isFinite(value) ? new Value(value) : new Nothing("it is no number there");
    }
}

package dev.eightbells.quality;

/** What can be measured of a data set or of its columns. */
enum Statistic {
    ROW_COUNT("RowCount", Reads.NOTHING),
    COLUMN_COUNT("ColumnCount", Reads.NOTHING),
    COMPLETENESS("Completeness", Reads.ANY),
    MEAN("Mean", Reads.NUMBERS),
    SUM("Sum", Reads.NUMBERS),
    STANDARD_DEVIATION("StandardDeviation", Reads.NUMBERS),
    VARIANCE("Variance", Reads.NUMBERS),
    RANGE("Range", Reads.NUMBERS),
    SKEWNESS("Skewness", Reads.NUMBERS),
    KURTOSIS("Kurtosis", Reads.NUMBERS),
    INTERQUARTILE_RANGE("InterquartileRange", Reads.NUMBERS),
    ZEROS_COUNT("ZerosCount", Reads.NUMBERS),
    CORRELATION("ColumnCorrelation", Reads.NUMBERS),
    MINIMUM("Minimum", Reads.NUMBERS),
    MAXIMUM("Maximum", Reads.NUMBERS),
    MINIMUM_LENGTH("MinimumLength", Reads.ANY),
    MAXIMUM_LENGTH("MaximumLength", Reads.ANY),
    UNIQUENESS("Uniqueness", Reads.GROUPS),
    UNIQUE_VALUE_RATIO("UniqueValueRatio", Reads.GROUPS),
    DISTINCT_VALUES_COUNT("DistinctValuesCount", Reads.GROUPS),
    ENTROPY("Entropy", Reads.GROUPS),
    DUPLICATE_ROW_COUNT("DuplicateRowCount", Reads.GROUPS);

    private final String text;
    private final Reads reads;

    Statistic(String text, Reads reads) {
        this.text = text;
        this.reads = reads;
    }

    /** What a statistic looks at. */
    private enum Reads {
        NOTHING,
        ANY,
        NUMBERS,
        /** Values that are equal, counted together. */
        GROUPS
    }

    /** The name that Glue gives it. */
    String text() {
        return text;
    }

    /** Whether only columns of numbers have it. */
    boolean isOfNumbers() {
        return reads == Reads.NUMBERS;
    }

    /** Whether equal values must be brought together for it. */
    boolean isGrouped() {
        return reads == Reads.GROUPS;
    }
}

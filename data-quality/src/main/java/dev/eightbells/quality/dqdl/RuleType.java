package dev.eightbells.quality.dqdl;

import java.util.Set;

/** The rule types of the language, and which parts each may have. */
public enum RuleType {
    AGGREGATE_MATCH("AggregateMatch", 2, 2, Conditions.NUMBER),
    ALL_STATISTICS("AllStatistics", 1, 1, Conditions.NONE, Part.ONLY_ANALYZER),
    COLUMN_CORRELATION("ColumnCorrelation", 2, 2, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    COLUMN_COUNT("ColumnCount", 0, 0, Conditions.NUMBER, Part.ANALYZER),
    COLUMN_DATA_TYPE("ColumnDataType", 1, 1, Conditions.TEXT, Part.WHERE, Part.THRESHOLD, Part.TAGS),
    COLUMN_EXISTS("ColumnExists", 1, 1, Conditions.NONE),
    COLUMN_LENGTH("ColumnLength", 1, 1, Conditions.NUMBER, Part.WHERE, Part.THRESHOLD, Part.ANALYZER),
    COLUMN_NAMES_MATCH_PATTERN("ColumnNamesMatchPattern", 1, 1, Conditions.NONE),
    COLUMN_VALUES("ColumnValues", 1, 1, Conditions.VALUE, Part.WHERE, Part.THRESHOLD, Part.ANALYZER),
    COMPLETENESS("Completeness", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    CUSTOM_SQL("CustomSql", 1, 1, Conditions.OPTIONAL_NUMBER, Part.THRESHOLD),
    DATA_FRESHNESS("DataFreshness", 1, 1, Conditions.DURATION, Part.WHERE),
    DATASET_MATCH("DatasetMatch", 2, 3, Conditions.NUMBER),
    DETECT_ANOMALIES("DetectAnomalies", 1, 3, Conditions.NONE),
    DISTINCT_VALUES_COUNT("DistinctValuesCount", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    DUPLICATE_ROW_COUNT("DuplicateRowCount", 0, Integer.MAX_VALUE, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    ENTROPY("Entropy", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    FILE_FRESHNESS("FileFreshness", 0, 1, Conditions.MOMENT, Part.THRESHOLD, Part.TAGS),
    FILE_MATCH("FileMatch", 0, 2, Conditions.OPTIONAL_TEXT, Part.TAGS),
    FILE_SIZE("FileSize", 0, 1, Conditions.SIZE, Part.THRESHOLD),
    FILE_UNIQUENESS("FileUniqueness", 0, 1, Conditions.NUMBER, Part.TAGS),
    INTERQUARTILE_RANGE("InterquartileRange", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    IS_COMPLETE("IsComplete", 1, 1, Conditions.NONE, Part.WHERE),
    IS_PRIMARY_KEY("IsPrimaryKey", 1, Integer.MAX_VALUE, Conditions.NONE, Part.WHERE),
    IS_UNIQUE("IsUnique", 1, Integer.MAX_VALUE, Conditions.NONE, Part.WHERE),
    KURTOSIS("Kurtosis", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    MEAN("Mean", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    RANGE("Range", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    REFERENTIAL_INTEGRITY("ReferentialIntegrity", 2, 2, Conditions.NUMBER),
    ROW_COUNT("RowCount", 0, 0, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    ROW_COUNT_MATCH("RowCountMatch", 1, 1, Conditions.NUMBER),
    SCHEMA_MATCH("SchemaMatch", 1, 1, Conditions.NUMBER),
    SKEWNESS("Skewness", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    STANDARD_DEVIATION("StandardDeviation", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    SUM("Sum", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    UNIQUENESS("Uniqueness", 1, Integer.MAX_VALUE, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    UNIQUE_VALUE_RATIO("UniqueValueRatio", 1, Integer.MAX_VALUE, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    VARIANCE("Variance", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER),
    ZEROS_COUNT("ZerosCount", 1, 1, Conditions.NUMBER, Part.WHERE, Part.ANALYZER);

    private final String dqdl;
    private final int leastParameters;
    private final int mostParameters;
    private final Conditions conditions;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of
    private final Set<Part> parts;

    RuleType(String dqdl, int leastParameters, int mostParameters, Conditions conditions, Part... parts) {
        this.dqdl = dqdl;
        this.leastParameters = leastParameters;
        this.mostParameters = mostParameters;
        this.conditions = conditions;
        this.parts = Set.of(parts);
    }

    /** Which condition a rule of the type has. */
    public enum Conditions {
        NONE,
        NUMBER,
        OPTIONAL_NUMBER,
        TEXT,
        OPTIONAL_TEXT,
        /** Numbers, texts or moments. */
        VALUE,
        DURATION,
        MOMENT,
        SIZE
    }

    /** What else a rule of the type may have, or where it may stand. */
    public enum Part {
        WHERE,
        THRESHOLD,
        TAGS,
        /** It may stand among the analyzers, too. */
        ANALYZER,
        /** It stands among the analyzers only. */
        ONLY_ANALYZER
    }

    /** The type's name in the language. */
    public String dqdl() {
        return dqdl;
    }

    public int leastParameters() {
        return leastParameters;
    }

    public int mostParameters() {
        return mostParameters;
    }

    public Conditions conditions() {
        return conditions;
    }

    public boolean has(Part part) {
        return parts.contains(part);
    }
}

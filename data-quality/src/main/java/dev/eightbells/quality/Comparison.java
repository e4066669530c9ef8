package dev.eightbells.quality;

/** How a data set is compared with another one, as a whole. */
sealed interface Comparison {
    /** The name of the other data set. */
    String reference();

    /** The number of rows, as a share of the other's. */
    record OfRowCounts(String reference) implements Comparison {}

    /** The share of columns that the other has, too, with the same type. */
    record OfSchemas(String reference) implements Comparison {}

    /**
     * An aggregate, as a share of the other's.
     *
     * @param own over this data set
     * @param other over the other one, or over this one when {@code reference} is null
     */
    record OfAggregates(Aggregate own, Aggregate other, String reference) implements Comparison {}

    /** A sum or an average of a column. */
    record Aggregate(Function function, String column) {}

    /** What is computed. */
    enum Function {
        SUM,
        AVG
    }
}

package dev.eightbells.write;

import java.io.Serializable;

/**
 * What was measured of a column over the rows written.
 *
 * @param maxBytes the longest value in UTF-8, in bytes; null for columns that hold no text, 0 without values
 * @param nulls the rows without a value
 */
public record ColumnStatistics(Long maxBytes, long nulls) implements Serializable {}

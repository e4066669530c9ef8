package dev.eightbells.write;

import java.io.Serializable;
import java.util.List;
import org.apache.iceberg.DataFile;

/**
 * What one writing task did.
 *
 * @param files the files it wrote
 * @param written their rows
 * @param duplicates the rows it dropped
 * @param maxBytes by column, the longest text in bytes; 0 for columns without text
 * @param nulls by column, the rows without a value
 */
record WriteReport(List<DataFile> files, long written, long duplicates, long[] maxBytes, long[] nulls)
        implements Serializable {}

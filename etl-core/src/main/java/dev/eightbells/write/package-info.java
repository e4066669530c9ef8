/**
 * From the raw objects of a batch to Parquet files that are ready to commit, with every record accounted for. Two stages
 * of Spark tasks: the first reads and casts, and sends each row to its place by partition and key; the second drops
 * duplicates and writes. Counts travel with the rows, so that a task that ran twice counts once.
 */
package dev.eightbells.write;

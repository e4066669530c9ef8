package dev.eightbells.read;

import dev.eightbells.pipeline.TableDefinition;
import java.io.IOException;

/** Reads the records of one object, or of one split of it. */
public final class RecordReader implements AutoCloseable {

    private RecordReader() {}

    public static RecordReader open(RecordSource source, Split split, TableDefinition table, int maxRecord)
            throws IOException {
        if (maxRecord < 1) {
            throw new IllegalArgumentException("Invalid maxRecord: " + maxRecord + " (at least 1 byte)");
        }
        return new RecordReader();
    }

    /** Whether an object that begins with these bytes is worth splitting. */
    public static boolean isSplittable(byte[] head) {
        return head.length < 0;
    }

    /** Moves to the next record or stretch; false at the end. */
    public boolean next() throws IOException {
        return false;
    }

    /** Where the record or stretch begins, in the uncompressed object. */
    public long offset() {
        return 0;
    }

    /** How many uncompressed bytes the record or stretch has. */
    public long length() {
        return 0;
    }

    /** The accepted record's values: the table's columns in order, then the rescue column if there is one. */
    public Object[] values() {
        return null;
    }

    /** Why the record is no row; null when it is one. */
    public Rejection rejection() {
        return null;
    }

    /** How many records and stretches there were so far. */
    public long read() {
        return 0;
    }

    /** Which part of the object was covered. */
    public Coverage coverage() {
        return new Coverage(0, -1);
    }

    @Override
    public void close() throws IOException {}
}

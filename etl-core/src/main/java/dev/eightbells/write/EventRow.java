package dev.eightbells.write;

import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;

/**
 * One row on its way from the task that read it to the task that writes it: the partition it lies in, where it came
 * from, and its columns in Spark's own binary form.
 */
final class EventRow {
    private static final int HEADER = 16;

    private final byte[] bytes;

    private EventRow(byte[] bytes) {
        this.bytes = bytes;
    }

    static EventRow of(byte[] bytes) {
        return new EventRow(bytes);
    }

    static byte[] encode(int partition, int ordinal, long offset, UnsafeRow columns) {
        byte[] bytes = new byte[HEADER + columns.getSizeInBytes()];
        Platform.putInt(bytes, Platform.BYTE_ARRAY_OFFSET, partition);
        Platform.putInt(bytes, Platform.BYTE_ARRAY_OFFSET + 4L, ordinal);
        Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + 8L, offset);
        columns.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + (long) HEADER);
        return bytes;
    }

    int partition() {
        return Platform.getInt(bytes, Platform.BYTE_ARRAY_OFFSET);
    }

    /** The place of the object in the manifest. */
    int ordinal() {
        return Platform.getInt(bytes, Platform.BYTE_ARRAY_OFFSET + 4L);
    }

    /** Where the record begins in the uncompressed object. */
    long offset() {
        return Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + 8L);
    }

    /** Whether this row's record stands before the other's in the manifest's objects. */
    boolean isBefore(EventRow other) {
        return ordinal() != other.ordinal() ? ordinal() < other.ordinal() : offset() < other.offset();
    }

    /** Points a reusable row at the columns. */
    UnsafeRow columns(UnsafeRow reusable) {
        reusable.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET + (long) HEADER, bytes.length - HEADER);
        return reusable;
    }
}

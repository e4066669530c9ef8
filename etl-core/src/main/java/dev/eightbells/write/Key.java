package dev.eightbells.write;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;

/** A key within its partition, comparable by its bytes. */
final class Key {
    private final byte[] bytes;
    private final int hash;

    private Key(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    static Key of(int partition, UnsafeRow key) {
        byte[] bytes = new byte[4 + key.getSizeInBytes()];
        Platform.putInt(bytes, Platform.BYTE_ARRAY_OFFSET, partition);
        key.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + 4L);
        return new Key(bytes);
    }

    static Key ofBytes(byte[] bytes) {
        return new Key(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

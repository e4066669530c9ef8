package dev.eightbells.read;

import java.util.Objects;

/**
 * One object to read.
 *
 * @param location its full name, for messages
 * @param bytes its stored bytes
 * @param size how many stored bytes it has; negative when that is not known. A stream that ends anywhere else fails.
 */
public record RecordSource(String location, ByteSource bytes, long size) {
    public RecordSource {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(bytes, "bytes");
    }
}

package dev.eightbells.write;

import java.io.Serializable;

/**
 * How much of something there is.
 *
 * @param bytes of the rows in Spark's form
 */
public record Volume(long rows, long bytes) implements Serializable {
    public Volume plus(Volume other) {
        return new Volume(rows + other.rows, bytes + other.bytes);
    }
}

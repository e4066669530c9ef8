package dev.eightbells.quality;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/**
 * A raw file that rows were read from.
 *
 * @param location its full name
 * @param bytes its size as stored
 * @param modified when it was written
 * @param content opens it; asked only by rules that compare contents
 */
public record FileFact(String location, long bytes, Instant modified, Content content) {

    /** The bytes of a file. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }
}

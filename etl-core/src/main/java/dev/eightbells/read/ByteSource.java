package dev.eightbells.read;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one object as they are stored. */
@FunctionalInterface
public interface ByteSource {

    /** A new stream of the stored bytes from this offset to the end; the caller closes it. */
    InputStream open(long offset) throws IOException;
}

package dev.eightbells.read;

import java.io.Serializable;

/**
 * Which part of an object a finished read covered. The splits of an object gave what the unsplit read gives exactly when
 * the first one's {@code first} is 0 and each {@code last} is the next one's {@code first}.
 *
 * @param first where the read began
 * @param last where it stopped: a clean boundary at or after the split's end (at top level, outside an array, between
 *     records, at a line start), or the object's end; -1 as long as the read goes on
 */
public record Coverage(long first, long last) implements Serializable {}

package dev.eightbells.write;

import java.io.Serializable;

/**
 * A file of rejected records.
 *
 * @param location relative to the lake
 * @param bytes the size as stored
 * @param records how many it holds; at least 1
 */
public record QuarantineFile(String location, long bytes, long records) implements Serializable {}

package dev.eightbells.write;

import java.io.Serializable;

/**
 * A file that says which records of a batch were dropped for which: those whose key an earlier record of the batch has.
 *
 * @param location relative to the lake
 * @param bytes the size as stored
 * @param records how many dropped records it tells of; at least 1
 */
public record DuplicatesFile(String location, long bytes, long records) implements Serializable {}

package dev.eightbells.write;

/**
 * Where a record stands.
 *
 * @param object the full name of the raw object
 * @param offset where it begins in the uncompressed object, in bytes
 */
record Place(String object, long offset) {}

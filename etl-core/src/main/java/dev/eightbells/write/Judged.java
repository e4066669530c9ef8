package dev.eightbells.write;

/**
 * What became of the rows of a slot: those that stay, one by one; how many were dropped; and which of these were dropped for
 * a row that stays, where that is noted.
 */
sealed interface Judged {

    /** A row to be written. */
    record Kept(EventRow row) implements Judged {}

    /** How many rows had a key that was there already, in the batch or in the table. */
    record Dropped(long rows) implements Judged {}

    /**
     * A row, counted before among those that were dropped, that had the key of one that stays.
     *
     * @param ordinal the place of its object in the manifest
     * @param offset where its record begins in the uncompressed object
     * @param winner the one that stays
     */
    record Lost(int ordinal, long offset, EventRow winner) implements Judged {}
}

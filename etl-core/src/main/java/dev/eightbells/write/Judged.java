package dev.eightbells.write;

/** What became of the rows of a slot: those that stay, one by one, and how many were dropped. */
sealed interface Judged {

    /** A row to be written. */
    record Kept(EventRow row) implements Judged {}

    /** How many rows had a key that was there already. */
    record Dropped(long rows) implements Judged {}
}

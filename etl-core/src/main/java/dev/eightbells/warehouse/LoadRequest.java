package dev.eightbells.warehouse;

/** What a load is to bring. */
public enum LoadRequest {
    /** The commits that are not in the warehouse yet. */
    WHAT_IS_NEW,
    /** All rows, in place of those that the warehouse has. */
    EVERYTHING
}

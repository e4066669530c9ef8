package dev.eightbells.store;

import dev.eightbells.Failure;

/** What was planned is what is read, or one of these. */
final class PlannedObject {

    private PlannedObject() {}

    static Failure gone(Location location, String key) {
        return Failure.data("Cannot read " + location.resolve(key)
                + ": it is gone since it was planned. Restore it, or abandon the batch that holds it with --return.");
    }

    static Failure changed(Location location, String key) {
        return Failure.data(
                "Cannot read " + location.resolve(key)
                        + ": it has changed since it was planned. Abandon the batch that holds it with --return, and run again.");
    }
}

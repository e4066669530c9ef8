package dev.eightbells.quality;

import dev.eightbells.batch.BatchId;
import java.util.Locale;

/** How a batch stands to its window. */
enum BatchKind {
    /** The window's first batch, which holds what usually arrives in a window. */
    REGULAR,
    /** A further batch, of what the first one left over. */
    FURTHER,
    /** Records out of quarantine, once more. */
    REPLAY;

    static BatchKind of(BatchId batch) {
        if (batch.kind() == BatchId.Kind.REPLAY) {
            return REPLAY;
        }
        return batch.sequence() == 1 ? REGULAR : FURTHER;
    }

    /** The kind as it is stored. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

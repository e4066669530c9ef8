package dev.eightbells.batch;

import dev.eightbells.pipeline.Layout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

/** The folders of any layout but flat as stretches of time, and bounds as stretches of keys. */
record Folders(Layout layout) {
    /** Where the folder of an instant begins. */
    Instant floor(Instant instant) {
        return layout.folderStart(instant);
    }

    /** Where the last folder that begins before an instant ends. */
    Instant ceiling(Instant instant) {
        Instant start = floor(instant.minusNanos(1));
        return Stream.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1))
                .map(start::plus)
                .filter(next -> !floor(next).equals(start))
                .findFirst()
                .orElse(instant);
    }

    /** The key after which the listing of these bounds starts. */
    String startAfter(Bounds bounds) {
        return bounds.from() == null ? "" : layout.folder(bounds.from());
    }

    /** The name of the last folder in these bounds. */
    String last(Bounds bounds) {
        return layout.folder(bounds.to().minusNanos(1));
    }

    /** Whether a key comes before the end of the folder, in the order of listings. */
    static boolean isBeforeEnd(String key, String folder) {
        return key.startsWith(folder)
                || Arrays.compareUnsigned(key.getBytes(StandardCharsets.UTF_8), folder.getBytes(StandardCharsets.UTF_8))
                        < 0;
    }
}

package dev.eightbells.samples;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a generator wrote, counted while it wrote: what an exact pipeline must find again.
 *
 * @param files the raw files
 * @param bytes their size as stored
 * @param uncompressedBytes their size when every file is plain
 * @param counts what a run over all files must count
 * @param late events first delivered into the folder of a later hour than the one they happened in; malformed ones
 *     left out
 * @param visitors different visitors among the events that are no malformed ones; 0 in samples without visitors
 * @param sessions runs of one visitor's events, malformed ones left out, in which no gap is longer than 30 minutes; 0
 *     in samples without visitors
 * @param hours the counts by hour of delivery (its beginning), for hours that have any; an event counts as written
 *     where it is delivered first
 */
public record Generated(
        long files,
        long bytes,
        long uncompressedBytes,
        Counts counts,
        long late,
        long visitors,
        long sessions,
        SortedMap<Instant, Counts> hours) {
    public Generated {
        hours = Collections.unmodifiableSortedMap(new TreeMap<>(hours));
    }

    /**
     * What a run must count over the files of whole hours, from the first to before the last, when all before have
     * run.
     */
    public Counts between(Instant from, Instant to) {
        return hours.subMap(from, to).values().stream().reduce(Counts.NONE, Counts::plus);
    }

    /**
     * The records of some files: {@code read = written + duplicates + quarantined}.
     *
     * @param read all of them
     * @param written those that become rows
     * @param duplicates those whose event was delivered before
     * @param quarantined the malformed ones
     */
    public record Counts(long read, long written, long duplicates, long quarantined) {
        static final Counts NONE = new Counts(0, 0, 0, 0);

        /** Both together. */
        public Counts plus(Counts other) {
            return new Counts(
                    read + other.read,
                    written + other.written,
                    duplicates + other.duplicates,
                    quarantined + other.quarantined);
        }
    }
}

package dev.eightbells.warehouse;

import dev.eightbells.table.Partitioning;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows of the lake that are loaded together: those that a commit added, or in a reload those that one batch did.
 *
 * @param batch what they are marked with; null when nobody knows any more
 * @param files what is to be copied
 * @param partitions those that a commit changed: sessions of these days are replaced
 * @param longest the longest value of each column of text, in bytes, by the column's number
 * @param key what was unique to the definition that the rows were planned under, by its names; null when nobody knows,
 *     and then it is today's
 */
record Part(String batch, List<LoadFile> files, Set<Integer> partitions, Map<Integer, Long> longest, List<String> key) {
    Part {
        key = key == null ? null : List.copyOf(key);
        files = List.copyOf(files);
        partitions = Set.copyOf(partitions);
        longest = Map.copyOf(longest);
    }

    long rows() {
        return files.stream().mapToLong(LoadFile::rows).sum();
    }

    /** Whether it is known where all its rows lie. */
    boolean isPlaced() {
        return !partitions.isEmpty() && !partitions.contains(Partitioning.NONE);
    }
}

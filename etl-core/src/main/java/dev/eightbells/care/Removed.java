package dev.eightbells.care;

import dev.eightbells.table.FileGroup;
import dev.eightbells.table.Period;
import dev.eightbells.table.TableCondition;
import java.util.List;

/**
 * Rows that are older than they may become.
 *
 * @param boundary what lies before it, in microseconds since 1970
 * @param files how many files hold them, and nothing else
 * @param rows how many they are
 * @param bytes how large the files are
 */
record Removed(long boundary, int files, long rows, long bytes) {
    /**
     * Decides.
     *
     * @param boundary before which all is too old; null when nothing is
     * @return null when there is nothing to remove
     */
    static Removed of(TableCondition facts, Long boundary) {
        if (boundary == null) {
            return null;
        }
        // Only whole files are removed, and of what has another unit some may reach across the boundary.
        long cut = boundary;
        boolean isCutting = true;
        while (isCutting) {
            isCutting = false;
            for (FileGroup group : facts.files()) {
                if (group.period() != null && group.period().isCutBy(cut)) {
                    cut = group.period().from();
                    isCutting = true;
                }
            }
        }
        long last = cut;
        List<FileGroup> old = facts.files().stream()
                .filter(group -> isBefore(group.period(), last))
                .toList();
        return old.isEmpty()
                ? null
                : new Removed(
                        cut,
                        old.stream().mapToInt(FileGroup::files).sum(),
                        old.stream().mapToLong(FileGroup::rows).sum(),
                        old.stream().mapToLong(FileGroup::bytes).sum());
    }

    private static boolean isBefore(Period period, long boundary) {
        return period != null && period.until() <= boundary;
    }

    boolean removes(FileGroup group) {
        return isBefore(group.period(), boundary);
    }
}

package dev.eightbells.care;

import dev.eightbells.table.FileGroup;
import dev.eightbells.table.Period;
import dev.eightbells.table.TableCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Small files that are to become few large ones.
 *
 * @param commits the periods that are laid out anew, for each commit; null among them stands for rows without a time
 * @param files how many files are read
 * @param bytes how large those are
 * @param filesAfter how many will take their place, at least
 */
record Compaction(List<List<Period>> commits, int files, long bytes, int filesAfter) {
    private static final Duration DAY = Duration.ofDays(1);

    /** A file less is worth the rewriting of so much. */
    private static final long WORTH = FileGroup.TARGET / 2;

    /** What one commit changes at most, so that a commit that is refused wastes little. */
    private static final int MOST_FILES = 1_000;

    private static final long MOST_BYTES = 20L << 30;

    Compaction {
        commits = List.copyOf(commits);
    }

    /**
     * Decides.
     *
     * @param removed what will be gone by then; null when nothing will
     */
    static Compaction of(TableCondition facts, Removed removed, Instant now) {
        long calm = Period.micros(now.minus(DAY));
        List<FileGroup> worth = facts.files().stream()
                .filter(group -> removed == null || !removed.removes(group))
                .filter(group -> isCalm(group.period(), calm) && isWorth(group))
                .sorted(Comparator.comparing(FileGroup::period, Comparator.nullsFirst(Comparator.naturalOrder())))
                .toList();
        List<List<Period>> commits = new ArrayList<>();
        int files = MOST_FILES;
        long bytes = 0;
        for (FileGroup group : worth) {
            // What no partitions keep apart, one rewriting would write into the same files.
            if (!facts.isPartitioned()
                    || files + group.small() > MOST_FILES
                    || bytes + group.smallBytes() > MOST_BYTES) {
                commits.add(new ArrayList<>());
                files = 0;
                bytes = 0;
            }
            commits.get(commits.size() - 1).add(group.period());
            files += group.small();
            bytes += group.smallBytes();
        }
        return new Compaction(
                commits,
                worth.stream().mapToInt(FileGroup::small).sum(),
                worth.stream().mapToLong(FileGroup::smallBytes).sum(),
                worth.stream().mapToInt(Compaction::filesAfter).sum());
    }

    /** Whether most that comes into a period has come: it is over, or a day of it, since a day. */
    private static boolean isCalm(Period period, long calm) {
        return period == null || Math.min(period.until(), period.from() + DAY.toMillis() * 1_000) <= calm;
    }

    private static boolean isWorth(FileGroup group) {
        int fewer = group.small() - filesAfter(group);
        return fewer > 0 && group.smallBytes() / fewer <= WORTH;
    }

    private static int filesAfter(FileGroup group) {
        return Math.toIntExact(Math.max(1, (group.smallBytes() + FileGroup.TARGET - 1) / FileGroup.TARGET));
    }

    boolean isIdle() {
        return commits.isEmpty();
    }

    /** How many periods are laid out anew. */
    long periods() {
        return commits.stream().mapToLong(List::size).sum();
    }

    /** What is known of the periods that a commit was to change, by a newer plan. */
    List<Period> stillAmong(List<Period> wanted) {
        return commits.stream()
                .flatMap(List::stream)
                .filter(period -> wanted.stream().anyMatch(other -> Objects.equals(other, period)))
                .toList();
    }
}

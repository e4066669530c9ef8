package dev.eightbells.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;

/** The snapshots that batches have staged beside the main line of the events' table, held by tags until they are published. */
public final class StagedSnapshots {
    private static final String TAG_PREFIX = "eightbells-";

    private static final String FIRST_STEP = "convert";
    private static final String SECOND_STEP = "validate";

    private static final int MOST_TAG_COMMITS = 50;

    /** The snapshot that markers name, in one that holds the same files on a later head. */
    private static final String STANDS_FOR = "eightbells.stands-for";

    private final Table table;

    StagedSnapshots(Table table) {
        this.table = table;
    }

    /**
     * Holds the snapshot that a step of a batch has staged by a tag, so that it does not expire. What convert has staged
     * stays held while validate stages something else: until validate's marker is written it is what counts.
     */
    public void hold(String batch, String step, long staged) {
        String name = tag(batch, step);
        retried(() -> {
            long snapshot = standing(staged);
            SnapshotRef tag = table.refs().get(name);
            if (tag == null) {
                table.manageSnapshots().createTag(name, snapshot).commit();
            } else if (tag.snapshotId() != snapshot) {
                table.manageSnapshots().replaceTag(name, snapshot).commit();
            }
        });
    }

    /** Drops the batch's tags; nothing happens when there are none. */
    public void letGo(String batch) {
        for (String name : List.of(tag(batch, FIRST_STEP), tag(batch, SECOND_STEP))) {
            retried(() -> {
                if (table.refs().containsKey(name)) {
                    table.manageSnapshots().removeTag(name).commit();
                }
            });
        }
    }

    /**
     * A staged snapshot that is held.
     *
     * @param step that staged it
     */
    public record Held(String batch, String step, long snapshot) {}

    /** The staged snapshots that are held for batches, as of the last look. */
    public List<Held> held() {
        List<Held> held = new ArrayList<>();
        table.refs().forEach((name, ref) -> {
            if (ref.isTag() && name.startsWith(TAG_PREFIX)) {
                String rest = name.substring(TAG_PREFIX.length());
                boolean isSecond = rest.endsWith("-" + SECOND_STEP);
                held.add(new Held(
                        isSecond ? rest.substring(0, rest.length() - SECOND_STEP.length() - 1) : rest,
                        isSecond ? SECOND_STEP : FIRST_STEP,
                        ref.snapshotId()));
            }
        });
        return held;
    }

    /** The branches and tags that others have made, as of the last look: they hold snapshots for reasons of their own. */
    public Set<String> othersRefs() {
        Set<String> others = new TreeSet<>(table.refs().keySet());
        others.removeIf(name -> name.equals(SnapshotRef.MAIN_BRANCH) || name.startsWith(TAG_PREFIX));
        return others;
    }

    /**
     * Lets files that are staged on an old head stand on the newest, so that nothing of the old one is needed any more.
     * Whoever names the old snapshot finds the new one. Called again it finds that it is done.
     */
    public void restage(Held held) {
        table.refresh();
        Snapshot old = table.snapshot(held.snapshot());
        Snapshot head = table.currentSnapshot();
        if (Objects.equals(old.parentId(), head == null ? null : head.snapshotId())) {
            return;
        }
        String original = old.summary().getOrDefault(STANDS_FOR, Long.toString(old.snapshotId()));
        AppendFiles append = table.newFastAppend().stageOnly();
        old.addedDataFiles(table.io()).forEach(append::appendFile);
        for (String kept : List.of(EventsTable.JUDGED_AT, Provenance.BATCH, Provenance.ATTEMPT, Provenance.STEP)) {
            Optional.ofNullable(old.summary().get(kept)).ifPresent(value -> append.set(kept, value));
        }
        append.set(STANDS_FOR, original).commit();
        hold(held.batch(), held.step(), Long.parseLong(original));
    }

    /** What stands for a staged snapshot now: the newest with the same files, or itself. */
    long standing(long staged) {
        return StreamSupport.stream(table.snapshots().spliterator(), false)
                .filter(snapshot -> snapshot.summary() != null
                        && Long.toString(staged).equals(snapshot.summary().get(STANDS_FOR)))
                .max(Comparator.comparingLong(Snapshot::sequenceNumber).thenComparingLong(Snapshot::timestampMillis))
                .map(Snapshot::snapshotId)
                .orElse(staged);
    }

    private static String tag(String batch, String step) {
        return TAG_PREFIX + batch + (step.equals(FIRST_STEP) ? "" : "-" + step);
    }

    /** Iceberg does not repeat a commit of tags that lost a race; looking again first, it can be. */
    private void retried(Runnable commit) {
        for (int attempt = 1; ; attempt++) {
            table.refresh();
            try {
                commit.run();
                return;
            } catch (CommitFailedException | IllegalArgumentException e) {
                if (attempt == MOST_TAG_COMMITS) {
                    throw e;
                }
            }
        }
    }
}

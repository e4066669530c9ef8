package dev.eightbells.warehouse;

import dev.eightbells.table.Removal;
import dev.eightbells.table.TableHistory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** How a table of the warehouse comes to equal the lake's table: which of its commits it takes. */
sealed interface Course {
    /** The commits that it takes, the oldest first; of a reload the newest. */
    default List<TableHistory.Commit> commits() {
        return List.of();
    }

    /** It does already. */
    record Nothing() implements Course {}

    /** It takes these commits, one after the other, the oldest first. */
    record Follow(List<TableHistory.Commit> commits) implements Course {
        public Follow {
            commits = List.copyOf(commits);
        }
    }

    /**
     * It takes all rows as of this commit, in place of its own.
     *
     * @param why for people: a clause
     */
    record Reload(TableHistory.Commit head, String why, Place place) implements Course {
        @Override
        public List<TableHistory.Commit> commits() {
            return List.of(head);
        }
    }

    /** Where the rows of a reload are put together. */
    enum Place {
        /** In the table itself. */
        SAME_TABLE,
        /** In a new one that takes the old one's name, for the old one's columns cannot become what they are to be. */
        NEW_TABLE
    }

    /**
     * Decides.
     *
     * @param commits of the lake's table, the newest first
     * @param unfit the columns of the found table that cannot become what they are to be, in words
     * @param deletions which rows those commits took away that are not loaded yet and say so
     */
    static Course of(
            Target target,
            List<TableHistory.Commit> commits,
            FoundTable found,
            List<String> unfit,
            Map<TableHistory.Commit, Deletion> deletions,
            LoadRequest request) {
        if (commits.isEmpty()) {
            return new Nothing();
        }
        TableHistory.Commit head = commits.get(0);
        if (!unfit.isEmpty()) {
            return new Reload(
                    head, "Redshift cannot change its columns in place: " + String.join("; ", unfit), Place.NEW_TABLE);
        }
        if (request == LoadRequest.EVERYTHING) {
            return reload(head, "it was asked for");
        }
        if (found.last() == null) {
            return reload(head, "nothing of this pipeline is in it yet");
        }
        if (found.isAbsent()) {
            return reload(head, "it is gone from the warehouse");
        }
        List<TableHistory.Commit> pending = new ArrayList<>();
        for (TableHistory.Commit commit : commits) {
            if (commit.snapshot() == found.last().snapshot()) {
                if (found.rows() == FoundTable.Rows.NONE && commit.rowsThen() > 0) {
                    return reload(head, "it is empty, and should hold " + commit.rowsThen() + " rows");
                }
                Collections.reverse(pending);
                return pending.isEmpty() ? new Nothing() : new Follow(pending);
            }
            if (deletions.get(commit) instanceof Deletion.Unknown unknown) {
                return reload(
                        head,
                        "commit " + commit.snapshot() + " of " + target.source() + " took rows away (" + commit.step()
                                + "), and " + unknown.why());
            }
            if (!deletions.containsKey(commit) && isForeignChange(target, commit)) {
                return reload(
                        head,
                        "commit " + commit.snapshot() + " of " + target.source()
                                + " changed rows, and no step of Eightbells made it");
            }
            pending.add(commit);
        }
        return reload(
                head,
                "commit " + found.last().snapshot() + " of " + target.source()
                        + ", which was loaded last, is not in that table's history any more");
    }

    private static Reload reload(TableHistory.Commit head, String why) {
        return new Reload(head, why, Place.SAME_TABLE);
    }

    /** Whether it is not known which rows of the warehouse a commit concerns. */
    private static boolean isForeignChange(Target target, TableHistory.Commit commit) {
        if (commit.kind() == TableHistory.Kind.COMPACTED) {
            return false;
        }
        return switch (target.rows()) {
            case EVENTS -> commit.kind() == TableHistory.Kind.CHANGED;
            case SESSIONS -> commit.batch() == null && !isForgetting(commit);
        };
    }

    /**
     * Whether a commit deletes rows of the warehouse's table by their values, and brings none. What is forgotten of sessions
     * changes others, too: there it replaces days, as a batch does.
     */
    static boolean isDeletion(Target target, TableHistory.Commit commit) {
        return commit.kind() == TableHistory.Kind.CHANGED
                && commit.removal() != null
                && (target.rows() == Target.Rows.EVENTS || !isForgetting(commit));
    }

    private static boolean isForgetting(TableHistory.Commit commit) {
        return commit.removal() != null && commit.removal().step().equals(Removal.FORGET);
    }
}

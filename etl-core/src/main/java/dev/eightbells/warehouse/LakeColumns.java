package dev.eightbells.warehouse;

import dev.eightbells.table.TableHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Schema;

/**
 * The columns that a table of the lake had on its way from the commit that was loaded last to its newest.
 *
 * @param loaded those at the commit that was loaded last; those of the newest when it is not known
 * @param targets the target with the columns at each later commit, and at the newest, the oldest first
 * @param owners every name that columns ever had, with the numbers of those that had it
 */
record LakeColumns(
        List<Target.Column> loaded, Map<TableHistory.Commit, Target> targets, Map<String, Set<Integer>> owners) {

    /**
     * Looks at a history that has a commit.
     *
     * @param target with today's columns
     */
    static LakeColumns of(TableHistory history, Target target, FoundTable found) {
        Schema today = history.table().schema();
        TableHistory.Commit head = history.commits().get(0);
        List<TableHistory.Commit> pending = pending(history.commits(), found);
        Map<TableHistory.Commit, Target> targets = new LinkedHashMap<>();
        for (int i = pending.size() - 1; i >= 0; i--) {
            targets.put(pending.get(i), target.at(history.schema(pending.get(i)), today));
        }
        targets.putIfAbsent(head, target.at(history.schema(head), today));
        Map<String, Set<Integer>> owners = new HashMap<>();
        history.table().schemas().values().forEach(schema -> schema.columns()
                .forEach(field -> owners.computeIfAbsent(field.name(), name -> new TreeSet<>())
                        .add(field.fieldId())));
        List<Target.Column> loaded = history.commits().stream()
                .filter(commit -> isLast(commit, found))
                .findFirst()
                .map(commit -> target.at(history.schema(commit), today))
                .orElse(targets.get(head))
                .columns();
        return new LakeColumns(loaded, targets, owners);
    }

    /** The commits after the one that was loaded last, the newest first; none when that is not there any more. */
    static List<TableHistory.Commit> pending(List<TableHistory.Commit> commits, FoundTable found) {
        List<TableHistory.Commit> pending = new ArrayList<>();
        for (TableHistory.Commit commit : commits) {
            if (isLast(commit, found)) {
                return pending;
            }
            pending.add(commit);
        }
        return List.of();
    }

    private static boolean isLast(TableHistory.Commit commit, FoundTable found) {
        return found.last() != null && found.last().snapshot() == commit.snapshot();
    }

    /** The target as of one of the commits. */
    Target at(TableHistory.Commit commit) {
        return targets.get(commit);
    }

    /** The columns of a found table that cannot become what they are to be, in words. */
    List<String> unfit(FoundTable found) {
        Set<String> unfit = new LinkedHashSet<>();
        if (found.isAbsent()) {
            return List.of();
        }
        Shape shape = Shape.of(found, loaded);
        for (Target target : targets.values()) {
            shape = shape.change(target, owners, Map.of()).shape();
            unfit.addAll(shape.unfit(target));
        }
        return List.copyOf(unfit);
    }
}

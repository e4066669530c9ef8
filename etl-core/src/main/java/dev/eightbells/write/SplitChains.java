package dev.eightbells.write;

import dev.eightbells.write.ReadReport.SliceCoverage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether the parts of each split object, read by different tasks, meet without gap or overlap. Where they do not, a
 * part began inside a record, and the object must be read again whole.
 */
final class SplitChains {
    private SplitChains() {}

    /** The objects, by their places in the manifest, whose parts do not meet. */
    static Set<Integer> broken(List<ReadReport> reports) {
        Map<Integer, List<SliceCoverage>> objects = new TreeMap<>();
        for (ReadReport report : reports) {
            for (SliceCoverage slice : report.coverage()) {
                objects.computeIfAbsent(slice.ordinal(), any -> new ArrayList<>())
                        .add(slice);
            }
        }
        Set<Integer> broken = new TreeSet<>();
        objects.forEach((ordinal, parts) -> {
            if (!closes(parts)) {
                broken.add(ordinal);
            }
        });
        return broken;
    }

    private static boolean closes(List<SliceCoverage> parts) {
        parts.sort(Comparator.comparingInt(SliceCoverage::part));
        if (parts.get(0).first() != 0) {
            return false;
        }
        for (int i = 1; i < parts.size(); i++) {
            if (parts.get(i - 1).last() < 0
                    || parts.get(i - 1).last() != parts.get(i).first()) {
                return false;
            }
        }
        return true;
    }
}

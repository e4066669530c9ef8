package dev.eightbells.care;

import dev.eightbells.pipeline.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What care does and did, for people. */
public final class CareText {
    private static final List<String> TITLE =
            List.of("table", "files", "size", "snapshots", "manifests", "orphans", "rows too old");
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};
    private static final int STEP = 1024;

    private CareText() {}

    /**
     * A plan, line by line: a table, and what would be done.
     *
     * @param orphans how many files nobody refers to, by table
     */
    public static List<String> of(CarePlan plan, Map<TableName, Long> orphans) {
        List<List<String>> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (TablePlan table : plan.tables()) {
            Removed removed = table.removed();
            Compaction compaction = table.compaction();
            CareResult.Size size = CareResult.Size.of(table.facts());
            int files = size.files()
                    - (removed == null ? 0 : removed.files())
                    - compaction.files()
                    + compaction.filesAfter();
            rows.add(List.of(
                    table.table().name().toString(),
                    change(size.files(), files),
                    bytes(size.bytes()),
                    change(
                            size.snapshots(),
                            size.snapshots() - table.expiry().snapshots().size()),
                    change(
                            size.manifests(),
                            table.manifestsAfter() == null ? size.manifests() : table.manifestsAfter()),
                    number(orphans.getOrDefault(table.table().name(), 0L)),
                    number(removed == null ? 0 : removed.rows())));
            String name = table.table().name() + ": ";
            if (!compaction.isIdle()) {
                notes.add(name + "would lay out anew " + count(compaction.files(), "file", "files") + " of "
                        + count(compaction.periods(), "partition", "partitions") + ", " + bytes(compaction.bytes())
                        + ", in " + count(compaction.commits().size(), "commit", "commits") + ".");
            }
            if (removed != null) {
                notes.add(name + "would remove " + count(removed.rows(), "row", "rows") + " in "
                        + count(removed.files(), "file", "files") + ", " + bytes(removed.bytes()) + ".");
            }
            if (table.expiry().because() != null) {
                notes.add(name + "older snapshots stay: " + table.expiry().because() + ".");
            }
        }
        plan.objects().forEach(aged -> notes.add("would delete " + of(aged)));
        List<String> lines = table(TITLE, rows);
        lines.addAll(notes);
        return lines;
    }

    /** A result, line by line: a table, and what people should know. */
    public static List<String> of(CareResult result) {
        List<String> title = new ArrayList<>(TITLE);
        title.add("seconds");
        List<List<String>> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (CareResult.OfTable table : result.tables()) {
            rows.add(List.of(
                    table.table().toString(),
                    change(table.before().files(), table.after().files()),
                    change(bytes(table.before().bytes()), bytes(table.after().bytes())),
                    change(table.before().snapshots(), table.after().snapshots()),
                    change(table.before().manifests(), table.after().manifests()),
                    number(table.orphans()),
                    number(table.removedRows()),
                    seconds(table)));
            table.notes().forEach(note -> notes.add(table.table() + ": " + note));
        }
        result.objects().forEach(gone -> notes.add("deleted " + gone));
        List<String> lines = table(title, rows);
        lines.addAll(notes);
        return lines;
    }

    static String of(AgedObjects aged) {
        return aged.what() + " of " + count(aged.batches(), "batch", "batches") + ": "
                + count(aged.keys().size(), "object", "objects") + ", " + bytes(aged.bytes());
    }

    private static String seconds(CareResult.OfTable table) {
        return table.took().isEmpty()
                ? "0"
                : table.took().entrySet().stream()
                        .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT) + " " + seconds(entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f", took.toMillis() / 1000.0);
    }

    private static String change(long before, long after) {
        return change(number(before), number(after));
    }

    private static String change(String before, String after) {
        return before.equals(after) ? before : before + " → " + after;
    }

    private static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String bytes(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= STEP && unit < UNITS.length - 1) {
            rest /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", rest, UNITS[unit]);
    }

    private static List<String> table(List<String> title, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(List.of(title));
        all.addAll(rows);
        int[] widths = IntStream.range(0, title.size())
                .map(cell -> all.stream()
                        .mapToInt(row -> row.get(cell).length())
                        .max()
                        .orElse(0))
                .toArray();
        return all.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(cell -> String.format(Locale.ROOT, "%-" + widths[cell] + "s", row.get(cell)))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.toCollection(ArrayList::new));
    }
}

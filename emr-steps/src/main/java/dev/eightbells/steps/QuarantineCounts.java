package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Counts quarantined records by batch and something else, as they go by. */
final class QuarantineCounts {
    private final By by;
    private final List<List<String>> rows = new ArrayList<>();
    private long records;
    private long open;

    QuarantineCounts(By by) {
        this.by = by;
    }

    /** What records are counted by, besides their batch. */
    enum By {
        /** The reason, and the column or the rules. */
        BLAME,
        REASON,
        /** A record that failed several rules counts with each of them. */
        RULE,
        COLUMN,
        /** The raw object. */
        OBJECT;

        /**
         * Reads a name on the command line.
         *
         * @param text null for what there is without a name
         * @throws Failure of kind INPUT when it is none
         */
        static By parse(String text) {
            if (text == null) {
                return BLAME;
            }
            return switch (text) {
                case "reason" -> REASON;
                case "rule" -> RULE;
                case "column" -> COLUMN;
                case "object" -> OBJECT;
                default -> throw Failure.input("Invalid --by: " + text + " (reason, rule, column or object).");
            };
        }

        private List<String> titles() {
            return switch (this) {
                case BLAME -> List.of("reason", "column or rule");
                case REASON -> List.of("reason");
                case RULE -> List.of("rule");
                case COLUMN -> List.of("column");
                case OBJECT -> List.of("object");
            };
        }

        private List<List<String>> groups(QuarantinedRecord record) {
            return switch (this) {
                case BLAME -> List.of(List.of(record.reason(), record.blamed()));
                case REASON -> List.of(List.of(record.reason()));
                case RULE ->
                    record.rules().isEmpty()
                            ? List.of(List.of("-"))
                            : record.rules().stream().map(List::of).toList();
                case COLUMN -> List.of(List.of(record.column() == null ? "-" : record.column()));
                case OBJECT -> List.of(List.of(record.key()));
            };
        }
    }

    /** Whether no record was counted. */
    boolean isEmpty() {
        return records == 0;
    }

    /** Counts one batch. */
    Batch batch(BatchId batch) {
        return new Batch(batch);
    }

    /** The counts of one batch; they are in the table when it is ended. */
    final class Batch {
        private final BatchId batch;
        private final SortedMap<String, Group> groups = new TreeMap<>();

        private Batch(BatchId batch) {
            this.batch = batch;
        }

        void add(QuarantinedRecord record) {
            int isOpen = record.openReplay() == null ? 0 : 1;
            records++;
            open += isOpen;
            for (List<String> names : by.groups(record)) {
                Group group = groups.computeIfAbsent(String.join("\n", names), any -> new Group(names));
                group.records++;
                group.open += isOpen;
            }
        }

        void end() {
            groups.values().forEach(group -> rows.add(row(batch.toString(), group.names, group.records, group.open)));
        }
    }

    private static final class Group {
        private final List<String> names;
        private long records;
        private long open;

        private Group(List<String> names) {
            this.names = names;
        }
    }

    /** The table, line by line: a title, the groups, and the totals. */
    List<String> table() {
        List<List<String>> all = new ArrayList<>();
        List<String> title = new ArrayList<>(List.of("batch"));
        title.addAll(by.titles());
        title.addAll(List.of("records", "in open replays"));
        all.add(title);
        all.addAll(rows);
        all.add(row("total", Collections.nCopies(by.titles().size(), ""), records, open));
        int[] widths = IntStream.range(0, title.size())
                .map(cell -> all.stream()
                        .mapToInt(row -> row.get(cell).length())
                        .max()
                        .orElse(0))
                .toArray();
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private static List<String> row(String batch, List<String> names, long records, long open) {
        List<String> row = new ArrayList<>(List.of(batch));
        row.addAll(names);
        row.add(String.format(Locale.ROOT, "%,d", records));
        row.add(String.format(Locale.ROOT, "%,d", open));
        return row;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int cell = 0; cell < widths.length; cell++) {
            boolean isNumber = cell >= widths.length - 2;
            line.append(cell == 0 ? "" : "  ")
                    .append(String.format(
                            Locale.ROOT, "%" + (isNumber ? "" : "-") + widths[cell] + "s", row.get(cell)));
        }
        return line.toString();
    }
}

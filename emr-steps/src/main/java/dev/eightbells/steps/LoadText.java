package dev.eightbells.steps;

import dev.eightbells.pipeline.TableName;
import dev.eightbells.warehouse.Finding;
import dev.eightbells.warehouse.LoadPreview;
import dev.eightbells.warehouse.Loaded;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Loads into the warehouse, for people. */
final class LoadText {
    private LoadText() {}

    /** {@code analytics.web_events            990 rows of 3 commits}. */
    static String of(Loaded loaded) {
        if (loaded.whyReloaded() != null) {
            return line(loaded.target(), "reloaded, " + count(loaded.rows(), "row") + ": " + loaded.whyReloaded());
        }
        int commits = loaded.commits().size();
        return line(
                loaded.target(),
                commits == 0
                        ? "up to date"
                        : "loaded, " + count(loaded.rows(), "row") + " of " + count(commits, "commit"));
    }

    /** What a load would do to a table, and the changes to the table that come first. */
    static List<String> of(LoadPreview.Table table) {
        List<String> lines = new ArrayList<>();
        String rows = table.rows() == 0 ? "" : ", " + count(table.rows(), "row");
        if (table.whyReloaded() != null) {
            lines.add(line(table.target(), "a full reload" + rows + ": " + table.whyReloaded()));
        } else {
            lines.add(line(
                    table.target(), table.commits() == 0 ? "up to date" : count(table.commits(), "commit") + rows));
        }
        table.changes().forEach(change -> lines.add("    " + change.replace("\n", "\n    ")));
        return lines;
    }

    /** What of a load is out of the ordinary; empty when it only brings new rows, or nothing. */
    static List<String> unusual(LoadPreview preview) {
        List<String> lines = new ArrayList<>();
        preview.tables().stream()
                .filter(table -> table.whyReloaded() != null || !table.changes().isEmpty())
                .forEach(table -> lines.addAll(of(table)));
        if (!preview.findings().isEmpty()) {
            lines.add("The load will fail: "
                    + preview.findings().stream().map(Finding::clause).collect(Collectors.joining("; ")) + ".");
        }
        return lines;
    }

    /** Tells on the error stream which tables were reloaded as a whole, and why. */
    static void tellReloads(Console console, List<Loaded> loads) {
        loads.stream().filter(loaded -> loaded.whyReloaded() != null).forEach(loaded -> console.err()
                .println("eightbells: " + loaded.target() + " was reloaded: " + loaded.whyReloaded() + "."));
    }

    private static String line(TableName target, String text) {
        return String.format(Locale.ROOT, "%-30s  %s", target, text);
    }

    private static String count(long number, String name) {
        return String.format(Locale.ROOT, "%,d %s%s", number, name, number == 1 ? "" : "s");
    }
}

package dev.eightbells.steps;

import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page for people: what the newest batches of a lake read, and where every record went. */
public final class Report {
    /** A week of four-hour windows. */
    private static final int BATCHES = 42;

    /** Of so many batches the verdicts of all rules are shown. */
    private static final int JUDGED = 6;

    private Report() {}

    /**
     * One line of the page.
     *
     * @param records null as long as the batch has not been converted
     * @param sessions what became of them; null when there are none, or not yet
     * @param load what of it is in the warehouse; null when it is not
     * @param note what else there is to say; empty when nothing
     */
    record Line(
            String batch,
            String state,
            Marker.Records records,
            Marker.Sessions sessions,
            Marker.Load load,
            String note) {}

    /** A column that a page has only when some line has something to say in it. */
    private record Extra(String name, Function<Line, String> text) {
        static List<Extra> of(List<Line> lines) {
            return Stream.of(
                            new Extra(
                                    "sessions",
                                    line -> line.sessions() == null ? null : Counts.sentence(line.sessions())),
                            new Extra("loaded", line -> line.load() == null ? null : Counts.sentence(line.load())))
                    .filter(extra ->
                            lines.stream().anyMatch(line -> extra.text().apply(line) != null))
                    .toList();
        }

        String cell(Line line) {
            String said = text.apply(line);
            return "<td>" + (said == null ? "" : said) + "</td>";
        }
    }

    /** Writes the page anew, and returns its full name. */
    public static String write(Workplace workplace) {
        Ledger ledger = workplace.ledger();
        List<BatchState> newestFirst = new ArrayList<>(ledger.batches().newest(BATCHES));
        Collections.reverse(newestFirst);
        List<Line> lines = newestFirst.stream()
                .map(state -> line(ledger.markers(state.batch()), state))
                .toList();
        List<RulesSection> rules = newestFirst.stream()
                .limit(JUDGED)
                .flatMap(state ->
                        RulesSection.of(state.batch().toString(), ledger.markers(state.batch()), ledger.lake())
                                .stream())
                .toList();
        byte[] page = html(workplace.pipeline().name(), ledger.lake().location().toString(), lines, rules)
                .getBytes(StandardCharsets.UTF_8);
        put(ledger.lake(), page);
        return ledger.lake().location().resolve(LakeLayout.REPORT);
    }

    private static Line line(Markers markers, BatchState state) {
        Optional<Marker.Records> records = markers.published()
                .map(Published::records)
                .or(() -> markers.find(Step.CONVERT).map(Marker::records));
        String note =
                switch (state.state()) {
                    case STOPPED ->
                        markers.stopped().map(stopped -> stopped.sentence()).orElse("");
                    case ABANDONED ->
                        markers.abandoned().map(abandoned -> abandoned.reason()).orElse("");
                    case PLANNED, RUNNING, PUBLISHED, LOADED -> "";
                };
        if (state.manifest().isReplay()) {
            note = Counts.sentenceOfReplay(state.manifest()) + (note.isEmpty() ? "." : ": " + note);
        }
        Marker.Sessions sessions =
                markers.find(Step.SESSIONIZE).map(Marker::sessions).orElse(null);
        Marker.Load load = markers.find(Step.LOAD).map(Marker::load).orElse(null);
        return new Line(state.batch().toString(), state.state().text(), records.orElse(null), sessions, load, note);
    }

    /** Whoever writes last knows most; losing a race against another page is no loss. */
    private static void put(ObjectStore lake, byte[] page) {
        Optional<ObjectStore.Content> present = lake.read(LakeLayout.REPORT);
        if (present.isEmpty()) {
            lake.create(LakeLayout.REPORT, page);
        } else {
            lake.replace(LakeLayout.REPORT, present.get().etag(), page);
        }
    }

    /** The page; needs nothing from anywhere else. */
    static String html(String pipeline, String lake, List<Line> newestFirst, List<RulesSection> rules) {
        long most = newestFirst.stream()
                .filter(line -> line.records() != null)
                .mapToLong(line -> line.records().read())
                .max()
                .orElse(1);
        StringBuilder rows = new StringBuilder();
        List<Extra> extras = Extra.of(newestFirst);
        newestFirst.forEach(line -> rows.append(row(line, Math.max(1, most), extras)));
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$s – Eightbells</title>
                <style>
                  :root { color-scheme: light dark; --written: #2f7d6d; --duplicates: #c7962c; --quarantined: #b3403a; }
                  body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 3rem auto; padding: 0 1rem; }
                  h1 { font-weight: 600; margin-bottom: 0; }
                  p { margin-top: .25rem; opacity: .75; }
                  table { border-collapse: collapse; width: 100%%; font-variant-numeric: tabular-nums; }
                  th, td { padding: .35rem .75rem .35rem 0; text-align: right; border-bottom: 1px solid #8883; }
                  th { font-weight: 500; opacity: .75; }
                  th:first-child, td:first-child, th:nth-child(2), td:nth-child(2), td.note { text-align: left; }
                  td.bar { width: 30%%; padding-right: 0; }
                  td.bar div { display: flex; height: .8rem; border-radius: .2rem; overflow: hidden; }
                  i { display: block; min-width: 0; }
                  .written { background: var(--written); }
                  .duplicates { background: var(--duplicates); }
                  .quarantined { background: var(--quarantined); }
                  .stopped, .abandoned, .failed, .error { color: var(--quarantined); }
                  .passed { color: var(--written); }
                  h2 { font-weight: 600; margin: 2rem 0 .5rem; }
                  summary { cursor: pointer; padding: .35rem 0; }
                  table.rules th, table.rules td { text-align: left; vertical-align: top; }
                  table.rules td:nth-child(4) { text-align: right; }
                </style>
                <h1>%1$s</h1>
                <p>%2$s: read = written + duplicates + quarantined, batch by batch, the newest first.</p>
                <table>
                <tr><th>batch</th><th>state</th><th>read</th><th>written</th><th>duplicates</th><th>quarantined</th><th></th>%4$s</tr>
                %3$s</table>
                %5$s</html>
                """
                .formatted(
                        escaped(pipeline),
                        escaped(lake),
                        rows,
                        extras.stream()
                                .map(extra -> "<th>" + extra.name() + "</th>")
                                .collect(Collectors.joining()),
                        RulesSection.html(rules));
    }

    private static String row(Line line, long most, List<Extra> extras) {
        String head = "<tr><td>%s</td><td class=\"%2$s\">%2$s</td>".formatted(escaped(line.batch()), line.state());
        Marker.Records records = line.records();
        if (records == null) {
            return head + "<td colspan=\"5\" class=\"note\">" + escaped(line.note()) + "</td></tr>\n";
        }
        long written = records.published() != null ? records.published() : records.written();
        String counts = String.format(
                Locale.ROOT,
                "<td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td>",
                records.read(),
                written,
                records.duplicates(),
                records.quarantined());
        String bar = part("written", written, most)
                + part("duplicates", records.duplicates(), most)
                + part("quarantined", records.quarantined(), most);
        String note = line.note().isEmpty()
                ? ""
                : "<tr><td></td><td colspan=\"6\" class=\"note\">" + escaped(line.note()) + "</td></tr>\n";
        String more = extras.stream().map(extra -> extra.cell(line)).collect(Collectors.joining());
        return head + counts + "<td class=\"bar\"><div>" + bar + "</div></td>" + more + "</tr>\n" + note;
    }

    private static String part(String name, long records, long most) {
        return String.format(
                Locale.ROOT,
                "<i class=\"%s\" title=\"%1$s %,d\" style=\"width:%.3f%%\"></i>",
                name,
                records,
                100.0 * records / most);
    }

    /** The text as it stands in a page. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

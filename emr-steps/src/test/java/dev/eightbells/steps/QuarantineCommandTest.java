package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Step;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in quarantine, over files and markers that were written by hand: no Spark is needed to look. */
class QuarantineCommandTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void planABatchOfTwoObjects() throws IOException {
        this.site = new Site(folder, new Session(Map.of()));
        site.deliver("2026-03-02T01", "a", "x");
        site.deliver("2026-03-02T02", "b", "x");
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
    }

    private void mark(Step step, String... lines) throws IOException {
        mark(step, List.of(quarantined(step.text(), lines)));
    }

    private Marker.QuarantineFile quarantined(String name, String... lines) throws IOException {
        String location = "quarantine/" + BATCH + "/1/" + name + ".json.gz";
        Path file = site.lake(location);
        Files.createDirectories(file.getParent());
        Files.write(file, Site.gzip(String.join("\n", lines) + "\n"));
        return new Marker.QuarantineFile(location, Files.size(file), lines.length);
    }

    private void mark(Step step, List<Marker.QuarantineFile> files) {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            Manifest manifest = workplace.ledger().manifest(1).orElseThrow();
            workplace
                    .ledger()
                    .markers(BatchId.parse(BATCH))
                    .write(new Marker(
                            1,
                            manifest.pipeline(),
                            manifest.batch(),
                            1,
                            step,
                            1,
                            Site.NOW,
                            Site.NOW,
                            null,
                            null,
                            null,
                            null,
                            null,
                            List.of(),
                            files,
                            null,
                            Map.of()));
        }
    }

    private String object(String key) {
        return "\"object\":\"" + site.raw(key) + "\"";
    }

    private String raw(String text, String key, int offset, String reason) {
        return "{\"form\":\"raw\"," + text + "," + object(key) + ",\"offset\":" + offset + ",\"length\":5,\"reason\":\""
                + reason + "\",\"sentence\":\"The reason is " + reason + ".\",\"batch\":\"" + BATCH
                + "\",\"step\":\"convert\"}";
    }

    private String row(String key, int offset, String... rules) {
        return "{\"form\":\"row\",\"row\":{\"id\":\"r" + offset + "\",\"amount\":-1}," + object(key) + ",\"offset\":"
                + offset + ",\"reason\":\"rule\",\"rules\":[\"" + String.join("\",\"", rules)
                + "\"],\"sentence\":\"It fails.\",\"batch\":\"" + BATCH + "\",\"step\":\"validate\"}";
    }

    private void rejectByConvertAndByRules() throws IOException {
        mark(
                Step.CONVERT,
                raw("\"text\":\"{\\n\\t\\\"id\\\": " + "9".repeat(200) + "\"", "2026/03/02/01/a", 0, "not-json"),
                raw("\"base64\":\"gA==\"", "2026/03/02/01/a", 300, "invalid-utf8"),
                raw("\"reference\":true", "2026/03/02/02/b", 0, "too-long"));
        mark(
                Step.VALIDATE,
                row("2026/03/02/02/b", 90, "ColumnValues \\\"amount\\\" > 0"),
                row("2026/03/02/02/b", 70, "ColumnValues \\\"amount\\\" > 0", "IsComplete \\\"at\\\""));
    }

    private Result quarantine(String command, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("quarantine", command, "--pipeline", site.file().toString()));
        arguments.addAll(List.of(more));
        return site.run(Map.of(), arguments.toArray(String[]::new));
    }

    @Test
    void recordsAreCountedByReasonAndWhatIsToBlame() throws IOException {
        rejectByConvertAndByRules();
        Result result = quarantine("list");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "batch           reason        column or rule                              records  in open replays",
                        "20260302T0400Z  invalid-utf8  -                                                 1                0",
                        "20260302T0400Z  not-json      -                                                 1                0",
                        "20260302T0400Z  rule          ColumnValues \"amount\" > 0                         1                0",
                        "20260302T0400Z  rule          ColumnValues \"amount\" > 0; IsComplete \"at\"        1                0",
                        "20260302T0400Z  too-long      -                                                 1                0",
                        "total                                                                           5                0");
    }

    private List<String> listed(String by) {
        return quarantine("list", "--by", by)
                .out()
                .lines()
                .map(line -> line.replaceAll(" +", " "))
                .toList();
    }

    @Test
    void recordsAreCountedByRuleObjectOrColumn() throws IOException {
        rejectByConvertAndByRules();
        assertThat(listed("rule"))
                .containsExactly(
                        "batch rule records in open replays",
                        BATCH + " - 3 0",
                        BATCH + " ColumnValues \"amount\" > 0 2 0",
                        BATCH + " IsComplete \"at\" 1 0",
                        "total 5 0");
        assertThat(listed("object"))
                .containsExactly(
                        "batch object records in open replays",
                        BATCH + " 2026/03/02/01/a 2 0",
                        BATCH + " 2026/03/02/02/b 3 0",
                        "total 5 0");
        assertThat(listed("column"))
                .containsExactly("batch column records in open replays", BATCH + " - 5 0", "total 5 0");
        assertThat(listed("reason")).contains(BATCH + " rule 2 0");
    }

    @Test
    void recordsAreShownWithPlaceReasonAndText() throws IOException {
        rejectByConvertAndByRules();
        assertThat(quarantine("show", "--batch", BATCH).out().lines())
                .containsExactly(
                        "2026/03/02/01/a at 0  not-json",
                        "  The reason is not-json.",
                        "  { \"id\": " + "9".repeat(152) + "…",
                        "2026/03/02/01/a at 300  invalid-utf8",
                        "  The reason is invalid-utf8.",
                        "  base64 gA==",
                        "2026/03/02/02/b at 0  too-long",
                        "  The reason is too-long.",
                        "  (5 bytes, not kept here)",
                        "2026/03/02/02/b at 90  rule  ColumnValues \"amount\" > 0",
                        "  It fails.",
                        "  {\"id\":\"r90\",\"amount\":-1}",
                        "2026/03/02/02/b at 70  rule  ColumnValues \"amount\" > 0; IsComplete \"at\"",
                        "  It fails.",
                        "  {\"id\":\"r70\",\"amount\":-1}");
    }

    @Test
    void recordsAreChosenByReasonRuleColumnAndObject() throws IOException {
        rejectByConvertAndByRules();
        assertThat(shown("--reason", "too-long")).containsExactly("2026/03/02/02/b at 0  too-long");
        assertThat(shown("--rule", "IsComplete")).singleElement().asString().startsWith("2026/03/02/02/b at 70");
        assertThat(shown("--object", "2026/03/02/01/a")).hasSize(2);
        assertThat(shown("--object", site.raw("2026/03/02/01/a").toString())).hasSize(2);
        assertThat(shown("--object", "2026/03/02/01/a", "--limit", "1"))
                .containsExactly(
                        "2026/03/02/01/a at 0  not-json",
                        "There are more than 1; see them with --limit, or all of them with --json.");
        assertThat(quarantine("show", "--batch", BATCH, "--column", "amount").out())
                .isEqualTo("No such record in quarantine of batch " + BATCH + ".\n");
    }

    private List<String> shown(String... more) {
        List<String> options = new ArrayList<>(List.of("--batch", BATCH));
        options.addAll(List.of(more));
        return quarantine("show", options.toArray(String[]::new))
                .out()
                .lines()
                .filter(line -> !line.startsWith(" "))
                .toList();
    }

    @Test
    void asJsonTheLinesAreThoseOfTheFiles() throws IOException {
        String[] lines = new String[50];
        for (int number = 0; number < lines.length; number++) {
            lines[number] = raw("\"text\":\"é" + number + "\"", "2026/03/02/01/a", number, "not-json");
        }
        mark(Step.CONVERT, lines);
        assertThat(quarantine("show", "--batch", BATCH, "--json").out().lines()).containsExactly(lines);
        assertThat(quarantine("show", "--batch", BATCH, "--json", "--limit", "2")
                        .out()
                        .lines())
                .containsExactly(lines[0], lines[1]);
    }

    @Test
    void withoutRecordsTheListSaysSo() {
        assertThat(quarantine("list").out()).isEqualTo("No records in quarantine of the lake " + folder + "/lake/.\n");
        assertThat(quarantine("list", "--batch", BATCH).out())
                .isEqualTo("No records in quarantine of batch " + BATCH + ".\n");
    }

    @Test
    void mistakesAreTold() {
        assertThat(quarantine("list", "--by", "size"))
                .isEqualTo(new Result(2, "", "eightbells: Invalid --by: size (reason, rule, column or object).\n"));
        assertThat(quarantine("show", "--batch", BATCH, "--limit", "0").err())
                .isEqualTo("eightbells: Invalid --limit: 0 (no number of records). Ask for 1 or more.\n");
        assertThat(quarantine("list", "--batch", "20260302T0800Z").err())
                .isEqualTo("eightbells: Cannot find batch 20260302T0800Z in the lake " + folder
                        + "/lake/. Ask eightbells status for the batches there are.\n");
        assertThat(quarantine("list", "--colour").err())
                .isEqualTo(
                        "eightbells: Unknown option: '--colour'. Run eightbells quarantine list --help for what there"
                                + " is.\n");
    }

    @Test
    void filesThatAreGoneOrDamagedAreNamed() throws IOException {
        mark(Step.CONVERT, raw("\"text\":\"x\"", "2026/03/02/01/a", 0, "not-json"), "no record");
        String file = folder + "/lake/quarantine/" + BATCH + "/1/convert.json.gz";
        assertThat(quarantine("list"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot read " + file + ": its line 2 tells of no record."
                                + " Restore it; nothing but Eightbells may write there.\n"));
        Files.write(Path.of(file), new byte[] {'n', 'o', ' ', 'g', 'z', 'i', 'p'});
        assertThat(quarantine("list").err())
                .isEqualTo("eightbells: Cannot read " + file + ": it is damaged (Not in GZIP format)."
                        + " Restore it; nothing but Eightbells may write there.\n");
        Files.delete(Path.of(file));
        assertThat(quarantine("list", "--batch", BATCH).err())
                .isEqualTo("eightbells: Cannot read " + file + ": it is gone."
                        + " Restore it; nothing but Eightbells may write there.\n");
    }

    @Test
    void filesThatAShorterRetentionHasDeletedAreNotMissed() throws IOException {
        Marker.QuarantineFile first = quarantined("first", raw("\"text\":\"x\"", "2026/03/02/01/a", 0, "not-json"));
        Marker.QuarantineFile second = quarantined("second", raw("\"text\":\"y\"", "2026/03/02/01/a", 5, "not-json"));
        mark(Step.CONVERT, List.of(first, second));
        mark(Step.VALIDATE, row("2026/03/02/02/b", 90, "IsComplete \\\"at\\\""));
        String tomorrow = "2026-03-03T04:20:01Z";
        Files.delete(site.lake(first.location()));
        assertThat(site.later(tomorrow, "quarantine", "list").err())
                .isEqualTo("eightbells: Cannot read " + site.lake(first.location()) + ": it is gone."
                        + " Restore it; nothing but Eightbells may write there.\n");
        Files.delete(site.lake(second.location()));
        Result result = site.later(tomorrow, "quarantine", "list", "--by", "reason");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly("batch reason records in open replays", BATCH + " rule 1 0", "total 1 0");
        assertThat(site.later(tomorrow, "quarantine", "list", "--batch", BATCH).out())
                .startsWith("The quarantined records of batch " + BATCH + " were deleted because of their age,");
    }
}

package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rules are checked without data, and suggested from the rows of a batch. */
@ExtendWith(LocalServices.class)
class RulesTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    private Result check(Object... arguments) {
        return rules("check", arguments);
    }

    private Result suggest(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("--pipeline", site.file()));
        all.addAll(List.of(arguments));
        return rules("suggest", all.toArray());
    }

    private Result rules(String command, Object... arguments) {
        List<String> all = new ArrayList<>(List.of("rules", command));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return site.run(Map.of(), all.toArray(String[]::new));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("rules.dqdl"), text);
    }

    private void assertRefused(Result result, String sentence) {
        assertThat(result).isEqualTo(new Result(2, "", "eightbells: " + sentence + "\n"));
    }

    private void runTheShop() throws IOException {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            events.append(Site.event("id-" + (10 + i), "2026-03-02T01:00:00Z", i));
        }
        site.deliver("2026-03-02T01", "a", events.toString());
        assertThat(site.command("run").exitCode()).isZero();
    }

    @Test
    void countsRulesThatCanBeEvaluated() throws IOException {
        Path file = file("Rules = [ RowCount > 0, IsComplete \"id\" ]\nAnalyzers = [ RowCount ]");
        assertThat(check(file)).isEqualTo(new Result(0, file + ": 2 rules, 1 analyzer: all can be evaluated.\n", ""));
    }

    @Test
    void tellsEachProblemWithItsPlace() throws IOException {
        Path file = file("Rules = [ RowCount > 0,\n  IsComplet \"id\",\n  Mean \"x\" > ]");
        Result result = check(file);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .isEqualTo(file + ":2:3: unknown rule type IsComplet; did you mean IsComplete?\n" + file
                        + ":3:14: expected a number, not ]; Mean is compared with numbers.\n");
    }

    @Test
    void holdsRulesAgainstAPipelinesColumnsAndReferences() throws IOException {
        Path file = file("Rules = [ IsComplete \"nope\", RowCountMatch \"plan\" = 1, Mean \"amount\" > 0 ]");
        assertThat(check(file).exitCode()).isZero();
        Result result = check(file, "--pipeline", site.file());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out())
                .isEqualTo(file + ":1:11: 'IsComplete \"nope\"' cannot be evaluated: there is no column nope"
                        + " (there are id, at, amount).\n" + file
                        + ":1:30: 'RowCountMatch \"plan\" = 1' cannot be evaluated: there is no data set plan;"
                        + " name its table or place under quality.references.\n");
    }

    @Test
    void checksTheRulesOfAPipeline() throws IOException {
        site.define(Site.SHOP + "quality:\n  rules: \"Rules = [ IsComplete \\\"id\\\" ]\"\n");
        assertThat(check("--pipeline", site.file()).out())
                .isEqualTo(site.file() + ", quality.rules: 1 rule, 0 analyzers: all can be evaluated.\n");
        site.define(Site.SHOP + "quality:\n  rules: \"Rules = [ IsComplete \\\"ids\\\" ]\"\n");
        assertThat(check("--pipeline", site.file()))
                .isEqualTo(new Result(
                        2,
                        site.file() + ", quality.rules:1:11: 'IsComplete \"ids\"' cannot be evaluated: there is no"
                                + " column ids (there are id, at, amount).\n",
                        ""));
    }

    @Test
    void refusesWhatIsNoRulesFile() throws IOException {
        Path file = folder.resolve("rules.dqdl");
        String cannot = "Cannot read the rules file " + file + ": ";
        assertRefused(check(file), cannot + "there is no such file. Correct the name.");
        Files.writeString(file, " \n");
        assertRefused(check(file), cannot + "it is empty. Write e.g. Rules = [ RowCount > 0 ].");
        Files.write(file, "Größe".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(check(file), cannot + "it is no UTF-8 text. Save it as UTF-8.");
        assertRefused(check(folder), "Cannot read the rules file " + folder + ": it is a folder. Name a rules file.");
        assertRefused(
                check(), "Cannot check rules: none are named. Name a rules file, or a pipeline file with --pipeline.");
        assertRefused(
                check("--pipeline", site.file()),
                "Cannot check the rules of " + site.file()
                        + ": it has none. Name them under quality.rules, or name a rules file.");
        assertRefused(
                check("a", "b"),
                "Unmatched argument at index 3: 'b'. Run eightbells rules check --help for what there is.");
    }

    @Test
    void suggestsRulesOfTheNewestBatchWithRows() throws IOException {
        runTheShop();
        site.deliver("2026-03-02T05", "a", Site.event("id-10", "2026-03-02T01:00:00Z", 1));
        assertThat(site.commandAt("2026-03-02T08:20:00Z", "run").exitCode()).isZero();
        Result result = suggest();
        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEqualTo("Looking at the rows of batch " + BATCH + ".\n");
        assertThat(result.out())
                .startsWith("# Rules suggested from batch " + BATCH + " of pipeline shop: 20 rows.\n")
                .endsWith(
                        """
                        Rules = [
                          RowCount > 0,

                          # id: texts, never missing, 5 characters, all different
                          IsComplete "id",
                          IsUnique "id",
                          ColumnLength "id" = 5,

                          # at: timestamps, never missing, all the same
                          IsComplete "at",

                          # amount: whole numbers, never missing, 0 to 19, mean 9.5, all different
                          IsComplete "amount",
                          IsUnique "amount",
                          ColumnValues "amount" >= 0
                        ]
                        """);
        Path file = file(result.out());
        assertThat(check(file, "--pipeline", site.file()).out())
                .isEqualTo(file + ": 8 rules, 0 analyzers: all can be evaluated.\n");
        assertRefused(
                suggest("--batch", "20260302T0800Z"),
                "Cannot suggest rules from batch 20260302T0800Z: it has no rows. Name another; without --batch the"
                        + " newest with rows is taken.");
    }

    @Test
    void showsNoValuesWhenThePipelineHidesThem() throws IOException {
        runTheShop();
        site.define(Site.SHOP + "quality:\n  sampleValues: false\n  rules: \"Rules = [ RowCount > 0 ]\"\n");
        assertThat(suggest("--batch", BATCH).out()).contains("# amount: whole numbers, never missing, all different\n");
    }

    @Test
    void refusesToSuggestWhenNothingIsPublished() throws IOException {
        String remedy = " Run the pipeline first: eightbells run --pipeline FILE.";
        assertRefused(
                suggest(),
                "Cannot suggest rules for pipeline shop: no batch with rows is published in " + site.lake("") + "/ yet."
                        + remedy);
        assertRefused(
                suggest("--batch", BATCH),
                "Cannot find batch " + BATCH + " in the lake " + site.lake("")
                        + "/. Ask eightbells status for the batches there are.");
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        assertRefused(
                suggest("--batch", BATCH),
                "Cannot suggest rules from batch " + BATCH + ": it is planned, and only published rows are looked at."
                        + " Finish it with eightbells run, or name another.");
    }
}

package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with rules is told with the place where a person finds it. */
class RulesPlacesTest {
    private static final String SHOP =
            """
            version: 1
            pipeline: shop
            source: {location: raw/}
            lake: lake/
            table:
              name: analytics.events
              partitionBy: {from: at, unit: day}
              columns:
                - {name: at, type: timestamp}
            quality:
              references: {shops: analytics.shops}
            """;

    @TempDir
    private Path folder;

    /** Finds fault with every 'x'. */
    private static List<String> faults(String rules, String name, TableDefinition table, Set<String> references) {
        List<String> found = new ArrayList<>();
        List<String> lines = rules.lines().toList();
        for (int line = 0; line < lines.size(); line++) {
            for (int at = lines.get(line).indexOf('x');
                    at >= 0;
                    at = lines.get(line).indexOf('x', at + 1)) {
                found.add(name + ":" + (line + 1) + ":" + (at + 1) + ": x is not in "
                        + table.columns().get(0).name() + " or " + references);
            }
        }
        return found;
    }

    private void assertRefused(String rules, String places) throws IOException {
        Path file = Files.writeString(folder.resolve("shop.yaml"), SHOP + rules);
        assertThatThrownBy(() -> PipelineFile.load(file, Map.of(), SqlJudge.none(), RulesPlacesTest::faults))
                .hasMessage(places.replace("PLACE", file.toString()));
    }

    @Test
    void inAFileOfTheirOwn() throws IOException {
        Files.writeString(folder.resolve("shop.dqdl"), "\n  Rules = [\n    x\n  ]\n");
        assertRefused("  rules: shop.dqdl\n", folder + "/shop.dqdl:3:5: x is not in at or [shops].");
    }

    @Test
    void inABlockOfThePipelineFile() throws IOException {
        assertRefused(
                "  rules: |\n\n    Rules = [\n      x,\n      x ]\n",
                "PLACE:15:7: x is not in at or [shops].\nPLACE:16:7: x is not in at or [shops].");
    }

    @Test
    void inALineOfThePipelineFile() throws IOException {
        assertRefused("  rules: \"Rules = [ x ]\"\n", "PLACE:12:21: x is not in at or [shops].");
        assertRefused("  rules: Rules = [ x ]\n", "PLACE:12:20: x is not in at or [shops].");
    }

    @Test
    void besideWhatElseIsWrongInTheFile() throws IOException {
        assertRefused(
                "  rules: 'Rules = [ x ]'\n  onFailure: sulk\n",
                "PLACE:12:21: x is not in at or [shops].\n"
                        + "PLACE:13: quality.onFailure: 'sulk' is none of stop, warn; use one of them.");
    }
}

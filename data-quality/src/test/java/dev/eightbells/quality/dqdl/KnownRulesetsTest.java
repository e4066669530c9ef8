package dev.eightbells.quality.dqdl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The cases of the tests of AWS's own parser, where they are at hand; skipped by name where they are not. */
class KnownRulesetsTest {
    /** Where we judge otherwise: we refuse at once what Glue refuses when it evaluates. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "dqdl-342",
            "rules.dqdl:3:46: the variable $invalid_codes2 is not declared; "
                    + "write invalid_codes2 = \"...\" before the rules.",
            "dqdl-369",
            "rules.dqdl:2:21: expected a text, not $invalidSqlString, which is a list.");

    /** Labels are not part of what reports call a rule. */
    private static final Map<String, String> TEXTS_WITHOUT_LABELS =
            Map.of("dqdl-313", "FileSize < 5 B", "dqdl-314", "FileSize < 5 B");

    private static final List<JsonNode> CASES = new ArrayList<>();

    @BeforeAll
    static void findCases() throws IOException {
        String file = "shared/data/dqdl/dqdl_parse_cases.ndjson";
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (folder != null && !Files.isRegularFile(folder.resolve(file))) {
            folder = folder.getParent();
        }
        Assumptions.assumeTrue(folder != null, "the third-party data with known answers are not here");
        ObjectMapper json = new ObjectMapper();
        CASES.clear();
        for (String line : Files.readAllLines(folder.resolve(file))) {
            CASES.add(json.readTree(line));
        }
    }

    @Test
    void judgesRulesetsAsTheirAuthorsDo() {
        Map<String, String> otherwise = new TreeMap<>();
        for (JsonNode node : CASES) {
            boolean isAccepted = node.get("verdict").asText().equals("accept");
            try {
                Dqdl.parse(node.get("ruleset").asText(), "rules.dqdl");
                if (!isAccepted) {
                    otherwise.put(node.get("id").asText(), "accepted");
                }
            } catch (Failure e) {
                if (isAccepted) {
                    otherwise.put(node.get("id").asText(), e.getMessage());
                }
            }
        }
        assertThat(CASES).hasSize(391);
        assertThat(otherwise).isEqualTo(OTHERWISE);
    }

    @Test
    void writesRulesAsTheirAuthorsDo() {
        Map<String, String> otherwise = new TreeMap<>();
        for (JsonNode node : CASES) {
            if (node.has("roundtrip_rule")) {
                String text = parse(node).rules().get(0).text();
                if (!text.equals(node.get("roundtrip_rule").asText())) {
                    otherwise.put(node.get("id").asText(), text);
                }
            }
        }
        assertThat(otherwise).isEqualTo(TEXTS_WITHOUT_LABELS);
    }

    @Test
    void findsAsManyRulesAsTheirAuthorsDo() {
        for (JsonNode node : CASES) {
            if (node.has("expected_rule_count")) {
                assertThat(parse(node).rules())
                        .as(node.get("id").asText())
                        .hasSize(node.get("expected_rule_count").asInt());
            }
        }
    }

    private static Ruleset parse(JsonNode node) {
        return Dqdl.parse(node.get("ruleset").asText(), "rules.dqdl");
    }
}

package dev.eightbells.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Small data sets with rules and what Deequ's own tests expect of them, where they are at hand. */
class KnownEvaluationsTest {
    private static final String CANNOT = "cannot be evaluated, which is no failure of the data";

    /** Where we disagree, and why. */
    private static final Map<String, String> DISAGREEMENTS = Map.of(
            "deequ-150", "a pattern of times that is none " + CANNOT,
            "deequ-167", "a where clause that is no SQL " + CANNOT,
            "deequ-168", "a type that is none " + CANNOT,
            "deequ-196", "SQL over a column that is not there " + CANNOT);

    private static Path cases() {
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("shared/data/dqdl/deequ_eval_cases.ndjson"))) {
            folder = folder.getParent();
        }
        Assumptions.assumeTrue(folder != null, "the third-party data with known answers are not here");
        return folder.resolve("shared/data/dqdl/deequ_eval_cases.ndjson");
    }

    @Test
    void judgesAsDeequDoesButForWhatCannotBeEvaluated() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, String> disagreements = new TreeMap<>();
        int cases = 0;
        for (String line : Files.readAllLines(cases())) {
            JsonNode node = json.readTree(line);
            cases++;
            String difference = difference(node);
            if (difference != null) {
                disagreements.put(node.get("id").asText(), difference + " in " + node.get("ruleset"));
            }
        }
        assertThat(cases).isEqualTo(199);
        assertThat(disagreements.keySet())
                .as("disagreements %s", disagreements)
                .isEqualTo(new TreeMap<>(DISAGREEMENTS).keySet());
    }

    /** How an evaluation differs from what is expected; null when it does not. */
    private static String difference(JsonNode node) {
        QualityRules rules;
        try {
            rules = QualityRules.parse(node.get("ruleset").asText(), "rules");
        } catch (Failure refused) {
            return "refused: " + refused.getMessage();
        }
        Dataset<Row> rows = rows(node);
        Audit audit = QualityCheck.audit(rows, rules, Surroundings.none(java.time.Instant.now()));
        QualityReport report = audit.report();
        List<String> outcomes = report.outcomes().stream()
                .map(outcome -> outcome.verdict().text().toLowerCase(Locale.ROOT))
                .toList();
        if (node.has("expected_outcomes") && !outcomes.equals(texts(node.get("expected_outcomes")))) {
            return outcomes + ": " + report.outcomes();
        }
        if (node.has("expected_all_outcomes") && !report.with(Verdict.PASSED).equals(report.outcomes())) {
            return outcomes + ": " + report.outcomes();
        }
        if (node.has("expected_row_outcomes")) {
            List<String> expected = new ArrayList<>();
            List<Row> all = rows.collectAsList();
            List<String> of = texts(node.get("expected_row_outcomes"));
            for (int i = 0; i < all.size(); i++) {
                expected.add(all.get(i) + " " + of.get(i));
            }
            List<String> found = audit.marked(rows).collectAsList().stream()
                    .map(row -> {
                        int last = row.length() - 1;
                        Object[] values = new Object[last];
                        for (int i = 0; i < last; i++) {
                            values[i] = row.get(i);
                        }
                        return RowFactory.create(values) + (row.getList(last).isEmpty() ? " passed" : " failed");
                    })
                    .toList();
            if (!found.stream()
                    .sorted()
                    .toList()
                    .equals(expected.stream().sorted().toList())) {
                return found + " for " + expected;
            }
        }
        if (node.has("expected_metrics")) {
            Map<String, Double> expected = new TreeMap<>();
            node.get("expected_metrics")
                    .fields()
                    .forEachRemaining(metric ->
                            expected.put(metric.getKey(), metric.getValue().asDouble()));
            if (!report.metrics().entrySet().containsAll(expected.entrySet())) {
                return report.metrics() + " without " + expected;
            }
        }
        return null;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(text -> text.asText().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Dataset<Row> rows(JsonNode node) {
        StructType schema = new StructType();
        List<DataType> types = new ArrayList<>();
        for (int i = 0; i < node.get("columns").size(); i++) {
            String type = node.get("types").get(i).asText();
            types.add(
                    type.equals("null")
                            ? DataTypes.StringType
                            : StructType.fromDDL("x " + type).apply(0).dataType());
            schema = schema.add(node.get("columns").get(i).asText(), types.get(i));
        }
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : node.get("rows")) {
            Object[] values = new Object[types.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(row.get(i), types.get(i));
            }
            rows.add(RowFactory.create(values));
        }
        return LocalSpark.session().createDataFrame(rows, schema);
    }

    private static Object value(JsonNode value, DataType type) {
        if (value.isNull()) {
            return null;
        }
        if (type == DataTypes.IntegerType) {
            return value.asInt();
        }
        if (type == DataTypes.LongType) {
            return value.asLong();
        }
        return type == DataTypes.DoubleType ? (Object) value.asDouble() : value.asText();
    }
}

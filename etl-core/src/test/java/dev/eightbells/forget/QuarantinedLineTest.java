package dev.eightbells.forget;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.TableDefinition;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuarantinedLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final TableDefinition DEFINITION = table("{name: visitor, type: string, from: user.id}");

    private static TableDefinition table(String visitor) {
        return PipelineFile.parse(
                        """
                        version: 1
                        pipeline: shop
                        source: {location: /tmp/raw/}
                        lake: /tmp/lake/
                        table:
                          name: analytics.events
                          partitionBy: {from: at, unit: day}
                          columns:
                            - %s
                            - {name: at, type: timestamp}
                            - {name: count, type: int, required: true}
                        """
                                .formatted(visitor),
                        "shop.yaml",
                        Map.of())
                .table();
    }

    private static boolean isMeant(String where, String field, Object value) throws IOException {
        return isMeant(where, JSON.<JsonNode>valueToTree(Map.of(field, value)));
    }

    private static boolean isMeant(String where, JsonNode line) throws IOException {
        return new QuarantinedLine(Where.parse(where, WhereTest.SCHEMA, "analytics.events"), WhereTest.SCHEMA)
                .isMeant(line, DEFINITION, DEFINITION);
    }

    private static boolean isMeant(String where, String text) throws IOException {
        return isMeant(where, "text", text);
    }

    @Test
    void evaluatesWhatARejectedRecordHoldsWithoutWhatItIsRejectedFor() throws IOException {
        String record = "{\"user\": {\"id\": \"an\\u006ea\"}, \"at\": \"2026-03-01T00:00:00Z\", \"count\": \"many\"}";
        assertThat(isMeant("visitor = 'anna'", record)).isTrue();
        assertThat(isMeant("visitor = 'bo'", record)).isFalse();
        assertThat(isMeant("visitor = 'anna' and at < '2026-03-01'", record)).isFalse();
        assertThat(isMeant("visitor = 'anna' and at >= '2026-03-01'", record)).isTrue();
    }

    @Test
    void goesByTheTextsWhereNobodyCanTell() throws IOException {
        assertThat(isMeant("visitor = 'anna'", "{\"user\": {\"id\": \"anna\"")).isTrue();
        assertThat(isMeant("visitor = 'anna'", "{\"user\": {\"id\": \"bo\"")).isFalse();
        assertThat(isMeant("visitor = 'anna' and count > 5", "{\"user\": {\"id\": \"anna\"}, \"count\": \"many\"}"))
                .isTrue();
        assertThat(isMeant("count > 5", "{\"count\": \"many\"}")).isFalse();
        assertThat(isMeant(
                        "visitor = 'anna'",
                        "base64",
                        "{\"user\": \"anna".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isTrue();
    }

    @Test
    void longTextsAreSomebodysWhereverTheyStand() throws IOException {
        String record = "{\"user\": {\"id\": \"bo\"}, \"referrer\": \"/of/anna-of-green-gables and anna\"}";
        assertThat(isMeant("visitor = 'anna-of-green-gables'", record)).isTrue();
        assertThat(isMeant("visitor = 'anna'", record)).isFalse();
    }

    @Test
    void findsRecordsOfBatchesThatCalledAColumnOtherwise() throws IOException {
        TableDefinition before = table("{name: uid, type: string, from: user.id}");
        TableDefinition today = table("{name: visitor, type: string, from: user.key, was: [u, uid]}");
        JsonNode raw = JSON.readTree("{\"text\": \"{\\\"user\\\": {\\\"id\\\": \\\"4711\\\"}, \\\"at\\\": 1}\"}");
        JsonNode row = JSON.readTree("{\"row\": {\"uid\": \"4711\"}}");
        QuarantinedLine lines = new QuarantinedLine(
                Where.parse("visitor = '4711'", WhereTest.SCHEMA, "analytics.events"), WhereTest.SCHEMA);
        assertThat(lines.isMeant(row, before, today)).isTrue();
        assertThat(lines.isMeant(raw, before, today)).isTrue();
        QuarantinedLine others = new QuarantinedLine(
                Where.parse("visitor > '4711' and visitor < '5'", WhereTest.SCHEMA, "analytics.events"),
                WhereTest.SCHEMA);
        assertThat(others.isMeant(row, before, today)).isFalse();
        assertThat(others.isMeant(raw, before, today)).isFalse();
        QuarantinedLine ranges = new QuarantinedLine(
                Where.parse("visitor >= '4711' and visitor < '5'", WhereTest.SCHEMA, "analytics.events"),
                WhereTest.SCHEMA);
        assertThat(ranges.isMeant(row, before, today)).isTrue();
        assertThat(ranges.isMeant(raw, before, today)).isTrue();
        assertThat(ranges.isMeant(raw, before, before)).isFalse();
    }

    @Test
    void looksForTextsInTheRecordAloneAndNotInWhatTheQuarantineSaysOfIt() throws IOException {
        JsonNode raw = JSON.readTree(
                """
                {"form": "raw", "text": "{", "object": "purchases/1", "offset": 0, "reason": "malformed",
                 "sentence": "The record 'bo-and-anna' ends too early.", "batch": "b", "step": "convert"}
                """);
        assertThat(isMeant("visitor in ('raw', 'text', 'purchases', 'malformed', 'convert', 'b1')", raw))
                .isFalse();
        assertThat(isMeant("visitor = 'bo-and-anna'", raw)).isTrue();
        JsonNode row = JSON.readTree(
                """
                {"form": "row", "row": {"visitor": "bo", "referrer": {"page": "/checkout/2"}}, "object": "purchases/1",
                 "offset": 0, "reason": "rule", "rules": ["IsIn page_view"],
                 "sentence": "The row fails the rule IsIn page_view.", "batch": "b", "step": "validate"}
                """);
        assertThat(isMeant("visitor in ('page_view', 'referrer', 'purchases', 'validate')", row))
                .isFalse();
        assertThat(isMeant("visitor = 'checkout'", row)).isTrue();
        JsonNode duplicate = JSON.readTree(
                """
                {"form": "raw", "reference": true, "object": "purchases/1", "offset": 9,
                 "winner": {"object": "purchases/1", "offset": 0}, "sentence": "The record has the key of the one at 0 of purchases/1."}
                """);
        assertThat(isMeant("visitor in ('key', 'purchases')", duplicate)).isFalse();
    }

    @Test
    void evaluatesRowsThatRulesRejected() throws IOException {
        Map<String, Object> row = new java.util.HashMap<>(Map.of(
                "visitor", "anna", "day", "2026-03-01", "at", "2026-03-01T00:00:00.5Z", "amount", 1.50, "large", 5));
        row.put("paid", null);
        assertThat(isMeant("visitor = 'anna' and day = '2026-03-01' and large = 5", "row", row))
                .isTrue();
        assertThat(isMeant("amount = 1.5 and at > '2026-03-01 00:00:00.4'", "row", row))
                .isTrue();
        assertThat(isMeant("paid is null and amount <> 1.5", "row", row)).isFalse();
        assertThat(isMeant("paid is null", "row", row)).isTrue();
    }
}

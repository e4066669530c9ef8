package dev.eightbells.steps;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.batch.BatchId;
import dev.eightbells.store.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A rejected record as a line of a quarantine file tells of it.
 *
 * @param key the raw object that holds it
 * @param offset where it begins in the uncompressed object
 * @param length its length in bytes; 0 when the line does not tell
 * @param reason a stable code
 * @param column the column to blame; null when there is none
 * @param rules the rules that it failed; empty when it was not rejected by rules
 * @param sentence the reason for people
 * @param text the record itself, or what is known of it
 * @param line the line as it stands in the file
 * @param openReplay the replay that has the record and is not published yet; null when there is none
 */
record QuarantinedRecord(
        String key,
        long offset,
        long length,
        String reason,
        String column,
        List<String> rules,
        String sentence,
        String text,
        String line,
        BatchId openReplay) {
    /** The longest record is kept by reference; what is kept as text may still be longer than Jackson's own limit. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    QuarantinedRecord {
        rules = List.copyOf(rules);
    }

    /**
     * Reads a line of a quarantine file.
     *
     * @param source where the raw objects lie
     * @return empty when it is no such line
     */
    static Optional<QuarantinedRecord> parse(String line, Location source) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (IOException notJson) {
            return Optional.empty();
        }
        if (!node.path("object").isTextual()
                || !node.path("offset").isIntegralNumber()
                || !node.path("reason").isTextual()) {
            return Optional.empty();
        }
        List<String> rules = new ArrayList<>();
        node.path("rules").forEach(rule -> rules.add(rule.asText()));
        return Optional.of(new QuarantinedRecord(
                source.relativize(node.get("object").asText()),
                node.get("offset").asLong(),
                node.path("length").asLong(),
                node.get("reason").asText(),
                node.path("column").asText(null),
                rules,
                node.path("sentence").asText(),
                text(node),
                line,
                null));
    }

    private static String text(JsonNode node) {
        if (node.has("row")) {
            return node.get("row").toString();
        }
        if (node.has("text")) {
            return node.get("text").asText();
        }
        if (node.has("base64")) {
            return "base64 " + node.get("base64").asText();
        }
        return node.has("length")
                ? String.format(
                        Locale.ROOT,
                        "(%,d bytes, not kept here)",
                        node.get("length").asLong())
                : "(not kept here)";
    }

    /** The same, while a replay has it. */
    QuarantinedRecord in(BatchId replay) {
        return new QuarantinedRecord(key, offset, length, reason, column, rules, sentence, text, line, replay);
    }

    /** What is to blame besides the reason: the column or the rules; {@code -} when there is neither. */
    String blamed() {
        if (column != null) {
            return column;
        }
        return rules.isEmpty() ? "-" : String.join("; ", rules);
    }
}

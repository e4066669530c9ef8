package dev.eightbells.forget;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes texts out of what the lake says of its batches: sentences that quote a value, and the samples in reports about
 * rules.
 */
final class LedgerSearch {
    private static final List<String> FOLDERS = List.of("batches/", "quality/");
    private static final String SAMPLES = "samples";

    /** What may quote a value. All else is what the lake goes by: names, times, places. */
    private static final Set<String> QUOTING = Set.of("sentence", "reason");

    /** Numbers stay as they are written. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final ObjectStore lake;
    private final Texts texts;

    LedgerSearch(ObjectStore lake, Texts texts) {
        this.lake = lake;
        this.texts = texts;
    }

    /** In how many objects they stand. */
    long count() {
        return keys().stream()
                .filter(key -> lake.read(key)
                        .flatMap(content -> without(content.bytes()))
                        .isPresent())
                .count();
    }

    /** Takes them out everywhere. */
    void perform() {
        for (String key : keys()) {
            boolean isSettled = false;
            while (!isSettled) {
                Optional<ObjectStore.Content> content = lake.read(key);
                Optional<byte[]> left = content.flatMap(there -> without(there.bytes()));
                isSettled = left.isEmpty()
                        || lake.replace(key, content.get().etag(), left.get()).isPresent();
            }
        }
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (String folder : texts.isEmpty() ? List.<String>of() : FOLDERS) {
            try (Stream<StoredObject> objects = lake.list(folder, "")) {
                objects.map(StoredObject::key)
                        .filter(key -> key.endsWith(".json"))
                        .forEach(keys::add);
            }
        }
        return keys;
    }

    /** The object without the texts; empty when they do not stand in it. */
    private Optional<byte[]> without(byte[] bytes) {
        JsonNode before;
        try {
            before = JSON.readTree(bytes);
        } catch (IOException noJson) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            String left = texts.takenFrom(text);
            return left.equals(text) ? Optional.empty() : Optional.of(left.getBytes(StandardCharsets.UTF_8));
        }
        JsonNode after = taken(before.deepCopy());
        if (after.equals(before)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.writeValueAsBytes(after));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write " + after.getNodeType() + " as JSON", e);
        }
    }

    private JsonNode taken(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> object.set(name, taken(name, object.get(name))));
        } else if (node instanceof ArrayNode array) {
            array.forEach(this::taken);
        }
        return node;
    }

    private JsonNode taken(String name, JsonNode value) {
        if (QUOTING.contains(name) && value.isTextual()) {
            return new TextNode(texts.takenFrom(value.textValue()));
        }
        return name.equals(SAMPLES) && value instanceof ArrayNode samples ? kept(samples) : taken(value);
    }

    /** Samples are values of somebody's rows, cut to a length. */
    private ArrayNode kept(ArrayNode samples) {
        ArrayNode kept = samples.arrayNode();
        for (JsonNode sample : samples) {
            String text = sample.asText();
            if (!texts.isTellinglyIn(text)
                    && !texts.isCutOffIn(text)
                    && texts.takenFrom(text).equals(text)) {
                kept.add(sample);
            }
        }
        return kept;
    }
}

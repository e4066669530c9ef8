package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members of requests and answers, as EMR writes them; what is null is left out. */
final class Members {
    private static final int MILLIS = 3;

    private Members() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void putText(ObjectNode object, String name, String text) {
        if (text != null) {
            object.put(name, text);
        }
    }

    /** Seconds since 1970, with their fraction. */
    static void putTime(ObjectNode object, String name, Instant time) {
        if (time != null) {
            object.put(name, BigDecimal.valueOf(time.toEpochMilli(), MILLIS));
        }
    }

    /** Copies what the request said, where it said something. */
    static void copy(JsonNode from, ObjectNode to, String... names) {
        for (String name : names) {
            if (from.hasNonNull(name)) {
                to.set(name, from.get(name));
            }
        }
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** What is written as a list of objects with a Key and a Value. */
    static Map<String, String> keyed(JsonNode list) {
        Map<String, String> keyed = new LinkedHashMap<>();
        list.forEach(entry ->
                keyed.put(entry.path("Key").asText(), entry.path("Value").asText()));
        return keyed;
    }
}

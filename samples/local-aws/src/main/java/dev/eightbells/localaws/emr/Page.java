package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/** A page of a list: 50 entries after the one that the marker names, and a marker while there are more. */
final class Page {
    private static final int SIZE = 50;

    private Page() {}

    /**
     * The page that a request asks for.
     *
     * @param name of the list in the answer
     * @param all the entries, in the list's order
     */
    static <T> ObjectNode of(
            JsonNode request, String name, List<T> all, Function<T, String> id, Function<T, ObjectNode> text) {
        int from = 0;
        if (request.hasNonNull("Marker")) {
            String marker = request.get("Marker").asText();
            List<String> ids = all.stream().map(id).toList();
            if (!ids.contains(marker)) {
                throw Refusal.unknown("Marker '" + marker + "' is not valid.");
            }
            from = ids.indexOf(marker) + 1;
        }
        int to = Math.min(from + SIZE, all.size());
        ObjectNode page = Members.object();
        ArrayNode entries = page.putArray(name);
        all.subList(from, to).forEach(entry -> entries.add(text.apply(entry)));
        if (to < all.size()) {
            page.put("Marker", id.apply(all.get(to - 1)));
        }
        return page;
    }
}

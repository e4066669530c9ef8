package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.io.IOException;
import java.time.Instant;

/**
 * That somebody asked for rows to be forgotten. While it is open it holds the very values that are to be gone; its receipt,
 * which takes its place, holds them no more.
 *
 * @param version of its form
 * @param number from 1, without gaps
 * @param pipeline the pipeline's name
 * @param id made for this one alone
 * @param asked when
 * @param where which rows, as it was asked; null in a receipt
 * @param predicate the same as JSON, in the form of Iceberg's expressions; null in a receipt
 * @param state whether all of it is done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "number", "pipeline", "id", "asked", "where", "predicate", "state"})
public record Forget(
        int version,
        int number,
        String pipeline,
        String id,
        Instant asked,
        String where,
        @JsonRawValue @JsonDeserialize(using = Raw.class) String predicate,
        State state) {

    /** How far it is. */
    public enum State {
        /** Not all of it is done. */
        @JsonProperty("open")
        OPEN,
        /** All of it is done, and this is the receipt. */
        @JsonProperty("done")
        DONE
    }

    /** How a commit names it: {@code forgets/00000001}. */
    public String reference() {
        String key = LakeLayout.forget(number);
        return key.substring(0, key.length() - ".json".length());
    }

    /** Never the values: what is printed ends in logs. */
    @Override
    public String toString() {
        return "Forget[" + number + " of " + pipeline + ", " + state + "]";
    }

    /** Keeps JSON within JSON as the text that it is. */
    static final class Raw extends JsonDeserializer<String> {
        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parser.readValueAsTree().toString();
        }
    }
}

package dev.eightbells.forget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.eightbells.batch.Forget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands in the ledger of something that is to be forgotten: while it is open what has been found and decided, in the
 * end what was done.
 *
 * @param version of its form
 * @param number from 1
 * @param pipeline the pipeline's name
 * @param id made for this one alone
 * @param asked when
 * @param where which rows, as it was asked; null when it is done
 * @param predicate the same as Iceberg's expression; null when it is done
 * @param columns that the rows were known by
 * @param fields the same with the numbers that the table knows them by; null when it is done
 * @param found what was found when it was asked; null until that is known
 * @param events what was done to the table of events
 * @param sessions what was done to the session table; null when there is none, or not yet
 * @param snapshots how many have expired, or are to
 * @param files how many have been deleted, or are to
 * @param doomed what is to expire and to be deleted, by table; null until it is known, and when it is done
 * @param finished when; null until then
 * @param state whether it is done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "number", "pipeline", "id", "asked", "finished", "state", "columns", "found"})
public record Receipt(
        int version,
        int number,
        String pipeline,
        String id,
        Instant asked,
        String where,
        JsonNode predicate,
        Set<String> columns,
        Map<String, Integer> fields,
        ForgetCounts found,
        Removed events,
        Remade sessions,
        Integer snapshots,
        Integer files,
        List<TableRemains.Doomed> doomed,
        Instant finished,
        Forget.State state) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * Rows that were taken out.
     *
     * @param commits by which
     */
    public record Removed(long rows, List<Long> commits) {}

    /**
     * Sessions that have lost events.
     *
     * @param gone how many there were
     * @param made how many there are in their place
     * @param commits by which
     */
    public record Remade(long gone, long made, List<Long> commits) {}

    static Receipt parse(byte[] content) {
        try {
            return JSON.readValue(content, Receipt.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what is to be forgotten", e);
        }
    }

    /** As it is kept. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the receipt of forgets/" + number + " as JSON", e);
        }
    }

    byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    Receipt with(Map<String, Integer> askedFor, ForgetCounts there) {
        return new Receipt(
                version,
                number,
                pipeline,
                id,
                asked,
                where,
                predicate,
                askedFor.keySet(),
                askedFor,
                there,
                events,
                sessions,
                snapshots,
                files,
                doomed,
                finished,
                state);
    }

    Receipt doing(Removed removed, Remade remade, List<TableRemains.Doomed> remains) {
        int expired = remains.stream().mapToInt(each -> each.snapshots().size()).sum();
        int deleted = remains.stream().mapToInt(each -> each.files().size()).sum();
        return new Receipt(
                version, number, pipeline, id, asked, where, predicate, columns, fields, found, removed, remade,
                expired, deleted, remains, finished, state);
    }

    /** The receipt: without what the rows were known by. */
    Receipt done(Instant now) {
        return new Receipt(
                version,
                number,
                pipeline,
                id,
                asked,
                null,
                null,
                columns,
                null,
                found,
                events,
                sessions,
                snapshots,
                files,
                null,
                now,
                Forget.State.DONE);
    }

    /** For a log: never the values. */
    @Override
    public String toString() {
        return "Receipt[" + number + " of " + pipeline + ", " + state + "]";
    }
}

package dev.eightbells.trigger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.eightbells.Failure;
import dev.eightbells.batch.Stragglers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What one firing found and did for one pipeline.
 *
 * @param pipeline its name, or the location of its file when that could not be read
 * @param batches those that are not done, the oldest first
 * @param backlogSeconds how old the oldest batch is that is neither done nor stopped, by its window's end; 0 when there is
 *     none
 * @param stragglers objects that were delivered too late for any batch; null when nobody looked, which is done once a day
 * @param failures what kept the pipeline from being looked after, in sentences; empty when nothing did
 */
@JsonPropertyOrder({"pipeline", "batches", "backlogSeconds", "stragglers", "failures"})
public record Watched(
        String pipeline,
        List<Told> batches,
        long backlogSeconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) Stragglers stragglers,
        List<Sentence> failures) {
    public Watched {
        batches = List.copyOf(batches);
        failures = List.copyOf(failures);
    }

    /** A pipeline that could not be looked after at all. */
    static Watched failed(String pipeline, Failure failure) {
        return new Watched(pipeline, List.of(), 0, null, List.of(Sentence.of(failure)));
    }

    /** Whether it was looked after, and no batch waits for a person. */
    @JsonIgnore
    public boolean isHealthy() {
        return failures.isEmpty()
                && batches.stream().noneMatch(batch -> batch.became().waitsForAPerson());
    }

    /** What a person should know, in the order of its weight; empty when all is well. */
    @JsonIgnore
    public List<Sentence> complaints() {
        return Stream.concat(
                        failures.stream(),
                        batches.stream()
                                .filter(batch -> batch.became().waitsForAPerson())
                                .map(batch -> new Sentence(Failure.Kind.DATA, batch.sentence())))
                .toList();
    }

    /** How many batches became what. */
    public long count(Became became) {
        return batches.stream().filter(batch -> batch.became() == became).count();
    }

    /**
     * A failure in a result.
     *
     * @param kind what it means
     * @param sentence what was told
     */
    public record Sentence(Failure.Kind kind, String sentence) {
        public static Sentence of(Failure failure) {
            return new Sentence(failure.kind(), failure.getMessage());
        }
    }

    /**
     * What is to be told of a batch.
     *
     * @param batch its name
     * @param became what became of it in this firing
     * @param sentence the same for a person
     */
    public record Told(String batch, Became became, String sentence) {}

    /** What became of a batch in a firing. */
    public enum Became {
        /** It was given to the compute service. */
        SUBMITTED,
        /** It is on its way there, or runs. */
        RUNNING,
        /** It could not be given to the service now. */
        OPEN,
        /** It failed, and trying again would not help or has not helped. */
        FAILED,
        /** Its quality stopped it. */
        STOPPED;

        /** Whether nothing more happens until a person decides or mends something. */
        public boolean waitsForAPerson() {
            return this == FAILED || this == STOPPED;
        }

        /** In lower case. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

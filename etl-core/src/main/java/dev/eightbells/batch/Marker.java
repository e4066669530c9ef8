package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a step says for ever when it has finished. Locations are relative to the lake where they lie in it.
 *
 * @param version of this form
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of the batch's manifest
 * @param step which step
 * @param attempt which attempt finished it
 * @param started when the step began
 * @param finished when it ended
 * @param snapshot the staged or committed snapshot; null when the step makes none
 * @param records where the records went; null for steps that read none
 * @param sessions what became of the sessions; null but for sessionize
 * @param quality what came of the rules; null but for validate
 * @param load what of the batch is in the warehouse; null but for load
 * @param files the files of the snapshot that this batch added; in sessionize all that the changed days have
 * @param quarantine the files of rejected records
 * @param duplicates the files that say which records were dropped for which others of the batch; in convert alone, and only
 *     until the batch is published or abandoned
 * @param columns what was measured per column while the files were written
 */
@JsonPropertyOrder({
    "version",
    "pipeline",
    "batch",
    "number",
    "step",
    "attempt",
    "started",
    "finished",
    "snapshot",
    "records",
    "sessions",
    "quality",
    "load",
    "files",
    "quarantine",
    "duplicates",
    "columns"
})
public record Marker(
        int version,
        String pipeline,
        BatchId batch,
        int number,
        Step step,
        int attempt,
        Instant started,
        Instant finished,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long snapshot,
        @JsonInclude(JsonInclude.Include.NON_NULL) Records records,
        @JsonInclude(JsonInclude.Include.NON_NULL) Sessions sessions,
        @JsonInclude(JsonInclude.Include.NON_NULL) Quality quality,
        @JsonInclude(JsonInclude.Include.NON_NULL) Load load,
        List<DataFile> files,
        List<QuarantineFile> quarantine,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<DuplicatesFile> duplicates,
        Map<String, ColumnMeasure> columns)
        implements Serializable {
    public Marker {
        files = files == null ? List.of() : List.copyOf(files);
        quarantine = quarantine == null ? List.of() : List.copyOf(quarantine);
        duplicates = duplicates == null ? List.of() : List.copyOf(duplicates);
        columns = columns == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /** A marker of this attempt at this batch, in the present version. */
    public static Marker of(
            Attempt attempt,
            Step step,
            Instant started,
            Instant finished,
            Long snapshot,
            Records records,
            List<DataFile> files,
            List<QuarantineFile> quarantine,
            Map<String, ColumnMeasure> columns) {
        return new Marker(
                LedgerJson.VERSION,
                attempt.pipeline(),
                attempt.batch(),
                attempt.number(),
                step,
                attempt.attempt(),
                started,
                finished,
                snapshot,
                records,
                null,
                null,
                null,
                files,
                quarantine,
                List.of(),
                columns);
    }

    /** A marker of sessionize, before its commit. */
    public static Marker ofSessions(
            Attempt attempt,
            Instant started,
            Instant finished,
            Records records,
            Sessions sessions,
            Map<String, ColumnMeasure> columns) {
        return of(attempt, Step.SESSIONIZE, started, finished, null, records, List.of(), List.of(), columns)
                .with(null, sessions, null, null, List.of(), List.of());
    }

    /** A marker of load. */
    public static Marker ofLoad(Attempt attempt, Instant started, Instant finished, Records records, Load load) {
        return of(attempt, Step.LOAD, started, finished, null, records, List.of(), List.of(), Map.of())
                .with(null, null, null, load, List.of(), List.of());
    }

    /** This marker of validate, with what came of the rules. */
    public Marker judged(Quality judged) {
        return with(snapshot, sessions, judged, load, files, duplicates);
    }

    /** This marker of convert, with the files that say which records were dropped for which. */
    public Marker dropping(List<DuplicatesFile> dropped) {
        return with(snapshot, sessions, quality, load, files, dropped);
    }

    /** This marker, once its commit is made. */
    public Marker committed(long commit, List<DataFile> added) {
        return with(commit, sessions, quality, load, added, duplicates);
    }

    private Marker with(
            Long commit,
            Sessions made,
            Quality judged,
            Load loaded,
            List<DataFile> added,
            List<DuplicatesFile> dropped) {
        return new Marker(
                version,
                pipeline,
                batch,
                number,
                step,
                attempt,
                started,
                finished,
                commit,
                records,
                made,
                judged,
                loaded,
                added,
                quarantine,
                dropped,
                columns);
    }

    /**
     * Reads what {@link #json} gives.
     *
     * @param name where it stood, for people
     */
    public static Marker parse(String json, String name) {
        return LedgerJson.read(json.getBytes(StandardCharsets.UTF_8), Marker.class, name);
    }

    /** This marker in the form in which the ledger keeps it. */
    public String json() {
        return LedgerJson.text(this);
    }

    /**
     * Where the records of the batch went. Convert counts what it has written, later steps what is to be published.
     *
     * @param read counted by the reader on its own, so that the sum is a check
     * @param written rows in the staged files; null after convert
     * @param published rows in the published files; null in convert
     * @param duplicates rows whose key was there already
     * @param quarantined records that were rejected
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"read", "written", "published", "duplicates", "quarantined"})
    public record Records(long read, Long written, Long published, long duplicates, long quarantined)
            implements Serializable {
        /** The counts of convert. */
        public static Records converted(long read, long written, long duplicates, long quarantined) {
            return new Records(read, written, null, duplicates, quarantined);
        }

        /** The counts of validate and later steps. */
        public static Records published(long read, long published, long duplicates, long quarantined) {
            return new Records(read, null, published, duplicates, quarantined);
        }

        /** Whether every record that was read is accounted for. */
        public boolean balanced() {
            long kept = (written == null ? 0 : written) + (published == null ? 0 : published);
            return read == kept + duplicates + quarantined;
        }
    }

    /**
     * What a batch did to the session table.
     *
     * @param events the batch's events that are in sessions
     * @param withoutVisitor its events that have no visitor, and so are in none
     * @param withoutTime its events that have a visitor and no time, and so are in none
     * @param created the sessions made of its events alone
     * @param extended the stored sessions that some of its events became part of
     * @param bridged the sessions in which its events connect several stored ones
     * @param partitionsRead how many days of stored sessions were read
     * @param partitionsRewritten how many days have changed, and were written anew
     * @param note what people should know; null when there is nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({
        "events",
        "withoutVisitor",
        "withoutTime",
        "new",
        "extended",
        "bridged",
        "partitionsRead",
        "partitionsRewritten",
        "note"
    })
    public record Sessions(
            long events,
            long withoutVisitor,
            long withoutTime,
            @JsonProperty("new") long created,
            long extended,
            long bridged,
            long partitionsRead,
            long partitionsRewritten,
            String note)
            implements Serializable {
        /** More days than a batch usually has business with. */
        private static final int MANY_PARTITIONS = 400;

        /** These counts, with a note where there is something that people should know. */
        public static Sessions of(
                long events,
                long withoutVisitor,
                long withoutTime,
                long created,
                long extended,
                long bridged,
                long partitionsRead,
                long partitionsRewritten) {
            String note = partitionsRewritten <= MANY_PARTITIONS
                    ? null
                    : String.format(
                            Locale.ROOT,
                            "The batch changed sessions on %,d days, and each of them was written anew."
                                    + " Look whether the times of its events are right.",
                            partitionsRewritten);
            return new Sessions(
                    events,
                    withoutVisitor,
                    withoutTime,
                    created,
                    extended,
                    bridged,
                    partitionsRead,
                    partitionsRewritten,
                    note);
        }
    }

    /**
     * What came of the rules.
     *
     * @param rules how many there are
     * @param passed how many of them passed
     * @param failed how many failed
     * @param movedRows how many rows failed a row rule and went to quarantine
     * @param movedDuplicates how many records of the batch had the key of such a row, and went to quarantine with it
     * @param accepted whether a person published the batch whatever the rules say
     * @param report where the verdicts of all rules lie; null when none were judged
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"rules", "passed", "failed", "movedRows", "movedDuplicates", "accepted", "report"})
    public record Quality(
            int rules,
            int passed,
            int failed,
            long movedRows,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long movedDuplicates,
            boolean accepted,
            String report)
            implements Serializable {}

    /**
     * What of a batch is in the warehouse, as its own commits brought it there, or a later one's, or a full reload.
     *
     * @param events its published events
     * @param sessions what its sessions became; null when the warehouse takes none, or the batch has none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"events", "sessions"})
    public record Load(LoadedRows events, LoadedRows sessions) implements Serializable {}

    /**
     * Rows of a batch in a table of the warehouse.
     *
     * @param target the table
     * @param snapshot the batch's own commit to the lake's table
     * @param rows how many that commit added
     */
    @JsonPropertyOrder({"target", "snapshot", "rows"})
    public record LoadedRows(String target, long snapshot, long rows) implements Serializable {}

    /** A file of the table. */
    public record DataFile(String location, long bytes, long rows) implements Serializable {}

    /** A file that says which records were dropped for which. */
    public record DuplicatesFile(String location, long bytes, long records) implements Serializable {}

    /** A file of rejected records. */
    public record QuarantineFile(String location, long bytes, long records) implements Serializable {}

    /**
     * What was measured while a column was written.
     *
     * @param maxBytes the longest value as UTF-8; null for columns that hold no text
     * @param nulls how many rows have no value
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ColumnMeasure(Long maxBytes, long nulls) implements Serializable {}
}

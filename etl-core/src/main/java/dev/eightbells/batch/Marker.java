package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param files the files of the snapshot that this batch added
 * @param quarantine the files of rejected records
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
    "files",
    "quarantine",
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
        List<DataFile> files,
        List<QuarantineFile> quarantine,
        Map<String, ColumnMeasure> columns)
        implements Serializable {
    public Marker {
        files = files == null ? List.of() : List.copyOf(files);
        quarantine = quarantine == null ? List.of() : List.copyOf(quarantine);
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
                files,
                quarantine,
                columns);
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

    /** A file of the table. */
    public record DataFile(String location, long bytes, long rows) implements Serializable {}

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

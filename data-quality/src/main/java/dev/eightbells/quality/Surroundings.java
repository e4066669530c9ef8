package dev.eightbells.quality;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What is known beside the rows that are judged.
 *
 * @param history of earlier batches, for thresholds and anomalies
 * @param references the data sets that rules compare with, by the names that rules give them
 * @param files the raw files that the rows were read from; null when that is not known
 * @param now what {@code now()} means
 * @param samples whether offending values are shown
 * @param fileColumn the column that names the data file of each row; null when there is none
 */
public record Surroundings(
        MetricHistory history,
        Map<String, Dataset<Row>> references,
        List<FileFact> files,
        Instant now,
        Samples samples,
        String fileColumn) {
    /** The name that SQL gives the rows. */
    static final String PRIMARY = "primary";

    public Surroundings {
        if (references.keySet().stream().anyMatch(PRIMARY::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    "Invalid name of a data set to compare with: primary (that is the name of the judged rows)");
        }
        references = Map.copyOf(references);
        files = files == null ? null : List.copyOf(files);
    }

    /** Nothing but the time. */
    public static Surroundings none(Instant now) {
        return new Surroundings(MetricHistory.none(), Map.of(), null, now, Samples.SHOWN, null);
    }

    /** Whether reports show offending values. */
    public enum Samples {
        SHOWN,
        HIDDEN
    }
}

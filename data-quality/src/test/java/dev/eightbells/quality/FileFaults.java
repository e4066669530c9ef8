package dev.eightbells.quality;

import static dev.eightbells.quality.Fault.ofDataset;
import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The raw files of a batch. */
final class FileFaults {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final String MD5_OF_HELLO = "5d41402abc4b2a76b9719d911017c592";
    private static final String SHA_256_OF_HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private FileFaults() {}

    static FaultTable table() {
        Dataset<Row> rows = rows("id int", row(1), row(2));
        return new FaultTable(
                "files",
                rows,
                surroundings(List.of(
                        file("s3://raw/a/1", "hello", "2026-03-10T11:30:00Z"),
                        file("s3://raw/a/2", "world!", "2026-03-10T09:00:00Z"),
                        file("s3://raw/b/1", "hello", "2026-03-10T09:00:00Z"),
                        file("s3://raw/b/2", "world!", "2026-03-10T09:00:00Z"))),
                rows,
                surroundings(List.of(
                        file("s3://raw/a/1", "hello", "2026-03-10T11:30:00Z"),
                        file("s3://raw/a/2", "hello", "2026-03-09T22:30:00Z"),
                        file("s3://raw/a/3", "much longer", "2026-03-08T00:00:00Z"),
                        file("s3://raw/b/1", "other", "2026-03-10T09:00:00Z"))),
                List.of(
                        ofDataset(
                                "FileFreshness \"s3://raw/a/\" > (now() - 24 hours)",
                                "1 of 3 files does not fulfil it, e.g. s3://raw/a/3."),
                        ofDataset(
                                "FileFreshness > \"2026-03-09\" with timeZone = \"UTC\"",
                                "1 of 4 files does not fulfil it, e.g. s3://raw/a/3."),
                        ofDataset(
                                "FileFreshness >= \"2026-03-10\" with timeZone = \"Europe/Berlin\" with threshold > 0.8",
                                "2 of 4 files do not fulfil it, e.g. s3://raw/a/2."),
                        ofDataset(
                                "FileFreshness \"s3://raw/a/\" between \"09:59\" and \"12:31\" with timeZone ="
                                        + " \"Europe/Berlin\" with threshold >= 0.5",
                                "2 of 3 files do not fulfil it, e.g. s3://raw/a/2."),
                        ofDataset(
                                "FileFreshness in [\"2026-03-10\"] with timeZone = \"Europe/Berlin\"",
                                "2 of 4 files do not fulfil it, e.g. s3://raw/a/2."),
                        ofDataset(
                                "FileSize \"s3://raw/a/\" < 10 B",
                                "1 of 3 files does not fulfil it, e.g. s3://raw/a/3."),
                        ofDataset(
                                "FileSize between 4 B and 7 B with threshold > 0.75",
                                "1 of 4 files does not fulfil it, e.g. s3://raw/a/3."),
                        ofDataset(
                                "FileMatch \"s3://raw/b/1\" in [\"" + MD5_OF_HELLO + "\"] with hashAlgorithm = \"MD5\"",
                                "1 of 1 files does not fulfil it, e.g. s3://raw/b/1."),
                        ofDataset(
                                "FileMatch \"s3://raw/b/1\" in [\""
                                        + SHA_256_OF_HELLO.toUpperCase(java.util.Locale.ROOT) + "\"]",
                                "1 of 1 files does not fulfil it, e.g. s3://raw/b/1."),
                        ofDataset(
                                "FileMatch \"s3://raw/a/\" \"s3://raw/b/\"",
                                "3 of 3 files do not fulfil it, e.g. s3://raw/a/1."),
                        ofDataset(
                                "FileUniqueness \"s3://raw/a/\" = 1.0",
                                "1 of 3 files has the content of another one, e.g. s3://raw/a/2."),
                        ofDataset(
                                "FileUniqueness \"s3://raw/a/\" > 0.7",
                                "1 of 3 files has the content of another one, e.g. s3://raw/a/2.")));
    }

    private static Surroundings surroundings(List<FileFact> files) {
        return new Surroundings(MetricHistory.none(), Map.of(), files, NOW, Surroundings.Samples.SHOWN, null);
    }

    static FileFact file(String location, String content, String modified) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new FileFact(location, bytes.length, Instant.parse(modified), () -> new ByteArrayInputStream(bytes));
    }
}

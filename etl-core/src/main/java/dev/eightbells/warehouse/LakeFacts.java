package dev.eightbells.warehouse;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Step;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.TableHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Gathers what the lake's table holds for a course: files, their columns, the longest texts. */
final class LakeFacts {
    private static final int DEEPEST = 50;

    private final TableHistory history;
    private final Footers footers;
    private final Ledger ledger;
    private final Supplier<SparkSession> spark;
    private final Map<TableHistory.Commit, List<Part>> parts = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    /**
     * @param ledger whose markers tell the longest texts of a batch
     * @param spark asked when no marker does
     */
    LakeFacts(TableHistory history, Footers footers, Ledger ledger, Supplier<SparkSession> spark) {
        this.history = history;
        this.footers = footers;
        this.ledger = ledger;
        this.spark = spark;
    }

    /** Gathers. */
    LakeFacts gather(Course course) {
        if (course instanceof Course.Follow follow) {
            follow.commits().forEach(commit -> parts.put(commit, List.of(part(commit))));
        } else if (course instanceof Course.Reload reload) {
            parts.put(reload.head(), live(reload.head()));
        }
        return this;
    }

    /** The rows of each commit of the course. */
    Map<TableHistory.Commit, List<Part>> parts() {
        return parts;
    }

    /** Why files cannot be copied. */
    List<Finding> findings() {
        return findings;
    }

    private Part part(TableHistory.Commit commit) {
        if (commit.kind() == TableHistory.Kind.COMPACTED) {
            return new Part(null, List.of(), Set.of(), Map.of());
        }
        List<TableHistory.File> added = history.added(commit);
        List<LoadFile> files = look(added);
        Map<Integer, Long> longest = measured(commit, files).orElseGet(() -> {
            Set<String> locations =
                    added.stream().map(TableHistory.File::location).collect(Collectors.toSet());
            return measure(history.live(commit).stream()
                    .filter(task -> locations.contains(task.file().location()))
                    .toList());
        });
        return new Part(commit.batch(), files, history.partitionsOf(commit), longest);
    }

    private List<Part> live(TableHistory.Commit head) {
        List<FileScanTask> tasks = history.live(head);
        Set<String> withDeletes = new HashSet<>();
        tasks.stream()
                .filter(task -> !task.deletes().isEmpty())
                .forEach(task -> withDeletes.add(task.file().location()));
        withDeletes.forEach(location -> findings.add(Finding.input("the file " + location
                + " has row-level deletes, which COPY knows nothing of; rewrite the table's data files, and set"
                + " write.delete.mode to copy-on-write")));
        Map<String, List<TableHistory.File>> byBatch = new LinkedHashMap<>();
        for (TableHistory.File file : history.files(tasks)) {
            byBatch.computeIfAbsent(file.batch() == null ? "" : file.batch(), batch -> new ArrayList<>())
                    .add(file);
        }
        Map<String, List<LoadFile>> seen = new LinkedHashMap<>();
        byBatch.forEach((batch, files) -> seen.put(batch, look(files)));
        Map<Integer, Long> longest = measure(tasks);
        List<Part> live = new ArrayList<>();
        byBatch.forEach((batch, files) -> live.add(new Part(
                batch.isEmpty() ? null : batch,
                seen.get(batch),
                files.stream().map(TableHistory.File::partition).collect(Collectors.toSet()),
                longest)));
        return live;
    }

    private List<LoadFile> look(List<TableHistory.File> files) {
        Footers.Seen seen = footers.look(files);
        findings.addAll(seen.findings());
        return seen.files();
    }

    /** What was measured while the commit's files were written; empty when nobody knows. */
    private Optional<Map<Integer, Long>> measured(TableHistory.Commit commit, List<LoadFile> files) {
        if (commit.batch() == null || commit.step() == null) {
            return Optional.empty();
        }
        return BatchId.find(commit.batch())
                .flatMap(batch -> ledger.markers(batch).find(Step.parse(commit.step())))
                .map(Marker::columns)
                .map(measures -> byNumber(measures, files));
    }

    private static Map<Integer, Long> byNumber(Map<String, Marker.ColumnMeasure> measures, List<LoadFile> files) {
        Map<Integer, Long> longest = new HashMap<>();
        for (LoadFile file : files) {
            for (LoadFile.Column column : file.columns()) {
                Marker.ColumnMeasure measure = measures.get(column.name());
                if (measure != null && measure.maxBytes() != null) {
                    longest.put(column.field(), measure.maxBytes());
                }
            }
        }
        return longest;
    }

    /** Reads the texts, for no marker tells how long they are; reads nothing when files are known to be bad. */
    private Map<Integer, Long> measure(List<FileScanTask> tasks) {
        if (!findings.isEmpty()) {
            return Map.of();
        }
        try {
            return read(tasks);
        } catch (Exception e) {
            // Spark throws checked exceptions that it does not declare, and none of them says which file it was.
            tasks.forEach(this::findDamage);
            if (findings.isEmpty()) {
                throw new IllegalStateException(
                        "Cannot measure the texts of " + history.table().name(), e);
            }
            return Map.of();
        }
    }

    private void findDamage(FileScanTask task) {
        try {
            read(List.of(task));
        } catch (Exception e) {
            damage(e)
                    .ifPresent(what -> findings.add(Finding.data(
                            "the file " + task.file().location() + " is damaged (" + what + "); restore it")));
        }
    }

    /** What a reader of Parquet said, unless it was the way to the file that failed. */
    private static Optional<String> damage(Throwable thrown) {
        List<Throwable> causes = Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST)
                .toList();
        Throwable root = causes.get(causes.size() - 1);
        String type = root.getClass().getName();
        return type.contains(".parquet.") || type.contains(".zstd.")
                ? Optional.of(String.valueOf(root.getMessage()).replaceFirst("(?s)\\.?(\\R.*)?$", ""))
                : Optional.empty();
    }

    private Map<Integer, Long> read(List<FileScanTask> tasks) {
        List<Types.NestedField> texts = history.table().schema().columns().stream()
                .filter(field -> field.type().typeId() == Type.TypeID.STRING)
                .toList();
        Map<Integer, Long> longest = new HashMap<>();
        if (tasks.isEmpty() || texts.isEmpty()) {
            return longest;
        }
        try (ScannedFiles scanned = ScannedFiles.of(spark.get(), history.table(), tasks)) {
            Row row = scanned.rows()
                    .selectExpr(texts.stream()
                            .map(field -> "coalesce(max(octet_length(`" + field.name() + "`)), 0)")
                            .toArray(String[]::new))
                    .head();
            for (int i = 0; i < texts.size(); i++) {
                longest.put(texts.get(i).fieldId(), (long) row.getInt(i));
            }
        }
        return longest;
    }
}

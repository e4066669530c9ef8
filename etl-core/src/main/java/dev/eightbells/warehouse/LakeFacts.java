package dev.eightbells.warehouse;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Batches;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.TableHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Gathers what the lake's table holds for a course: files, their columns, the longest texts. */
final class LakeFacts {
    /** Of how many commits the rows of a reload are marked with their batch. */
    private static final int MOST_MARKED = 50;

    private final TableHistory history;
    private final Target today;
    private final Footers footers;
    private final Ledger ledger;
    private final Supplier<SparkSession> spark;
    private final Map<TableHistory.Commit, List<Part>> parts = new LinkedHashMap<>();
    private final Map<String, List<String>> keys = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private Batches batches;

    /**
     * @param ledger whose markers tell the longest texts of a batch, and whose definitions its key
     * @param spark asked when no marker does
     */
    LakeFacts(TableHistory history, Target today, Footers footers, Ledger ledger, Supplier<SparkSession> spark) {
        this.history = history;
        this.today = today;
        this.footers = footers;
        this.ledger = ledger;
        this.spark = spark;
    }

    /**
     * Gathers.
     *
     * @param deletions the commits that bring nothing, whatever files they wrote
     */
    LakeFacts gather(Course course, Set<TableHistory.Commit> deletions) {
        if (course instanceof Course.Follow follow) {
            follow.commits()
                    .forEach(commit ->
                            parts.put(commit, deletions.contains(commit) ? List.of() : List.of(part(commit))));
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
            return new Part(null, List.of(), Set.of(), Map.of(), null);
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
        return new Part(commit.batch(), files, history.partitionsOf(commit), longest, key(commit));
    }

    /** What the rows of a commit were told apart by; null when nobody knows, or today's are not told apart at all. */
    private List<String> key(TableHistory.Commit commit) {
        if (today.key().isEmpty() || commit.batch() == null) {
            return null;
        }
        return BatchId.find(commit.batch())
                .flatMap(batches()::find)
                .map(state -> keys.computeIfAbsent(state.manifest().definition(), this::keyOf))
                .orElse(null);
    }

    private List<String> keyOf(String definition) {
        return PipelineFile.parse(ledger.definition(definition), LakeLayout.definition(definition), Map.of())
                .table()
                .key();
    }

    private Batches batches() {
        if (batches == null) {
            batches = ledger.batches();
        }
        return batches;
    }

    /**
     * The rows of the newest commits, each with its batch, and those of all others together: what is copied apart costs a
     * COPY of its own.
     */
    private List<Part> live(TableHistory.Commit head) {
        Map<TableHistory.Commit, List<FileScanTask>> byCommit = new LinkedHashMap<>();
        Set<TableHistory.Commit> newest =
                history.commits().stream().limit(MOST_MARKED).collect(Collectors.toSet());
        history.liveByCommit(head).forEach((commit, tasks) -> {
            tasks.stream().filter(task -> !task.deletes().isEmpty()).forEach(this::refuseDeletes);
            byCommit.computeIfAbsent(newest.contains(commit) ? commit : null, some -> new ArrayList<>())
                    .addAll(tasks);
        });
        List<Part> live = new ArrayList<>();
        byCommit.forEach((commit, tasks) -> {
            List<TableHistory.File> found = tasks.stream().map(history::file).toList();
            List<LoadFile> files = look(found);
            live.add(new Part(
                    commit == null ? null : commit.batch(),
                    files,
                    found.stream().map(TableHistory.File::partition).collect(Collectors.toSet()),
                    measured(commit, files).orElseGet(() -> measure(tasks)),
                    null));
        });
        return live;
    }

    private void refuseDeletes(FileScanTask task) {
        findings.add(Finding.input("the file " + task.file().location()
                + " has row-level deletes, which COPY knows nothing of; rewrite the table's data files, and set"
                + " write.delete.mode to copy-on-write"));
    }

    private List<LoadFile> look(List<TableHistory.File> files) {
        Footers.Seen seen = footers.look(files);
        findings.addAll(seen.findings());
        return seen.files();
    }

    /** What was measured while the commit's files were written; empty when nobody knows. */
    private Optional<Map<Integer, Long>> measured(TableHistory.Commit commit, List<LoadFile> files) {
        if (commit == null || commit.batch() == null || commit.step() == null) {
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

package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableDefinition.PartitionBy;
import dev.eightbells.pipeline.TableDefinition.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.types.Types;

/**
 * The events table of a pipeline: what a batch stages beside its main line, and the one commit that publishes it. Every
 * method may be called again after a crash or a lost answer.
 */
public final class EventsTable {
    /** Keeps the staged snapshot's files when it expires: Iceberg sees that this commit took them over. */
    private static final String TAKEN_FROM = "source-snapshot-id";

    static final String JUDGED_AT = "eightbells.judged-at";

    private final LakeTable lakeTable;
    private final Table table;
    private final TableDefinition definition;
    private final Turn turn;

    private EventsTable(LakeTable lakeTable, TableDefinition definition, Turn turn) {
        this.lakeTable = lakeTable;
        this.table = lakeTable.table();
        this.definition = definition;
        this.turn = turn;
    }

    /** The published commit of a batch; {@code parent} is null when the table had no commit before. */
    public record Published(long snapshot, Long parent) {}

    /**
     * What becomes of a table at the next batch.
     *
     * @param changes what changes, in clauses
     * @param refusals what keeps the next batch from running, in clauses that say what to do
     * @param remarks what should be known besides, in sentences
     */
    public record Foreseen(List<String> changes, List<String> refusals, List<String> remarks) {}

    /**
     * Opens the table, creates it when there is none, and gives it the columns and partitions of the definition when it is
     * its turn. A table in which nothing was ever staged that is still wanted is made anew with them, so that a definition
     * whose first batch went wrong can be mended.
     *
     * @throws Failure of kind INPUT when a table of this name lies in another lake, or has columns that cannot become the
     *     definition's, or cannot take its rows
     */
    public static EventsTable openOrCreate(Catalog catalog, Pipeline pipeline, Turn turn) {
        TableDefinition definition = pipeline.table();
        LakeTable lakeTable = LakeTable.openOrCreate(
                catalog, pipeline, definition.name(), form(definition, turn), table -> !Evolution.of(
                                TableFacts.of(table), definition, turn)
                        .isNothing());
        Reshaping.ofEvents(lakeTable.table(), definition, turn);
        return new EventsTable(lakeTable, definition, turn);
    }

    /**
     * Looks whether batches of this pipeline can go into the table that there is, if there is one that is in use.
     *
     * @throws Failure as {@link #openOrCreate} does
     */
    public static void requireFit(Catalog catalog, Pipeline pipeline, Turn turn) {
        evolution(catalog, pipeline, turn)
                .ifPresent(
                        evolution -> evolution.requirePossible(pipeline.table().name()));
    }

    /**
     * What becomes of the table at the next batch under today's pipeline file; empty when there is none in use.
     *
     * @throws Failure of kind INPUT when a table of this name lies in another lake
     */
    public static Optional<Foreseen> foreseen(Catalog catalog, Pipeline pipeline) {
        return evolution(catalog, pipeline, Turn.NEXT)
                .map(evolution -> new Foreseen(
                        evolution.changes().stream().map(TableChange::sentence).toList(),
                        evolution.refusals(),
                        evolution.remarks()));
    }

    private static Optional<Evolution> evolution(Catalog catalog, Pipeline pipeline, Turn turn) {
        return LakeTable.open(catalog, pipeline, pipeline.table().name())
                .filter(LakeTable::isInUse)
                .map(table -> Evolution.of(TableFacts.of(table.table()), pipeline.table(), turn));
    }

    /** Opens the table whatever columns it has, not to write into it; empty when there is none yet. */
    public static Optional<EventsTable> open(Catalog catalog, Pipeline pipeline) {
        return open(catalog, pipeline, Turn.NEXT);
    }

    /** The same under a definition that had its turn earlier. */
    public static Optional<EventsTable> open(Catalog catalog, Pipeline pipeline, Turn turn) {
        return LakeTable.open(catalog, pipeline, pipeline.table().name())
                .map(table -> new EventsTable(table, pipeline.table(), turn));
    }

    private static LakeTable.Form form(TableDefinition definition, Turn turn) {
        Schema schema = TableSchema.of(definition);
        Map<String, String> properties = new HashMap<>(TableSchema.properties(definition));
        properties.put(Shape.PROPERTY, Shape.of(definition, turn.number()).json());
        return new LakeTable.Form(schema, TableSchema.partitioning(definition, schema), properties);
    }

    /** The definition's columns in the table, as it was last looked at. */
    public DefinedColumns columns() {
        return new DefinedColumns(match());
    }

    private ColumnMatch match() {
        return ColumnMatch.of(TableFacts.of(table), definition, turn);
    }

    /** How files of the definition's partitions are told from each other; not always as the table's newest are. */
    public PartitionSpec spec() {
        return TableFacts.of(table)
                .specOf(definition.partitionBy().unit(), partitionColumn().fieldId())
                .orElse(table.spec());
    }

    private Types.NestedField partitionColumn() {
        return columns().inTable(definition.partitionBy().from());
    }

    /** The definition's partitions, by the present name of their column. */
    private Partitioning partitioning() {
        return Partitioning.of(definition).named(partitionColumn().name());
    }

    /**
     * The smallest partitions that files ever had, by the present name of their column: whichever definition wrote them, no
     * two rows with the same key lie in one of these.
     */
    public PartitionBy finestPartitions() {
        Unit finest = Stream.concat(
                        Stream.of(definition.partitionBy().unit()),
                        table.specs().values().stream()
                                .flatMap(spec -> spec.fields().stream())
                                .flatMap(field -> TableFacts.unit(field).stream()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new PartitionBy(columns().nameInTable(definition.partitionBy().from()), finest);
    }

    /** How files lie whose partitions are the table's present ones. */
    public Partitioning presentPartitions() {
        Partitioning defined = partitioning();
        return TableFacts.only(table.spec())
                .flatMap(TableFacts::unit)
                .map(defined::by)
                .orElse(defined);
    }

    /** Iceberg's own table, for readers and writers of its files. */
    public Table table() {
        return table;
    }

    /** The newest published snapshot, after a look at what others have committed; null when there is none. */
    public Long refreshedHead() {
        return lakeTable.refreshedHead();
    }

    /** The newest published snapshot as of the last look; null when there was none. */
    public Long head() {
        return lakeTable.head();
    }

    /**
     * Stages files in a snapshot beside the main line, held by the tag of the batch and the step. Called again by the same
     * attempt it finds its own snapshot.
     *
     * @param judgedAt the head at which the files' rows were judged; null when the table had none
     * @return the staged snapshot
     */
    public long stage(Provenance provenance, Long judgedAt, List<DataFile> files) {
        table.refresh();
        if (stagedBy(provenance).isEmpty()) {
            AppendFiles append = table.newFastAppend().stageOnly();
            files.forEach(append::appendFile);
            if (judgedAt != null) {
                append.set(JUDGED_AT, Long.toString(judgedAt));
            }
            try {
                provenance.sign(append).commit();
            } catch (CommitStateUnknownException | UncheckedSQLException e) {
                table.refresh();
                if (stagedBy(provenance).isEmpty()) {
                    throw e;
                }
            }
            table.refresh();
        }
        long snapshot = stagedBy(provenance).orElseThrow();
        hold(provenance.batch(), provenance.step(), snapshot);
        return snapshot;
    }

    private Optional<Long> stagedBy(Provenance provenance) {
        return StreamSupport.stream(table.snapshots().spliterator(), false)
                .filter(provenance::signed)
                .map(Snapshot::snapshotId)
                .findFirst();
    }

    /** The snapshots that are staged in it and held. */
    public StagedSnapshots staged() {
        return new StagedSnapshots(table);
    }

    /** Holds the snapshot that a step of a batch has staged, as {@link StagedSnapshots#hold} does. */
    public void hold(String batch, String step, long snapshot) {
        staged().hold(batch, step, snapshot);
    }

    /** Lets go of what is staged for a batch, as {@link StagedSnapshots#letGo} does. */
    public void letGo(String batch) {
        staged().letGo(batch);
    }

    /** The head at which the rows of a staged snapshot were judged; null when the table had none. */
    public Long judgedAt(long staged) {
        String head = snapshot(staged).summary().get(JUDGED_AT);
        return head == null ? null : Long.valueOf(head);
    }

    /**
     * The files that a snapshot added, published or staged, to be read.
     *
     * @throws Failure of kind DATA when the snapshot has expired
     */
    public List<FileScanTask> scanOf(long added) {
        table.refresh();
        long snapshot = staged().standing(added);
        if (table.snapshot(snapshot) == null) {
            throw Failure.data("Cannot read commit " + snapshot + " of " + table.name()
                    + ": it has expired, and nobody knows any more which rows it added."
                    + " Keep a table's commits until all steps of their batches are done.");
        }
        List<FileScanTask> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newIncrementalAppendScan()
                .fromSnapshotInclusive(snapshot)
                .toSnapshot(snapshot)
                .planFiles()) {
            tasks.forEach(files::add);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files;
    }

    /** The files that a snapshot added, staged or published. */
    public List<DataFile> addedFiles(long snapshot) {
        List<DataFile> files = new ArrayList<>();
        snapshot(snapshot).addedDataFiles(table.io()).forEach(file -> files.add(file.copy()));
        return files;
    }

    private Snapshot snapshot(long id) {
        Snapshot snapshot = table.snapshot(staged().standing(id));
        if (snapshot == null) {
            throw Failure.data("Cannot read snapshot " + id + " of " + table.name()
                    + ": it has expired. Abandon its batch with --return, and run the pipeline again.");
        }
        return snapshot;
    }

    /** The definition's partitions that files can have rows in, whatever specs the files have. */
    public Set<Integer> partitionsOf(List<DataFile> files) {
        Partitioning partitioning = Partitioning.of(definition);
        int column = partitionColumn().fieldId();
        Set<Integer> partitions = new TreeSet<>();
        for (DataFile file : files) {
            List<PartitionField> fields = table.specs().get(file.specId()).fields();
            int place = IntStream.range(0, fields.size())
                    .filter(i -> fields.get(i).sourceId() == column)
                    .findFirst()
                    .orElseThrow();
            Unit unit = TableFacts.unit(fields.get(place)).orElseThrow();
            Integer partition = file.partition().get(place, Integer.class);
            partitions.addAll(partitioning.covering(unit, partition == null ? Partitioning.NONE : partition));
        }
        return partitions;
    }

    /** The commit on the main line that published the batch; empty when there is none. */
    public Optional<Published> published(String batch) {
        return lakeTable.committed(batch).map(snapshot -> new Published(snapshot.snapshotId(), snapshot.parentId()));
    }

    /**
     * Publishes files in one commit, unless rows of the same partitions were published since they were judged.
     *
     * @param staged the snapshot that the files were staged in
     * @param judgedAt the head at which the files' rows were judged; null when the table had none
     * @return the commit; empty when others have published into these partitions since, and the rows must be judged again
     */
    public Optional<Published> publish(Provenance provenance, long staged, Long judgedAt, List<DataFile> files) {
        try {
            if (files.isEmpty()) {
                Optional<Published> already = published(provenance.batch());
                if (already.isPresent()) {
                    return already;
                }
                provenance.sign(table.newAppend()).commit();
            } else {
                OverwriteFiles overwrite = table.newOverwrite();
                files.forEach(overwrite::addFile);
                if (judgedAt != null) {
                    overwrite.validateFromSnapshot(judgedAt);
                }
                overwrite
                        .conflictDetectionFilter(partitioning().within(partitionsOf(files)))
                        .validateNoConflictingData()
                        .set(TAKEN_FROM, Long.toString(staged().standing(staged)));
                provenance.sign(overwrite).commit();
            }
        } catch (ValidationException e) {
            return Optional.empty();
        } catch (CommitStateUnknownException | UncheckedSQLException e) {
            return Optional.of(published(provenance.batch())
                    .orElseThrow(() -> Failure.of(
                            Failure.Kind.UNKNOWN,
                            "Cannot tell whether batch " + provenance.batch() + " was published to " + table.name()
                                    + ": the catalog's answer was lost. Look at the table's history, then run it again.",
                            e)));
        }
        return published(provenance.batch());
    }

    /**
     * The live files that can hold rows of these partitions and were published after a snapshot.
     *
     * @param head the snapshot to look at; null means an empty table
     * @param after what is older is left out; null, or a snapshot that has expired, means everything
     */
    public List<DataFile> publishedFiles(Long head, Long after, Collection<Integer> partitions) {
        if (head == null || partitions.isEmpty()) {
            return List.of();
        }
        Snapshot since = after == null ? null : table.snapshot(after);
        long sequence = since == null ? -1 : since.sequenceNumber();
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan()
                .useSnapshot(head)
                // Even of an older snapshot, files are found by the present names of columns.
                .filter(partitioning().within(partitions))
                .planFiles()) {
            for (FileScanTask task : tasks) {
                if (!task.deletes().isEmpty()) {
                    throw Failure.input("Cannot judge duplicates in " + table.name() + ": its file "
                            + task.file().location()
                            + " has row-level deletes, which only a merge-on-read writer makes."
                            + " Rewrite the table's data files, and set write.delete.mode to copy-on-write.");
                }
                Long added = task.file().dataSequenceNumber();
                if (added == null || added > sequence) {
                    files.add(task.file().copy());
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files;
    }
}

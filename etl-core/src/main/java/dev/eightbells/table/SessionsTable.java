package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.pipeline.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * The session table of a pipeline, partitioned by the day of {@code session_start}: what of it a batch can touch, and the
 * one commit by which a batch replaces days. Every method may be called again after a crash or a lost answer.
 */
public final class SessionsTable {
    private static final String MARKER = "eightbells.marker";

    private final LakeTable lakeTable;
    private final Table table;
    private final Map<String, String> names;
    private final int opened;
    private final Partitioning days = Partitioning.byDay(Sessions.START);

    SessionsTable(LakeTable lakeTable, Map<String, String> names) {
        this.lakeTable = lakeTable;
        this.table = lakeTable.table();
        this.names = names;
        this.opened = table.schema().schemaId();
    }

    /**
     * The commit of a batch.
     *
     * @param marker what it was committed with
     * @param files all files of the days that it replaced
     */
    public record Commit(long snapshot, String marker, List<DataFile> files) {
        private boolean isOf(Replacement replacement) {
            return locations(files).equals(locations(replacement.added()));
        }

        private static Set<String> locations(List<DataFile> files) {
            return files.stream().map(DataFile::location).collect(Collectors.toSet());
        }
    }

    /**
     * What is to become of some days.
     *
     * @param days the days that change
     * @param removed all files that they have
     * @param added all files that they are to have
     * @param reach what was read to know that
     */
    public record Replacement(Set<Integer> days, List<DataFile> removed, List<DataFile> added, Reach reach) {}

    /** Opens the table; empty when there is none yet. */
    public static Optional<SessionsTable> open(Catalog catalog, Pipeline pipeline) {
        return LakeTable.open(catalog, pipeline, pipeline.sessions().name())
                .map(table -> new SessionsTable(table, Map.of()));
    }

    /**
     * Opens the table, and creates it when there is none. Where the events' columns have other names or wider types now, and
     * no later definition had its turn, the table gets them too; one that nothing was committed to takes any form.
     *
     * @throws Failure of kind INPUT when a table of this name lies in another lake, or holds sessions of another rule
     */
    public static SessionsTable openOrCreate(Catalog catalog, Pipeline pipeline, SessionsForm form) {
        TableName name = pipeline.sessions().name();
        LakeTable opened = LakeTable.openOrCreate(
                catalog,
                pipeline,
                name,
                new LakeTable.Form(form.schema(), byDay(form.schema()), properties(form)),
                table -> !SessionsEvolution.of(table, form).isNothing());
        SessionsEvolution evolution = Reshaping.ofSessions(opened.table(), name, form);
        return new SessionsTable(opened, evolution.names());
    }

    /**
     * Looks whether sessions of this form can go into the table that there is, if there is one that is in use.
     *
     * @throws Failure as {@link #openOrCreate} does
     */
    public static void requireFit(Catalog catalog, Pipeline pipeline, SessionsForm form) {
        foreseen(catalog, pipeline, form);
    }

    /**
     * What becomes of the table with the next sessions, in clauses.
     *
     * @throws Failure as {@link #openOrCreate} does
     */
    public static List<String> foreseen(Catalog catalog, Pipeline pipeline, SessionsForm form) {
        TableName name = pipeline.sessions().name();
        return LakeTable.open(catalog, pipeline, name)
                .filter(LakeTable::isInUse)
                .map(table -> SessionsEvolution.of(table.table(), form).orRefuse(name).changes().stream()
                        .map(TableChange::sentence)
                        .toList())
                .orElse(List.of());
    }

    private static PartitionSpec byDay(Schema schema) {
        return PartitionSpec.builderFor(schema)
                .day(Sessions.START, TableSchema.free(Sessions.START + "_day", schema))
                .build();
    }

    private static Map<String, String> properties(SessionsForm form) {
        Map<String, String> properties = new HashMap<>(TableSchema.usualProperties());
        properties.putAll(SessionsEvolution.properties(form, form.renamed()));
        for (String bounded : List.of(Sessions.START, Sessions.END)) {
            properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + bounded, "full");
        }
        return properties;
    }

    /** Iceberg's own table, for readers and writers of its files. */
    public Table table() {
        return table;
    }

    /** How its rows are partitioned. */
    public Partitioning days() {
        return days;
    }

    /** The newest commit, after a look at what others have committed; null when there is none. */
    public Long refreshedHead() {
        return lakeTable.refreshedHead();
    }

    /** The newest commit as of the last look; null when there was none. */
    public Long head() {
        return lakeTable.head();
    }

    /**
     * Looks again whether the table holds sessions of this form, as of the last look at it: as long as nothing was
     * committed, somebody else could give it another.
     *
     * @throws Failure as {@link #openOrCreate} does, and when it does not follow the form yet; of kind TRANSIENT when it has
     *     got other columns meanwhile
     */
    public void requireForm(SessionsForm form, TableName name) {
        SessionsEvolution evolution = SessionsEvolution.of(table, form).orRefuse(name);
        if (!evolution.changes().isEmpty()) {
            throw Failure.input("Cannot use the sessions in table " + name
                    + ": it does not follow the pipeline file yet ("
                    + evolution.changes().stream().map(TableChange::sentence).collect(Collectors.joining("; "))
                    + "). Run a batch first, or put the file back.");
        }
        if (table.schema().schemaId() != opened) {
            throw Failure.of(
                    Failure.Kind.TRANSIENT,
                    "Cannot put sessions into table " + name
                            + ": a batch of a later pipeline file has changed its columns meanwhile. Run it again.",
                    null);
        }
    }

    /** The table's column that is called so by the definition that it was opened under. */
    public Types.NestedField inTable(String column) {
        return table.schema().findField(names.getOrDefault(column, column));
    }

    /** The days that hold sessions which a batch may touch, going by what is known of their files. */
    public Set<Integer> daysWithin(Long head, Reach reach) {
        Set<Integer> found = new TreeSet<>();
        if (head == null || reach.isEmpty()) {
            return found;
        }
        for (FileScanTask task : scan(head, reach.mayMeet(Sessions.START, Sessions.END))) {
            if (meets(task.file(), reach)) {
                found.add(day(task.file()));
            }
        }
        return found;
    }

    /** Whether a file can hold sessions in reach, going by its bounds; one without bounds always can. */
    public boolean meets(DataFile file, Reach reach) {
        return reach.meets(
                bound(file.lowerBounds(), Sessions.START, Long.MIN_VALUE),
                bound(file.upperBounds(), Sessions.END, Long.MAX_VALUE));
    }

    private long bound(Map<Integer, ByteBuffer> bounds, String column, long otherwise) {
        int field = table.schema().findField(column).fieldId();
        ByteBuffer bound = bounds == null ? null : bounds.get(field);
        return bound == null ? otherwise : (Long) Conversions.fromByteBuffer(Types.TimestampType.withZone(), bound);
    }

    /** The day that a file's sessions begin on. */
    public static int day(DataFile file) {
        return file.partition().get(0, Integer.class);
    }

    /** All files of some days. */
    public List<FileScanTask> filesOf(Long head, Collection<Integer> some) {
        return head == null || some.isEmpty() ? List.of() : scan(head, days.within(some));
    }

    private List<FileScanTask> scan(long head, Expression filter) {
        try (CloseableIterable<FileScanTask> tasks = table.newScan()
                .useSnapshot(head)
                .filter(filter)
                .ignoreResiduals()
                .includeColumnStats(Set.of(Sessions.START, Sessions.END))
                .planFiles()) {
            List<FileScanTask> found = new ArrayList<>();
            tasks.forEach(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The commit of a batch, after a look at what others have committed; empty when there is none. */
    public Optional<Commit> committed(String batch) {
        return lakeTable.committed(batch).map(this::commit);
    }

    private Commit commit(Snapshot snapshot) {
        List<DataFile> files = new ArrayList<>();
        snapshot.addedDataFiles(table.io()).forEach(file -> files.add(file.copy()));
        return new Commit(snapshot.snapshotId(), snapshot.summary().get(MARKER), files);
    }

    /**
     * Replaces days in one commit, unless others have committed since what can matter to them.
     *
     * @param head the commit that the replacement was computed from; null when there was none
     * @param marker what the commit is to carry, for whoever finds it without its marker
     * @return the commit; empty when the replacement must be computed again
     */
    public Optional<Commit> replace(Provenance provenance, Long head, Replacement replacement, String marker) {
        try {
            if (replacement.days().isEmpty()) {
                provenance.sign(table.newAppend().set(MARKER, marker)).commit();
            } else {
                OverwriteFiles overwrite = overwrite(head, replacement);
                overwrite.set(MARKER, marker);
                provenance.sign(overwrite).commit();
            }
        } catch (ValidationException e) {
            Optional<Commit> byAnother = committed(provenance.batch());
            if (byAnother.isEmpty() || !byAnother.get().isOf(replacement)) {
                replacement.added().forEach(file -> table.io().deleteFile(file.location()));
            }
            return byAnother;
        } catch (CommitStateUnknownException | UncheckedSQLException e) {
            return Optional.of(committed(provenance.batch())
                    .orElseThrow(() -> Failure.of(
                            Failure.Kind.UNKNOWN,
                            "Cannot tell whether the sessions of batch " + provenance.batch() + " were committed to "
                                    + table.name()
                                    + ": the catalog's answer was lost. Look at the table's history, then run it again.",
                            e)));
        }
        return committed(provenance.batch());
    }

    private OverwriteFiles overwrite(Long head, Replacement replacement) {
        OverwriteFiles overwrite = table.newOverwrite();
        replacement.removed().forEach(overwrite::deleteFile);
        replacement.added().forEach(overwrite::addFile);
        if (head != null) {
            overwrite.validateFromSnapshot(head);
        }
        return overwrite
                .conflictDetectionFilter(Expressions.or(
                        replacement.reach().meets(Sessions.START, Sessions.END), days.within(replacement.days())))
                .validateNoConflictingData()
                .validateNoConflictingDeletes();
    }

    /**
     * The same for days from which sessions were taken, or on which they have become others. To be called again only when
     * the replacement was computed again.
     *
     * @param notes what the summary is to say beside
     * @return whether it was committed; if not, the replacement must be computed again
     */
    public boolean replace(Removal removal, Long head, Replacement replacement, Map<String, String> notes) {
        OverwriteFiles overwrite = overwrite(head, replacement);
        notes.forEach(overwrite::set);
        try {
            removal.sign(overwrite).commit();
            return true;
        } catch (ValidationException e) {
            replacement.added().forEach(file -> table.io().deleteFile(file.location()));
            return false;
        }
    }
}

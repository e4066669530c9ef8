package dev.eightbells.quality;

import dev.eightbells.Failure;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.table.CatalogTrouble;
import dev.eightbells.table.LakeTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.TableSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * The history in a table beside the events table, named like it with {@code _quality} behind. It is looked up at each
 * call, and made by the first evaluation.
 */
public final class QualityTable implements QualityHistory {
    /** The column that tells when a row was measured. */
    public static final String TIME = HistoryColumns.EVALUATED_AT;

    private static final String VERSION = "eightbells.version";
    private static final int MOST_SCHEMA_COMMITS = 50;

    private final Catalog catalog;
    private final Pipeline pipeline;
    private final TableName name;

    /**
     * The history of a pipeline; nothing is opened yet.
     *
     * @param catalog the one that the events table is in
     */
    public QualityTable(Catalog catalog, Pipeline pipeline) {
        this.catalog = catalog;
        this.pipeline = pipeline;
        TableName events = pipeline.table().name();
        this.name = new TableName(events.database(), events.table() + "_quality");
    }

    /** The table's name. */
    public TableName name() {
        return name;
    }

    /**
     * Iceberg's own table, for whoever takes care of it; empty when there is none yet.
     *
     * @throws Failure of kind INPUT when a table of this name is no history, or that of a newer version
     */
    public Optional<Table> table() {
        return LakeTable.open(catalog, pipeline, name)
                .map(found -> usable(found.table()).table());
    }

    /**
     * {@inheritDoc}
     *
     * @throws Failure of kind INPUT when a table of this name is no history, or that of a newer version; of kind TRANSIENT
     *     when the catalog's answer is lost, after which it can be called again
     */
    @Override
    public void append(Evaluation evaluation) {
        EvaluationFiles files = openOrCreate();
        if (files.hold(evaluation)) {
            return;
        }
        DataFile file = files.write(evaluation);
        Provenance provenance =
                new Provenance(evaluation.batch().toString(), evaluation.attempt(), Step.VALIDATE.text());
        try {
            provenance.sign(files.table().newAppend().appendFile(file)).commit();
        } catch (CommitFailedException e) {
            files.table().io().deleteFile(file.location());
            throw e;
        } catch (RuntimeException e) {
            CatalogTrouble.requireLostAnswer(e);
            files.table().refresh();
            if (!files.hold(evaluation)) {
                throw Failure.transientFailure(
                        "Cannot tell whether the evaluation of batch " + evaluation.batch() + " is in " + name
                                + ": the catalog's answer was lost. Run it again; it looks before it commits.",
                        e);
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws Failure of kind INPUT when the table is no history or that of a newer version, or a file of it is gone or
     *     damaged; of kind TRANSIENT when reading fails for another reason
     */
    @Override
    public MetricHistory before(int number) {
        return LakeTable.open(catalog, pipeline, name)
                .map(found -> (MetricHistory) new EarlierBatches(usable(found.table()), number))
                .orElseGet(MetricHistory::none);
    }

    private EvaluationFiles openOrCreate() {
        Map<String, String> properties = new HashMap<>(TableSchema.usualProperties());
        properties.put(VERSION, Integer.toString(HistoryColumns.NOW));
        properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + HistoryColumns.NUMBER, "full");
        LakeTable.Form form = new LakeTable.Form(HistoryColumns.SCHEMA, PartitionSpec.unpartitioned(), properties);
        LakeTable opened = LakeTable.openOrCreate(catalog, pipeline, name, form, table -> false);
        EvaluationFiles files = usable(opened.table());
        upgrade(files.table());
        return files;
    }

    private EvaluationFiles usable(Table table) {
        List<String> misfits = HistoryColumns.misfits(table.schema(), table.spec());
        if (!misfits.isEmpty()) {
            throw Failure.input("Cannot use table " + name + " for the quality history: " + String.join("; ", misfits)
                    + ". Rename it, or drop it: the history makes a table of its own.");
        }
        EvaluationFiles files = new EvaluationFiles(table, name);
        String version = table.properties().get(VERSION);
        if (version != null && isNewer(version)) {
            throw files.ofNewerVersion(version);
        }
        return files;
    }

    private static boolean isNewer(String version) {
        return !version.matches("[0-9]{1,9}") || Integer.parseInt(version) > HistoryColumns.NOW;
    }

    /** Adds the columns that a table of an older version does not have. */
    private static void upgrade(Table table) {
        for (int attempt = 1; !HistoryColumns.missing(table.schema()).isEmpty(); attempt++) {
            UpdateSchema update = table.updateSchema();
            HistoryColumns.missing(table.schema())
                    .forEach(column -> update.addColumn(column.name(), column.type(), column.doc()));
            try {
                update.commit();
            } catch (CommitFailedException e) {
                if (attempt == MOST_SCHEMA_COMMITS) {
                    throw e;
                }
            }
            table.refresh();
        }
        String now = Integer.toString(HistoryColumns.NOW);
        if (!now.equals(table.properties().get(VERSION))) {
            table.updateProperties().set(VERSION, now).commit();
        }
    }
}

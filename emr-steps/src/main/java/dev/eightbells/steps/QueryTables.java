package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.quality.QualityTable;
import dev.eightbells.query.Relations;
import dev.eightbells.table.LakeTable;
import dev.eightbells.table.ScannedFiles;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.iceberg.MetadataTableType;
import org.apache.iceberg.MetadataTableUtils;
import org.apache.iceberg.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tables of a lake that a query may read, as they are now or were when a batch was published. */
final class QueryTables {
    /** What Iceberg tells of a table, in tables beside it. */
    private static final List<MetadataTableType> METADATA = List.of(
            MetadataTableType.SNAPSHOTS,
            MetadataTableType.HISTORY,
            MetadataTableType.REFS,
            MetadataTableType.FILES,
            MetadataTableType.PARTITIONS,
            MetadataTableType.MANIFESTS);

    private final Workplace workplace;
    private final SparkSession session;
    private final BatchState asOf;

    /**
     * @param session that reads them
     * @param asOf a published batch; null for the tables as they are
     */
    QueryTables(Workplace workplace, SparkSession session, BatchState asOf) {
        this.workplace = workplace;
        this.session = session;
        this.asOf = asOf;
    }

    /** They all. Nothing is opened yet. */
    Relations relations() {
        Relations relations = new Relations();
        TableName events = workplace.pipeline().table().name();
        TableName quality = new QualityTable(null, workplace.pipeline()).name();
        relations.add(events.toString(), this::events);
        relations.add("events", this::events);
        if (workplace.pipeline().sessions() != null) {
            relations.add(workplace.pipeline().sessions().name().toString(), this::sessions);
        }
        relations.add("sessions", this::sessions);
        relations.add("batches", () -> BatchRows.upTo(newest(), session, address()));
        relations.add(
                "quarantine",
                () -> QuarantineRows.upTo(
                        newest(), QuarantinedRecords.Ages.of(workplace), session, workplace.ledger(), address()));
        relations.add("quality", this::quality);
        relations.addBeside(quality.toString(), this::quality);
        relations.addBeside(events.table(), this::events);
        metadata(relations, events, "events", () -> table(events));
        if (workplace.pipeline().sessions() != null) {
            TableName sessions = workplace.pipeline().sessions().name();
            relations.addBeside(sessions.table(), this::sessions);
            metadata(relations, sessions, "sessions", () -> table(sessions));
        }
        return relations;
    }

    private void metadata(Relations relations, TableName name, String role, Supplier<Table> table) {
        for (MetadataTableType type : METADATA) {
            String told = type.name().toLowerCase(Locale.ROOT);
            Supplier<Dataset<Row>> rows = () -> {
                if (asOf != null) {
                    throw Failure.input("Cannot read " + role + "." + told
                            + " as of a batch: it tells of the table as it" + " is. Ask without --as-of.");
                }
                return ScannedFiles.all(session, MetadataTableUtils.createMetadataTableInstance(table.get(), type));
            };
            relations.addBeside(role + "." + told, rows);
            relations.addBeside(name + "." + told, rows);
        }
    }

    private LedgerAddress address() {
        return new LedgerAddress(workplace.pipeline(), workplace.environment());
    }

    private int newest() {
        return asOf == null
                ? workplace.ledger().newestNumber()
                : asOf.manifest().number();
    }

    private Dataset<Row> events() {
        TableName name = workplace.pipeline().table().name();
        Table table = table(name);
        if (asOf == null) {
            return ScannedFiles.all(session, table);
        }
        long snapshot = workplace
                .ledger()
                .markers(asOf.batch())
                .published()
                .map(Published::snapshot)
                .orElseThrow();
        return asOf(name, table, snapshot);
    }

    private Dataset<Row> sessions() {
        if (workplace.pipeline().sessions() == null) {
            throw Failure.input("Cannot find a table of sessions: the pipeline file has no section sessions. Add one.");
        }
        TableName name = workplace.pipeline().sessions().name();
        Table table = table(name);
        if (asOf == null) {
            return ScannedFiles.all(session, table);
        }
        Long snapshot = workplace
                .ledger()
                .markers(asOf.batch())
                .find(Step.SESSIONIZE)
                .map(marker -> marker.snapshot())
                .orElseThrow(() -> Failure.input("Cannot read sessions as of batch " + asOf.batch()
                        + ": its sessions have not been made. Run eightbells sessionize, or name another batch."));
        return asOf(name, table, snapshot);
    }

    private Dataset<Row> asOf(TableName name, Table table, long snapshot) {
        if (table.snapshot(snapshot) == null) {
            throw Failure.input("Cannot read " + name + " as of batch " + asOf.batch() + ": its commit "
                    + snapshot + " has expired. Name a newer batch, and keep commits for longer with care.keep in the"
                    + " pipeline file.");
        }
        return ScannedFiles.asOf(session, table, snapshot);
    }

    private Dataset<Row> quality() {
        Dataset<Row> all = ScannedFiles.all(session, table(new QualityTable(null, workplace.pipeline()).name()));
        return asOf == null ? all : all.where(all.col("number").leq(newest()));
    }

    private Table table(TableName name) {
        return LakeTable.open(workplace.catalog(), workplace.pipeline(), name)
                .map(LakeTable::table)
                .orElseThrow(
                        () -> Failure.input("Cannot find table " + name + " in the catalog: no batch has written to"
                                + " it yet. Look at eightbells status; batches and quarantine can be queried."));
    }
}

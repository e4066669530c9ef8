package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableName;
import java.util.List;

/** The table in the warehouse that tells which commits of the lake's tables are in it. */
final class LoadLedger {
    static final String NAME = "eightbells_loads";

    static final List<Statement.Column> COLUMNS = List.of(
            new Statement.Column("pipeline", new WarehouseType.Varchar(64)),
            new Statement.Column("table", new WarehouseType.Varchar(256)),
            new Statement.Column("number", WarehouseType.Plain.BIGINT),
            new Statement.Column("source", new WarehouseType.Varchar(36)),
            new Statement.Column("snapshot", WarehouseType.Plain.BIGINT),
            new Statement.Column("batch", new WarehouseType.Varchar(64)),
            new Statement.Column("rows", WarehouseType.Plain.BIGINT),
            new Statement.Column("loaded_at", WarehouseType.Plain.TIMESTAMP));

    static final List<String> ORDER = List.of("table", "number");

    private LoadLedger() {}

    /** The ledger of loads into tables of a pipeline: in the schema of its events. */
    static TableName of(TableName events) {
        return new TableName(events.database(), NAME);
    }
}

package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Planning;
import dev.eightbells.batch.Replays;
import dev.eightbells.batch.Step;
import dev.eightbells.care.CaredTable;
import dev.eightbells.care.Caretaker;
import dev.eightbells.forget.Forgetting;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.quality.QualityHistory;
import dev.eightbells.quality.QualityTable;
import dev.eightbells.session.Sessionizer;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import dev.eightbells.table.Upkeep;
import dev.eightbells.warehouse.Connector;
import dev.eightbells.warehouse.Patience;
import dev.eightbells.warehouse.RedshiftConnector;
import dev.eightbells.warehouse.WarehouseLoader;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a pipeline's steps work with: its raw objects, its lake and ledger, its catalog, its warehouse and Spark. What costs to open is
 * opened when it is first asked for; Spark belongs to the process and stays open.
 */
public final class Workplace implements AutoCloseable {
    /** Care does without the warehouse when it does not answer. */
    private static final Patience FOR_CARE = new Patience(
            3, Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final Pipeline pipeline;
    private final Map<String, String> environment;
    private final Clock clock;
    private final Supplier<SparkSession> spark;
    private final ObjectStore lake;
    private final Connector warehouse;
    private final Ledger ledger;
    private volatile SparkSession running;
    private ObjectStore source;
    private Catalog catalog;

    /** What was found to fit; looking costs time, and whoever commits looks again. */
    private Fitting fitting;

    private record Fitting(Pipeline definition, Turn turn) {}

    private Workplace(
            Pipeline pipeline,
            Map<String, String> environment,
            Clock clock,
            Supplier<SparkSession> spark,
            ObjectStore lake,
            Connector warehouse) {
        this.pipeline = pipeline;
        this.environment = environment;
        this.clock = clock;
        this.spark = spark;
        this.lake = lake;
        this.warehouse = warehouse;
        this.ledger = Ledger.open(lake, pipeline);
    }

    /**
     * Opens what the pipeline names, without writing anything.
     *
     * @param environment where credentials and endpoints are looked up
     * @param spark asked for a session once a step needs one
     */
    public static Workplace open(
            Pipeline pipeline, Map<String, String> environment, Clock clock, Supplier<SparkSession> spark) {
        return open(pipeline, environment, clock, spark, ObjectStores.open(pipeline.lake(), environment));
    }

    /** The same over a given store of the lake's objects, which is closed with this. */
    static Workplace open(
            Pipeline pipeline,
            Map<String, String> environment,
            Clock clock,
            Supplier<SparkSession> spark,
            ObjectStore lake) {
        Connector warehouse =
                pipeline.warehouse() == null ? null : RedshiftConnector.of(pipeline.warehouse(), environment);
        return open(pipeline, environment, clock, spark, lake, warehouse);
    }

    /**
     * The same over a given warehouse.
     *
     * @param warehouse null when the pipeline has none
     */
    static Workplace open(
            Pipeline pipeline,
            Map<String, String> environment,
            Clock clock,
            Supplier<SparkSession> spark,
            ObjectStore lake,
            Connector warehouse) {
        return new Workplace(pipeline, environment, clock, spark, lake, warehouse);
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Map<String, String> environment() {
        return environment;
    }

    Clock clock() {
        return clock;
    }

    public Ledger ledger() {
        return ledger;
    }

    SparkSession spark() {
        running = spark.get();
        return running;
    }

    /** Spark, if a step has asked for it. */
    Optional<SparkSession> runningSpark() {
        return Optional.ofNullable(running);
    }

    ObjectStore source() {
        if (source == null) {
            source = ObjectStores.open(pipeline.source().location(), environment);
        }
        return source;
    }

    Planning planning() {
        return new Planning(pipeline, PipelineFile.freeze(pipeline), source(), ledger, clock);
    }

    Replays replays() {
        return new Replays(pipeline, PipelineFile.freeze(pipeline), ledger);
    }

    /** The catalog, through Spark's own Hadoop configuration. */
    Catalog catalog() {
        if (catalog == null) {
            catalog =
                    Catalogs.open(pipeline, environment, spark().sparkContext().hadoopConfiguration());
        }
        return catalog;
    }

    /**
     * When a batch's definition has its turn to shape the tables. A batch after it that is converted has had its own, even
     * where there was nothing to change.
     */
    Turn turnOf(Manifest manifest) {
        return turnOf(manifest, Step.CONVERT);
    }

    /** The same for the session table: a batch has had its turn there once its sessions are made. */
    Turn turnAtSessionsOf(Manifest manifest) {
        return turnOf(manifest, Step.SESSIONIZE);
    }

    private Turn turnOf(Manifest manifest, Step step) {
        for (int number = ledger.newestNumber(); number > manifest.number(); number--) {
            if (ledger.markers(ledger.existingManifest(number).batch())
                    .find(step)
                    .isPresent()) {
                return new Turn(manifest.number(), number);
            }
        }
        return new Turn(manifest.number(), 0);
    }

    /** When today's pipeline file has its turn: with the next batch. */
    Turn turnOfToday() {
        return new Turn(ledger.newestNumber() + 1, 0);
    }

    /**
     * Looks whether a pipeline's batches can go into the tables that there are.
     *
     * @param turn when its definition has its turn
     * @throws Failure of kind INPUT when they have another form, or the rules do not fit them
     */
    void requireFit(Pipeline definition, Turn turn) {
        Fitting look = new Fitting(definition, turn);
        if (look.equals(fitting)) {
            return;
        }
        EventsTable.requireFit(catalog(), definition, turn);
        if (definition.sessions() != null) {
            // Who overtakes it at the session table is only known once its sessions are made.
            Sessionizer.requireFit(catalog(), definition, new Turn(turn.number(), 0));
        }
        if (definition.quality() != null) {
            RulesText.requireFit(definition.quality(), definition.table(), "pipeline " + definition.name());
        }
        fitting = look;
    }

    /**
     * Looks whether the pipeline has a warehouse.
     *
     * @throws Failure of kind INPUT when it has none
     */
    void requireWarehouse() {
        if (pipeline.warehouse() == null) {
            throw Failure.input("Cannot load pipeline " + pipeline.name() + ": its file has no section warehouse."
                    + " Say there which Redshift to load, and into which tables.");
        }
    }

    /** What loads the warehouse, which there must be. */
    WarehouseLoader loader() {
        return loader(Patience.USUAL);
    }

    /**
     * The same.
     *
     * @param patience with a warehouse that cannot be reached
     */
    WarehouseLoader loader(Patience patience) {
        return new WarehouseLoader(pipeline, catalog(), ledger, this::spark, warehouse, patience, clock);
    }

    /** What takes rows out of everything that the pipeline has made. */
    Forgetting forgetting() {
        return forgetting(Patience.USUAL);
    }

    /**
     * The same.
     *
     * @param patience with a warehouse that cannot be reached
     */
    Forgetting forgetting(Patience patience) {
        boolean isLoaded = pipeline.warehouse() != null;
        return new Forgetting(
                pipeline,
                ledger,
                catalog(),
                this::spark,
                isLoaded ? loader(patience) : null,
                isLoaded ? loader(FOR_CARE) : null,
                clock);
    }

    /** What earlier batches of a pipeline measured. */
    QualityHistory history(Pipeline definition) {
        return new QualityTable(catalog(), definition);
    }

    /** What takes care of the pipeline's tables, those that there are. */
    public Caretaker caretaker() {
        return new Caretaker(pipeline, ledger, caredTables(), this::loadedUpTo, this::spark, clock);
    }

    private Map<TableName, Long> loadedUpTo() {
        return pipeline.warehouse() == null ? Map.of() : loader(FOR_CARE).loadedUpTo();
    }

    private List<CaredTable> caredTables() {
        List<CaredTable> tables = new ArrayList<>();
        Sessions sessions = pipeline.sessions();
        String time = pipeline.table().partitionBy().from();
        // Whoever looks for sessions, or for somebody's events, finds a visitor's side by side.
        List<String> order = sessions == null ? List.of(time) : List.of(sessions.by(), sessions.time());
        EventsTable.open(catalog(), pipeline)
                .ifPresent(events -> tables.add(new CaredTable(
                        pipeline.table().name(),
                        events.table(),
                        Upkeep.partitionColumn(events.table(), time),
                        order,
                        pipeline.retention().events(),
                        CaredTable.Followers.STEPS)));
        if (sessions != null) {
            SessionsTable.open(catalog(), pipeline)
                    .ifPresent(table -> tables.add(new CaredTable(
                            sessions.name(),
                            table.table(),
                            Sessions.START,
                            List.of(sessions.by(), Sessions.START),
                            pipeline.retention().sessions(),
                            CaredTable.Followers.STEPS)));
        }
        QualityTable quality = new QualityTable(catalog(), pipeline);
        quality.table()
                .ifPresent(table -> tables.add(new CaredTable(
                        quality.name(),
                        table,
                        QualityTable.TIME,
                        List.of(QualityTable.TIME),
                        pipeline.retention().metrics(),
                        CaredTable.Followers.NOBODY)));
        return tables;
    }

    /** The session table's rows, as they are now; empty when there is no such table. */
    public Optional<Dataset<Row>> sessions() {
        return pipeline.sessions() == null
                ? Optional.empty()
                : SessionsTable.open(catalog(), pipeline).map(table -> ScannedFiles.all(spark(), table.table()));
    }

    /** The definition that was frozen with a batch. */
    Pipeline definitionOf(Manifest manifest) {
        return definition(manifest.definition());
    }

    Pipeline definition(String sha256) {
        return PipelineFile.parse(ledger.definition(sha256), "definitions/" + sha256 + ".yaml", Map.of());
    }

    @Override
    public void close() {
        Optional.ofNullable(source).ifPresent(ObjectStore::close);
        lake.close();
        if (catalog instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("Cannot close the catalog of pipeline " + pipeline.name(), e);
            }
        }
    }
}

package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableName;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchIcebergTableException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table that lies in a pipeline's own lake: how it is made and opened, and who committed what to its main line. */
public record LakeTable(Table table) {
    private static final Logger LOG = LoggerFactory.getLogger(LakeTable.class);

    /** A table's property: the pipeline that made it. Tables of earlier versions get it when they are next written to. */
    private static final String MADE_BY = "eightbells.pipeline";

    private static final String OURS = "eightbells.";
    private static final int MOST_PROPERTY_COMMITS = 50;

    /** What a table is made with. */
    public record Form(Schema schema, PartitionSpec spec, Map<String, String> properties) {}

    /**
     * Opens the table; creates it when there is none, and makes it anew when it has another form and nothing in it that is
     * still wanted.
     *
     * @throws Failure of kind INPUT when something of this name is there that Eightbells did not make, or lies elsewhere
     */
    public static LakeTable openOrCreate(
            Catalog catalog, Pipeline pipeline, TableName name, Form form, Predicate<Table> hasAnotherForm) {
        LakeTable opened = open(catalog, pipeline, name).orElseGet(() -> {
            LakeTable created = new LakeTable(create(catalog, pipeline, name, form));
            created.requireOwn(pipeline, name);
            return created;
        });
        while (!opened.isInUse() && hasAnotherForm.test(opened.table)) {
            opened.remake(form);
        }
        opened.adopt(pipeline);
        return opened;
    }

    /** Marks a table of an earlier version as made by the pipeline. */
    private void adopt(Pipeline pipeline) {
        for (int attempt = 1; !table.properties().containsKey(MADE_BY); attempt++) {
            try {
                table.updateProperties().set(MADE_BY, pipeline.name()).commit();
            } catch (CommitFailedException e) {
                if (attempt == MOST_PROPERTY_COMMITS) {
                    throw e;
                }
            }
            table.refresh();
        }
    }

    /** Gives the table another form, unless somebody has committed to it meanwhile. */
    private void remake(Form form) {
        TableOperations operations = ((HasTableOperations) table).operations();
        TableMetadata found = operations.current();
        try {
            operations.commit(
                    found,
                    found.buildReplacement(
                            form.schema(), form.spec(), SortOrder.unsorted(), found.location(), form.properties()));
        } catch (CommitFailedException somebodyElseWasFirst) {
            LOG.debug("{} has changed meanwhile", table.name(), somebodyElseWasFirst);
        }
        table.refresh();
    }

    /**
     * Opens the table; empty when there is none.
     *
     * @throws Failure of kind INPUT when something of this name is there that Eightbells did not make, or lies elsewhere
     */
    public static Optional<LakeTable> open(Catalog catalog, Pipeline pipeline, TableName name) {
        try {
            LakeTable table = new LakeTable(catalog.loadTable(identifier(name)));
            table.requireOwn(pipeline, name);
            return Optional.of(table);
        } catch (NoSuchIcebergTableException e) {
            throw notIceberg(name);
        } catch (NoSuchTableException e) {
            return Optional.empty();
        }
    }

    private static Failure notIceberg(TableName name) {
        return Failure.input("Cannot use table " + name + ": what has this name in the catalog is not an Iceberg table."
                + " Name another table, or drop that one.");
    }

    private static TableIdentifier identifier(TableName name) {
        return TableIdentifier.of(name.database(), name.table());
    }

    private static Table create(Catalog catalog, Pipeline pipeline, TableName name, Form form) {
        try {
            createNamespace(catalog, Namespace.of(name.database()));
            return builder(catalog, pipeline, name, form).create();
        } catch (AlreadyExistsException e) {
            return madeMeanwhile(catalog, name);
        } catch (RuntimeException e) {
            // It may be there all the same; and a jdbc catalog does not expect that somebody else makes it at the
            // moment.
            CatalogTrouble.requireLostAnswer(e);
            if (!catalog.tableExists(identifier(name))) {
                throw e;
            }
            return madeMeanwhile(catalog, name);
        }
    }

    private static Table madeMeanwhile(Catalog catalog, TableName name) {
        try {
            return catalog.loadTable(identifier(name));
        } catch (NoSuchTableException e) {
            // Not a table, but a view.
            throw notIceberg(name);
        }
    }

    private static Catalog.TableBuilder builder(Catalog catalog, Pipeline pipeline, TableName name, Form form) {
        Catalog.TableBuilder builder = catalog.buildTable(identifier(name), form.schema())
                .withPartitionSpec(form.spec())
                .withProperties(form.properties())
                .withProperty(MADE_BY, pipeline.name());
        // The hadoop catalog finds a version from the one before it, so it neither takes a location nor loses versions.
        return pipeline.catalog().type() == Pipeline.Catalog.Type.HADOOP
                ? builder
                : builder.withLocation(location(pipeline, name))
                        .withProperty(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    }

    private static void createNamespace(Catalog catalog, Namespace namespace) {
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (RuntimeException e) {
                // Somebody else may have created it at the same moment, which a jdbc catalog does not expect.
                if (!namespaces.namespaceExists(namespace)) {
                    throw e;
                }
            }
        }
    }

    private static String location(Pipeline pipeline, TableName name) {
        return HadoopPaths.of(pipeline.lake()) + "tables/" + name.database() + "/" + name.table();
    }

    private void requireOwn(Pipeline pipeline, TableName name) {
        if (!table.location().equals(location(pipeline, name))) {
            throw Failure.input("Cannot use table " + name + ": it lies at " + table.location()
                    + ", not in this pipeline's lake at " + location(pipeline, name)
                    + ". Name another table, or drop that one.");
        }
        if (!isOurs()) {
            throw Failure.input("Cannot use table " + name + ": it has rows, and none of them come from Eightbells."
                    + " Name another table, or drop that one.");
        }
    }

    /** Tables of earlier versions are not marked, but their commits are. One that nothing was committed to is nobody's. */
    private boolean isOurs() {
        return table.properties().keySet().stream().anyMatch(property -> property.startsWith(OURS))
                || table.currentSnapshot() == null
                || StreamSupport.stream(table.snapshots().spliterator(), false)
                        .flatMap(snapshot -> snapshot.summary().keySet().stream())
                        .anyMatch(entry -> entry.startsWith(OURS));
    }

    /** Whether something is in it, or staged, that is still wanted. */
    boolean isInUse() {
        return !table.refs().isEmpty();
    }

    /** The newest commit of the main line, after a look at what others have committed; null when there is none. */
    Long refreshedHead() {
        table.refresh();
        return head();
    }

    /** The newest commit of the main line as of the last look; null when there was none. */
    Long head() {
        return table.currentSnapshot() == null ? null : table.currentSnapshot().snapshotId();
    }

    /** The first commit on the main line that names the batch, after a look at it; empty when there is none. */
    Optional<Snapshot> committed(String batch) {
        table.refresh();
        if (table.currentSnapshot() == null) {
            return Optional.empty();
        }
        return StreamSupport.stream(SnapshotUtil.currentAncestors(table).spliterator(), false)
                .filter(snapshot -> Provenance.isOf(batch, snapshot))
                .reduce((newer, older) -> older);
    }
}

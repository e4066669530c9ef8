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
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table that lies in a pipeline's own lake: how it is made and opened, and who committed what to its main line. */
public record LakeTable(Table table) {
    private static final Logger LOG = LoggerFactory.getLogger(LakeTable.class);

    /** What a table is made with. */
    public record Form(Schema schema, PartitionSpec spec, Map<String, String> properties) {}

    /**
     * Opens the table; creates it when there is none, and makes it anew when it has another form and nothing in it that is
     * still wanted.
     *
     * @throws Failure of kind INPUT when a table of this name lies elsewhere
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
        return opened;
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
     * @throws Failure of kind INPUT when a table of this name lies elsewhere
     */
    public static Optional<LakeTable> open(Catalog catalog, Pipeline pipeline, TableName name) {
        try {
            LakeTable table = new LakeTable(catalog.loadTable(identifier(name)));
            table.requireOwn(pipeline, name);
            return Optional.of(table);
        } catch (NoSuchTableException e) {
            return Optional.empty();
        }
    }

    private static TableIdentifier identifier(TableName name) {
        return TableIdentifier.of(name.database(), name.table());
    }

    private static Table create(Catalog catalog, Pipeline pipeline, TableName name, Form form) {
        try {
            createNamespace(catalog, Namespace.of(name.database()));
            return builder(catalog, pipeline, name, form).create();
        } catch (AlreadyExistsException e) {
            return catalog.loadTable(identifier(name));
        }
    }

    private static Catalog.TableBuilder builder(Catalog catalog, Pipeline pipeline, TableName name, Form form) {
        Catalog.TableBuilder builder = catalog.buildTable(identifier(name), form.schema())
                .withPartitionSpec(form.spec())
                .withProperties(form.properties());
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
            } catch (AlreadyExistsException e) {
                // Somebody else created it at the same moment.
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

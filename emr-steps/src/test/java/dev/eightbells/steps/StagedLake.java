package dev.eightbells.steps;

import dev.eightbells.pipeline.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A lake that stands still at any of the moments that were kept of it: a catalog of the tables as they were then. Commits
 * that took seconds to make are seen to happen whenever a test says so.
 */
final class StagedLake implements Catalog {
    private final Catalog catalog;
    private final List<TableName> tables;
    private final List<Map<TableIdentifier, String>> moments = new ArrayList<>();
    private final AtomicInteger now = new AtomicInteger();

    StagedLake(Catalog catalog, List<TableName> tables) {
        this.catalog = catalog;
        this.tables = List.copyOf(tables);
    }

    /** Keeps the lake as it is; returns the moment's number, from 0. */
    int keep() {
        Map<TableIdentifier, String> moment = new HashMap<>();
        for (TableName name : tables) {
            TableIdentifier identifier = TableIdentifier.of(name.database(), name.table());
            if (catalog.tableExists(identifier)) {
                moment.put(identifier, operations(identifier).current().metadataFileLocation());
            }
        }
        moments.add(moment);
        return moments.size() - 1;
    }

    int moments() {
        return moments.size();
    }

    /** From now on the lake is as it was at a moment. */
    void standAt(int moment) {
        now.set(moment);
    }

    private TableOperations operations(TableIdentifier identifier) {
        return ((HasTableOperations) catalog.loadTable(identifier)).operations();
    }

    private String metadata(TableIdentifier identifier) {
        String location = moments.get(now.get()).get(identifier);
        if (location == null) {
            throw new NoSuchTableException("Table does not exist: %s", identifier);
        }
        return location;
    }

    @Override
    public Table loadTable(TableIdentifier identifier) {
        metadata(identifier);
        return new BaseTable(new Standing(identifier, operations(identifier)), identifier.toString());
    }

    @Override
    public List<TableIdentifier> listTables(Namespace namespace) {
        return List.copyOf(moments.get(now.get()).keySet());
    }

    @Override
    public boolean dropTable(TableIdentifier identifier, boolean purge) {
        throw new UnsupportedOperationException("A lake that stands still");
    }

    @Override
    public void renameTable(TableIdentifier from, TableIdentifier to) {
        throw new UnsupportedOperationException("A lake that stands still");
    }

    private final class Standing implements TableOperations {
        private final TableIdentifier identifier;
        private final TableOperations real;
        private TableMetadata current;

        Standing(TableIdentifier identifier, TableOperations real) {
            this.identifier = identifier;
            this.real = real;
        }

        @Override
        public TableMetadata current() {
            return current == null ? refresh() : current;
        }

        @Override
        public TableMetadata refresh() {
            String location = metadata(identifier);
            if (current == null || !current.metadataFileLocation().equals(location)) {
                current = TableMetadataParser.read(real.io(), location);
            }
            return current;
        }

        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            throw new UnsupportedOperationException("A lake that stands still");
        }

        @Override
        public FileIO io() {
            return real.io();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return real.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return real.locationProvider();
        }
    }
}

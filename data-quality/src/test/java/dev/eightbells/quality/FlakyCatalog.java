package dev.eightbells.quality;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.table.HadoopPaths;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/** A pipeline's catalog, in which the next commits end as a test says. */
final class FlakyCatalog extends HadoopCatalog {
    private final Deque<End> ends;

    /** How a commit ends. */
    enum End {
        /** Somebody else was first. */
        REFUSED,
        /** It was made, and its answer was lost. */
        MADE_UNHEARD,
        /** It was lost on its way. */
        LOST
    }

    FlakyCatalog(Pipeline pipeline, End... ends) {
        this.ends = new ArrayDeque<>(Arrays.asList(ends));
        setConf(new Configuration());
        initialize(
                "eightbells", Map.of(CatalogProperties.WAREHOUSE_LOCATION, HadoopPaths.of(pipeline.lake()) + "tables"));
    }

    /** How many commits are still to end as the test says. */
    int left() {
        return ends.size();
    }

    @Override
    protected TableOperations newTableOps(TableIdentifier identifier) {
        return new Operations(super.newTableOps(identifier));
    }

    private final class Operations implements TableOperations {
        private final TableOperations real;

        private Operations(TableOperations real) {
            this.real = real;
        }

        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            End end = ends.poll();
            if (end == End.REFUSED) {
                throw new CommitFailedException("refused by a test");
            }
            if (end != End.LOST) {
                real.commit(base, metadata);
            }
            if (end != null) {
                throw new CommitStateUnknownException(new IllegalStateException("lost by a test"));
            }
        }

        @Override
        public TableMetadata current() {
            return real.current();
        }

        @Override
        public TableMetadata refresh() {
            return real.refresh();
        }

        @Override
        public FileIO io() {
            return real.io();
        }

        @Override
        public String metadataFileLocation(String name) {
            return real.metadataFileLocation(name);
        }

        @Override
        public LocationProvider locationProvider() {
            return real.locationProvider();
        }
    }
}

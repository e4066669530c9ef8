package dev.eightbells.care;

import dev.eightbells.pipeline.TableName;
import dev.eightbells.table.TableCondition;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What care did.
 *
 * @param tables what became of each table
 * @param objects aged objects that are gone
 * @param troubles what could not be done
 */
public record CareResult(List<OfTable> tables, List<String> objects, List<Trouble> troubles) {
    public CareResult {
        tables = List.copyOf(tables);
        objects = List.copyOf(objects);
        troubles = List.copyOf(troubles);
    }

    /** The parts of care, in their order. */
    public enum Part {
        REMOVE,
        COMPACT,
        MANIFESTS,
        EXPIRE,
        ORPHANS
    }

    /** How much there is of a table. */
    public record Size(int files, long bytes, int snapshots, int manifests) {
        static Size of(TableCondition facts) {
            return new Size(facts.fileCount(), facts.bytes(), facts.snapshots().size(), facts.manifests());
        }
    }

    /**
     * What became of a table.
     *
     * @param removedRows how many rows were too old
     * @param orphans how many files nobody referred to
     * @param took how long each part took that there was something to do for
     * @param notes what people should know: sentences
     */
    public record OfTable(
            TableName table,
            Size before,
            Size after,
            long removedRows,
            long orphans,
            Map<Part, Duration> took,
            List<String> notes) {
        public OfTable {
            took = took.isEmpty() ? Map.of() : new EnumMap<>(took);
            notes = List.copyOf(notes);
        }
    }
}

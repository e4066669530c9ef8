package dev.eightbells.write;

import dev.eightbells.table.EventsTable;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;

/**
 * The way from raw objects to data files. Nothing is visible to readers of the table until the files are committed; a
 * call that fails leaves at most files that nobody refers to.
 */
public interface BatchWriter {

    /**
     * Reads all objects of the batch and writes their rows, without those whose keys are published at {@code judgedAt}.
     *
     * @param judgedAt the table's head; null when it has none
     */
    Written write(BatchInput batch, EventsTable table, Long judgedAt);

    /**
     * Takes the rows out of staged files whose keys were published since the files were judged.
     *
     * @param judgedAt the head at which the files were judged; null when the table had none
     * @param head the head to judge at now
     * @return the same files when nothing was published twice, else new ones
     */
    Rewritten rejudge(BatchInput batch, EventsTable table, List<DataFile> staged, Long judgedAt, Long head);

    /**
     * What a batch became.
     *
     * @param read the records and malformed stretches that were found
     * @param written the rows in {@code files}
     * @param duplicates the records whose key the batch or the table has already
     * @param files the data files
     * @param quarantine the files of rejected records
     * @param dropped the files that say which records were dropped for which others of the batch; empty when none were, and
     *     when the pipeline has no rules, so that nobody will ask
     * @param columns by column name, what was measured while writing
     */
    record Written(
            long read,
            long written,
            long duplicates,
            List<DataFile> files,
            List<QuarantineFile> quarantine,
            List<DuplicatesFile> dropped,
            Map<String, ColumnStatistics> columns) {
        public Written {
            files = List.copyOf(files);
            quarantine = List.copyOf(quarantine);
            dropped = List.copyOf(dropped);
        }

        /** The records that were rejected. */
        public long quarantined() {
            return quarantine.stream().mapToLong(QuarantineFile::records).sum();
        }
    }

    /** What staged files became: {@code duplicates} more rows were dropped. */
    record Rewritten(List<DataFile> files, long duplicates) {
        public Rewritten {
            files = List.copyOf(files);
        }
    }
}

package dev.eightbells.table;

import dev.eightbells.pipeline.TableDefinition.Unit;
import java.util.List;
import org.apache.iceberg.types.Type;

/** One thing that is to become different about a table, without a value being lost. */
sealed interface TableChange {
    /** What changes, for people; without a final period. */
    String sentence();

    /**
     * A new column, or a new field of a struct.
     *
     * @param parent the path of the struct; null for a column
     * @param after the column behind which a new column stands; null when it is the first
     */
    record Add(String parent, String name, Type type, String after) implements TableChange {
        @Override
        public String sentence() {
            return parent == null
                    ? "column " + name + " " + TableSchema.ddl(type) + " is added"
                    : "field " + name + " " + TableSchema.ddl(type) + " is added to column " + parent;
        }
    }

    /** A type that takes in all values of the one before it. */
    record Widen(String path, Type from, Type to) implements TableChange {
        @Override
        public String sentence() {
            return "column " + path + " becomes " + TableSchema.ddl(to) + ", it was " + TableSchema.ddl(from);
        }
    }

    /** A new name for a column. */
    record Rename(String from, String to) implements TableChange {
        @Override
        public String sentence() {
            return "column " + from + " is renamed to " + to;
        }
    }

    /** A column that was required may be null. */
    record Relax(String column) implements TableChange {
        @Override
        public String sentence() {
            return "column " + column + " may be null";
        }
    }

    /** A column that is not shown any more. */
    record Drop(String column) implements TableChange {
        @Override
        public String sentence() {
            return "column " + column
                    + " is dropped: its values stay in the files that there are and in older snapshots,"
                    + " and are not shown any more";
        }
    }

    /**
     * Another unit of partitions, for files to come.
     *
     * @param field the present partition's name
     * @param from what files are partitioned by now, in words
     * @param to the same of files to come
     * @param unit of the new partitions
     * @param column what they are made of, by its new name
     */
    record Repartition(String field, String from, String to, Unit unit, String column) implements TableChange {
        @Override
        public String sentence() {
            return "new files are partitioned by " + to + ", no longer by " + from;
        }
    }

    /** Something that somebody else has done, and that the definition agrees with: it is remembered. */
    record Adopt(String what) implements TableChange {
        @Override
        public String sentence() {
            return what;
        }
    }

    /** Another key, by which the duplicates of batches to come are judged. */
    record Rekey(List<String> from, List<String> to) implements TableChange {
        @Override
        public String sentence() {
            return "duplicates are judged by " + described(to) + ", no longer by " + described(from);
        }

        private static String described(List<String> key) {
            return key.isEmpty() ? "nothing" : String.join(", ", key);
        }
    }
}

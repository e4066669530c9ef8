package dev.eightbells.quality;

import dev.eightbells.write.RowRemoval;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows that have been judged: the report, and which of them fail. */
public final class Audit {
    /** The column that {@link #marked} adds. */
    public static final String FAILED_RULES = RowRemoval.FAILED_RULES;

    private final QualityReport report;
    private final Set<String> failingFiles;
    private final RowMarks marks;

    Audit(QualityReport report, Set<String> failingFiles, RowMarks marks) {
        this.report = report;
        this.failingFiles = Set.copyOf(failingFiles);
        this.marks = marks;
    }

    public QualityReport report() {
        return report;
    }

    /** The data files in which rows lie that fail a rule of rows; empty when no column names files. */
    public Set<String> failingFiles() {
        return failingFiles;
    }

    /**
     * Says of each row which rules it fails.
     *
     * @param rows all or some of the rows that were judged, with the same columns
     * @return the rows, and an array of texts {@value #FAILED_RULES}: the rules of rows that the row fails, as they were
     *     written; empty when it fails none. Rows may come in another order
     */
    public Dataset<Row> marked(Dataset<Row> rows) {
        return marks.marked(rows);
    }
}

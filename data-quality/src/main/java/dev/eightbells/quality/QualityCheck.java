package dev.eightbells.quality;

import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Judges rows by rules. */
public final class QualityCheck {
    private QualityCheck() {}

    /** Judges rows with nothing beside them: rules that need history pass with a note, rules that need files cannot. */
    public static QualityReport evaluate(Dataset<Row> rows, QualityRules rules) {
        return audit(rows, rules, Surroundings.none(Instant.now())).report();
    }

    /**
     * Judges rows.
     *
     * @return the verdicts, which are values: nothing is thrown because the data is bad or a rule cannot be evaluated
     */
    public static Audit audit(Dataset<Row> rows, QualityRules rules, Surroundings surroundings) {
        return new Inspection(rows, rules, surroundings).audit();
    }
}

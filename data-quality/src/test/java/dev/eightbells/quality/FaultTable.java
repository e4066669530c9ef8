package dev.eightbells.quality;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Many rules over the same two data sets: one that fulfils all of them, and one with a fault for each.
 *
 * @param good has a column {@code id}, as the other
 */
record FaultTable(
        String name, Dataset<Row> good, Surroundings ofGood, Dataset<Row> bad, Surroundings ofBad, List<Fault> faults) {

    QualityRules rules() {
        return QualityRules.parse(
                faults.stream().map(Fault::rule).collect(Collectors.joining(",\n", "Rules = [\n", "\n]")), name);
    }

    Audit auditOfGood() {
        return QualityCheck.audit(good, rules(), ofGood);
    }

    Audit auditOfBad() {
        return QualityCheck.audit(bad, rules(), ofBad);
    }

    /** The ids of the rows that an audit marks with a rule, as reports call it. */
    static Set<Integer> marked(List<Row> marked, String rule) {
        Set<Integer> ids = new HashSet<>();
        for (Row row : marked) {
            if (row.getList(row.fieldIndex(Audit.FAILED_RULES)).contains(rule)) {
                ids.add(row.getInt(row.fieldIndex("id")));
            }
        }
        return ids;
    }
}

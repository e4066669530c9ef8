package dev.eightbells.quality;

import dev.eightbells.quality.dqdl.Condition;
import dev.eightbells.quality.dqdl.Rule;
import java.util.List;

/** A rule, understood: what is to be measured for it, and how that is judged. */
sealed interface Check {
    Rule rule();

    /** Whether each row fulfils the rule or not, and one that does not is bad by itself: without those the rule holds. */
    default boolean isStrict() {
        return false;
    }

    /** A number is measured of the data set, and fulfils the rule's condition. */
    record OfMetric(Rule.Simple rule, Metric metric) implements Check {}

    /**
     * Each row is tested.
     *
     * @param share what the share of rows that fulfil the test must itself fulfil; null means that all must
     * @param measure the name of that share in reports and in the history
     */
    record OfRows(Rule.Simple rule, RowTest test, Condition share, String measure) implements Check {
        @Override
        public boolean isStrict() {
            return share == null || Thresholds.admitsOnlyOne(share);
        }
    }

    /** One query gives a number. */
    record OfQuery(Rule.Simple rule, String sql) implements Check {}

    /** The data set is compared with another one. */
    record OfReference(Rule.Simple rule, Comparison comparison) implements Check {}

    /** The names of the columns are looked at. */
    record OfColumns(Rule.Simple rule) implements Check {}

    /** The batch's files are looked at. */
    record OfFiles(Rule.Simple rule) implements Check {}

    /** Metrics are compared with what they usually are. */
    record OfAnomalies(Rule.Simple rule, List<Metric> metrics) implements Check {}

    /** Rules connected by and, or or. */
    record OfParts(Rule.Composite rule, List<Check> parts) implements Check {
        @Override
        public boolean isStrict() {
            return parts.stream().allMatch(Check::isStrict);
        }
    }
}

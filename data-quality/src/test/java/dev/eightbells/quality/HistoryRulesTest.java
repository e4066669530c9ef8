package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static dev.eightbells.quality.TestEvaluations.evaluation;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rules that look back. */
class HistoryRulesTest {
    private static List<String> said(MetricHistory history, String rules) {
        Surroundings surroundings =
                new Surroundings(history, Map.of(), null, Instant.EPOCH, Surroundings.Samples.SHOWN, null);
        return QualityCheck.audit(
                        rows("id int", row(1), row(2)),
                        QualityRules.parse("Rules = [" + rules + "]", "rules"),
                        surroundings)
                .report()
                .outcomes()
                .stream()
                .map(outcome -> outcome.verdict() + " " + outcome.sentence())
                .toList();
    }

    private static MetricHistory batches(double... rowCounts) {
        MemoryHistory history = new MemoryHistory();
        for (int i = 0; i < rowCounts.length; i++) {
            history.append(evaluation(i + 1, 1, Judgement.PASSED, Map.of(TestEvaluations.ROWS, rowCounts[i])));
        }
        return history;
    }

    @Test
    void withTooLittleHistoryTheyPassAndSaySo() {
        assertThat(said(
                        batches(9, 9),
                        "RowCount > avg(last(5)), RowCount > avg(last(3)), DetectAnomalies \"RowCount\""))
                .containsExactly(
                        "PASSED Dataset.*.RowCount is 2, and is not judged yet: it looks at the last 5 batches, and there"
                                + " are 2 so far.",
                        "PASSED Dataset.*.RowCount is 2, and is not judged yet: it looks at the last 3 batches, and there"
                                + " are 2 so far.",
                        "PASSED Dataset.*.RowCount is 2, and is not judged yet: there are 2 earlier batches, and 3 are"
                                + " needed.");
        assertThat(said(MetricHistory.none(), "RowCount > max(last(1)), RowCount > 0"))
                .containsExactly(
                        "PASSED Dataset.*.RowCount is 2, and is not judged yet: it looks at the last 1 batches, and there"
                                + " are 0 so far.",
                        "PASSED Dataset.*.RowCount is 2.");
    }

    @Test
    void withEnoughTheyJudge() {
        assertThat(said(batches(9), "RowCount > max(last(1))"))
                .containsExactly("FAILED Dataset.*.RowCount is 2, and should be > max(last(1)) (9).");
        assertThat(said(batches(9, 9), "RowCount > max(last(2))"))
                .containsExactly("FAILED Dataset.*.RowCount is 2, and should be > max(last(2)) (9).");
        assertThat(said(
                        batches(9, 9, 9),
                        "RowCount > avg(last(5)), RowCount > avg(last(3)), DetectAnomalies \"RowCount\""))
                .containsExactly(
                        "FAILED Dataset.*.RowCount is 2, and should be > avg(last(5)) (9).",
                        "FAILED Dataset.*.RowCount is 2, and should be > avg(last(3)) (9).",
                        "FAILED Dataset.*.RowCount is 2, more than three standard deviations from its mean of the last 3"
                                + " batches, 9.");
    }

    @Test
    void theyLookAtTheNewestBatchesOnly() {
        assertThat(said(batches(90, 90, 1, 2), "RowCount > avg(last(2)), RowCount < avg(last(4))"))
                .containsExactly("PASSED Dataset.*.RowCount is 2.", "PASSED Dataset.*.RowCount is 2.");
        assertThat(said(batches(2, 3, 1, 2), "DetectAnomalies \"RowCount\""))
                .containsExactly("PASSED Dataset.*.RowCount is 2, as usual; its mean of the last 4 batches is 2.");
    }

    @Test
    void theHistoryIsReadOnceAndForWhatIsAskedOnly() {
        List<Set<String>> asked = new ArrayList<>();
        List<Integer> batches = new ArrayList<>();
        MetricHistory history = (metrics, howMany) -> {
            asked.add(new TreeSet<>(metrics));
            batches.add(howMany);
            return Map.of();
        };
        said(history, "RowCount > 1, IsComplete id");
        assertThat(asked).isEmpty();
        said(history, "RowCount > avg(last(3)), Completeness id > min(last(7)) - 0.1, Mean id > 0");
        assertThat(asked).containsExactly(Set.of("Column.id.Completeness", "Dataset.*.RowCount"));
        assertThat(batches).containsExactly(7);
    }
}

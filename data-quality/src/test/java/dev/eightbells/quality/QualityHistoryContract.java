package dev.eightbells.quality;

import static dev.eightbells.quality.TestEvaluations.AT;
import static dev.eightbells.quality.TestEvaluations.ROWS;
import static dev.eightbells.quality.TestEvaluations.evaluation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.BatchId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every history does. */
abstract class QualityHistoryContract {
    /** A history without anything in it. */
    abstract QualityHistory history();

    private List<Double> rowsBefore(int number, int batches) {
        return history().before(number).newest(Set.of(ROWS), batches).getOrDefault(ROWS, List.of());
    }

    private void append(int number, int attempt, Judgement judgement, double rows) {
        history().append(evaluation(number, attempt, judgement, Map.of(ROWS, rows)));
    }

    @Test
    void nothingIsKnownBeforeTheFirstEvaluation() {
        assertThat(history().before(1).newest(Set.of(ROWS), 10)).isEmpty();
    }

    @Test
    void theNewestBatchesComeFirst() {
        append(2, 1, Judgement.PASSED, 20);
        append(1, 1, Judgement.PASSED, 10);
        append(3, 1, Judgement.PASSED, 30);
        assertThat(rowsBefore(4, 10)).containsExactly(30.0, 20.0, 10.0);
        assertThat(rowsBefore(4, 2)).containsExactly(30.0, 20.0);
        assertThat(rowsBefore(4, 0)).isEmpty();
    }

    @Test
    void onlyBatchesWithSmallerNumbersAreEarlier() {
        append(1, 1, Judgement.PASSED, 10);
        append(2, 1, Judgement.PASSED, 20);
        append(3, 1, Judgement.PASSED, 30);
        assertThat(rowsBefore(2, 10)).containsExactly(10.0);
        assertThat(rowsBefore(1, 10)).isEmpty();
    }

    @Test
    void onlyBatchesThatPassedOrWereAcceptedCount() {
        append(1, 1, Judgement.PASSED, 10);
        append(2, 1, Judgement.WARNED, 20);
        append(3, 1, Judgement.FAILED, 30);
        append(4, 1, Judgement.ACCEPTED, 40);
        append(5, 1, Judgement.ERROR, 50);
        assertThat(rowsBefore(9, 10)).containsExactly(40.0, 10.0);
    }

    @Test
    void theNewestAttemptThatCountsHidesThoseBeforeIt() {
        append(1, 1, Judgement.PASSED, 10);
        append(1, 3, Judgement.ACCEPTED, 30);
        append(1, 2, Judgement.PASSED, 20);
        assertThat(rowsBefore(2, 10)).containsExactly(30.0);
    }

    @Test
    void attemptsThatDoNotCountHideNone() {
        append(1, 1, Judgement.FAILED, 10);
        append(1, 2, Judgement.PASSED, 20);
        append(1, 3, Judgement.ERROR, 30);
        append(1, 4, Judgement.FAILED, 40);
        assertThat(rowsBefore(2, 10)).containsExactly(20.0);
    }

    @Test
    void anAttemptWithoutAMetricHidesThatOfTheAttemptBeforeIt() {
        append(1, 1, Judgement.PASSED, 10);
        history().append(evaluation(1, 2, Judgement.PASSED, Map.of()));
        assertThat(rowsBefore(2, 10)).isEmpty();
    }

    @Test
    void furtherBatchesAndReplaysAreNoBaselines() {
        append(1, 1, Judgement.PASSED, 10);
        for (String batch : List.of("20261122T0800Z-2", "20261122T0800Z-r1")) {
            history()
                    .append(new Evaluation(
                            "shop", BatchId.parse(batch), 2, 1, Judgement.PASSED, AT, Map.of(ROWS, 20.0)));
        }
        assertThat(rowsBefore(9, 10)).containsExactly(10.0);
    }

    @Test
    void eachMetricHasTheNewestBatchesThatHaveIt() {
        history().append(evaluation(1, 1, Judgement.PASSED, Map.of(ROWS, 10.0, "Column.page.Entropy", 0.5)));
        history().append(evaluation(2, 1, Judgement.PASSED, Map.of(ROWS, 20.0)));
        history().append(evaluation(3, 1, Judgement.PASSED, Map.of()));
        assertThat(history().before(9).newest(Set.of(ROWS, "Column.page.Entropy", "Column.page.Mean"), 1))
                .isEqualTo(Map.of(ROWS, List.of(20.0), "Column.page.Entropy", List.of(0.5)));
    }

    @Test
    void theSameAttemptIsKeptOnce() {
        append(1, 1, Judgement.PASSED, 10);
        append(1, 1, Judgement.PASSED, 11);
        assertThat(rowsBefore(2, 10)).containsExactly(10.0);
    }

    @Test
    void whatIsAskedLaterIsAnsweredAsOfTheSameMoment() {
        append(1, 1, Judgement.PASSED, 10);
        append(2, 1, Judgement.PASSED, 20);
        MetricHistory earlier = history().before(9);
        assertThat(earlier.newest(Set.of(ROWS), 1).get(ROWS)).containsExactly(20.0);
        append(3, 1, Judgement.PASSED, 30);
        assertThat(earlier.newest(Set.of(ROWS), 5).get(ROWS)).containsExactly(20.0, 10.0);
    }
}

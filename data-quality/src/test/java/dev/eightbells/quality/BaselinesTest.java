package dev.eightbells.quality;

import static dev.eightbells.quality.TestEvaluations.ROWS;
import static dev.eightbells.quality.TestEvaluations.passed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    private static final Set<String> METRICS = Set.of(ROWS);
    private final Baselines baselines = new Baselines();

    @BeforeEach
    void knowsTwoBatches() {
        add(passed(7, 70));
        add(passed(5, 50));
    }

    private void add(Evaluation evaluation) {
        EvaluationRow.of(evaluation).forEach(baselines::add);
    }

    @Test
    void areEnoughWhenWhatIsUnreadIsOlder() {
        assertThat(baselines.areEnough(METRICS, 2, 4)).isTrue();
        assertThat(baselines.areEnough(METRICS, 1, 6)).isTrue();
        assertThat(baselines.areEnough(METRICS, 0, 9)).isTrue();
    }

    @Test
    void areNotEnoughWhenWhatIsUnreadCanHoldANewerAttemptOfABatch() {
        assertThat(baselines.areEnough(METRICS, 2, 5)).isFalse();
        assertThat(baselines.areEnough(METRICS, 1, 7)).isFalse();
    }

    @Test
    void areNotEnoughWhenAMetricIsMissing() {
        assertThat(baselines.areEnough(Set.of(ROWS, "Column.page.Mean"), 1, 1)).isFalse();
        assertThat(baselines.areEnough(METRICS, 3, 1)).isFalse();
    }

    @Test
    void doNotLookFartherForAMetricThanThreeHundredBatches() {
        add(evaluationWithMean(1));
        for (int number = 2; number <= 301; number++) {
            add(passed(number, number));
        }
        assertThat(baselines.areEnough(Set.of("Column.page.Mean"), 1, 1)).isTrue();
        assertThat(baselines.newest(Set.of("Column.page.Mean"), 1)).isEmpty();
        assertThat(baselines.newest(Set.of("Column.page.Mean"), 301))
                .isEqualTo(Map.of("Column.page.Mean", List.of(0.5)));
        assertThat(baselines.newest(METRICS, 300).get(ROWS)).hasSize(300);
    }

    private static Evaluation evaluationWithMean(int number) {
        return TestEvaluations.evaluation(number, 1, Judgement.PASSED, Map.of("Column.page.Mean", 0.5));
    }
}

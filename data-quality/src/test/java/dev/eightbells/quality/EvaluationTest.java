package dev.eightbells.quality;

import static dev.eightbells.quality.TestEvaluations.evaluation;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    @Test
    void takesFiniteNumbersOnly() {
        assertThatThrownBy(() -> evaluation(1, 1, Judgement.PASSED, Map.of("Column.page.Mean", Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Invalid value of metric Column.page.Mean: NaN (a finite number; a metric without a value is"
                                + " left out).");
    }

    @Test
    void numbersAndAttemptsCountFromOne() {
        assertThatThrownBy(() -> evaluation(0, 1, Judgement.PASSED, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid manifest number: 0 (at least 1).");
        assertThatThrownBy(() -> evaluation(1, 0, Judgement.PASSED, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid attempt: 0 (at least 1).");
    }
}

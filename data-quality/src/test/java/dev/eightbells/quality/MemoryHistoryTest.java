package dev.eightbells.quality;

import static dev.eightbells.quality.TestEvaluations.ROWS;
import static dev.eightbells.quality.TestEvaluations.passed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryHistoryTest extends QualityHistoryContract {
    private final MemoryHistory history = new MemoryHistory();

    @Override
    QualityHistory history() {
        return history;
    }

    @Test
    void byItselfItIsTheHistoryOfAllBatches() {
        history.append(passed(1, 10));
        history.append(passed(2, 20));
        assertThat(history.newest(Set.of(ROWS), 10)).isEqualTo(Map.of(ROWS, List.of(20.0, 10.0)));
    }
}

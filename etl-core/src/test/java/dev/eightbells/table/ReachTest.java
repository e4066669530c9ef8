package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static final long GAP = 30 * 60 * 1_000_000L;

    private static Reach of(Long... hours) {
        return Reach.of(List.of(hours), GAP);
    }

    @Test
    void reachesAGapBeforeAndAfterTheHours() {
        long from = 10 * Reach.HOUR - GAP;
        long to = 12 * Reach.HOUR - 1 + GAP;
        Reach reach = of(10L, 11L);
        assertThat(reach.meets(from, from)).isTrue();
        assertThat(reach.meets(from - 1, from - 1)).isFalse();
        assertThat(reach.meets(to, to)).isTrue();
        assertThat(reach.meets(to + 1, to + 1)).isFalse();
        assertThat(reach.meets(from - 1, to + 1)).isTrue();
    }

    @Test
    void doesNotReachBetweenHoursThatLieApart() {
        Reach reach = of(0L, 9_000_000L);
        assertThat(reach.meets(100 * Reach.HOUR, 8_000_000 * Reach.HOUR)).isFalse();
        assertThat(reach.meets(-Reach.HOUR, 8_000_000 * Reach.HOUR)).isTrue();
        assertThat(reach.meets("a", "b").toString()).contains("or");
    }

    @Test
    void reachesBeforeTheBeginningOfTime() {
        assertThat(of(-1L).meets(-Reach.HOUR, -Reach.HOUR)).isTrue();
    }

    @Test
    void nothingIsInReachOfNothing() {
        Reach nothing = Reach.of(List.of(), GAP);
        assertThat(nothing.isEmpty()).isTrue();
        assertThat(nothing.meets(Long.MIN_VALUE, Long.MAX_VALUE)).isFalse();
        assertThat(nothing.meets("a", "b").toString()).isEqualTo("false");
    }

    @Test
    void hasNotTooManyRangesAndMissesNothing() {
        List<Long> hours =
                LongStream.range(0, 5_000).map(i -> i * 100 + i % 50).boxed().toList();
        Reach reach = Reach.of(hours, GAP);
        assertThat(hours).allSatisfy(hour -> assertThat(reach.meets(hour * Reach.HOUR, hour * Reach.HOUR))
                .isTrue());
        assertThat(reach.meets("a", "b").toString().split("\"a\"\\) <= ", -1)).hasSize(501);
    }
}

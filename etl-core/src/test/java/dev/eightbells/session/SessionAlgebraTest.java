package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class SessionAlgebraTest {
    private static final ValueOrder ORDER = ValueOrder.of(DataTypes.StringType);
    private static final long GAP = 1_800_000_000L;

    private static SessionAlgebra algebra(Aggregate... aggregates) {
        return new SessionAlgebra(GAP, ORDER, List.of(aggregates));
    }

    private static Session at(long time) {
        return Session.ofEvent(time, null);
    }

    @Test
    void aGapOfExactlyTheGapIsOneSessionAndAMicrosecondMoreIsTwo() {
        assertThat(algebra().mergeAll(List.of(at(0), at(GAP)))).hasSize(1);
        assertThat(algebra().mergeAll(List.of(at(0), at(GAP + 1)))).hasSize(2);
        assertThat(algebra().touch(at(GAP), at(0))).isTrue();
        assertThat(algebra().touch(at(GAP + 1), at(0))).isFalse();
    }

    @Test
    void theEndsOfTimeDoNotTouch() {
        assertThat(algebra().touch(at(Long.MIN_VALUE), at(Long.MAX_VALUE))).isFalse();
        assertThat(algebra().touch(at(Long.MAX_VALUE), at(Long.MIN_VALUE))).isFalse();
        assertThat(algebra().touch(at(Long.MAX_VALUE), at(Long.MAX_VALUE - GAP)))
                .isTrue();
    }

    @Test
    void anEventInTheMiddleJoinsWhatWasApart() {
        List<Session> apart = algebra().mergeAll(List.of(at(0), at(2 * GAP)));
        assertThat(apart).hasSize(2);
        assertThat(algebra().mergeAll(List.of(apart.get(1), at(GAP), apart.get(0))))
                .containsExactly(new Session(0, 2 * GAP, 3, null, null, new Object[0]));
    }

    @Test
    void aLongSessionSwallowsOnesInsideOfIt() {
        Session lasting = new Session(0, 10 * GAP, 7, null, null, new Object[0]);
        assertThat(algebra().mergeAll(List.of(at(5 * GAP), lasting, at(2 * GAP))))
                .containsExactly(new Session(0, 10 * GAP, 9, null, null, new Object[0]));
    }

    @Test
    void firstAndLastAreThoseOfTheEarliestAndLatestEventWithNullAsAValue() {
        SessionAlgebra algebra = algebra(new Aggregate.First(ORDER), new Aggregate.Last(ORDER));
        Session merged = algebra.merge(Session.ofEvent(1, "b", "x", "x"), Session.ofEvent(2, "a", null, null));
        assertThat(merged.values).containsExactly("x", null);
        merged = algebra.merge(Session.ofEvent(1, "b", null, null), Session.ofEvent(2, "a", "y", "y"));
        assertThat(merged.values).containsExactly(null, "y");
        assertThat(merged.firstKey).isEqualTo("b");
        assertThat(merged.lastKey).isEqualTo("a");
    }

    @Test
    void tiesGoToTheSmallestKeyAtBothEndsAndThenToTheSmallestValue() {
        SessionAlgebra algebra = algebra(new Aggregate.First(ORDER), new Aggregate.Last(ORDER));
        Session byKey = algebra.merge(Session.ofEvent(1, "b", "x", "x"), Session.ofEvent(1, "a", "y", "y"));
        assertThat(byKey.values).containsExactly("y", "y");
        assertThat(List.of(byKey.firstKey, byKey.lastKey)).containsExactly("a", "a");
        Session byValue = algebra.merge(Session.ofEvent(1, null, "y", "y"), Session.ofEvent(1, null, "x", "x"));
        assertThat(byValue.values).containsExactly("x", "x");
        Session withNull = algebra.merge(Session.ofEvent(1, null, "y", "y"), Session.ofEvent(1, null, null, null));
        assertThat(withNull.values).containsExactly(null, null);
    }

    @Test
    void sumsMinimaAndMaximaPassNullsOver() {
        SessionAlgebra algebra =
                algebra(new Aggregate.Sum(), new Aggregate.Least(ORDER), new Aggregate.Greatest(ORDER));
        Session none = Session.ofEvent(1, "a", null, null, null);
        assertThat(algebra.merge(none, none).values).containsExactly(null, null, null);
        Session some = Session.ofEvent(1, "a", 5L, "m", "m");
        assertThat(algebra.merge(none, some).values).containsExactly(5L, "m", "m");
        assertThat(algebra.merge(some, none).values).containsExactly(5L, "m", "m");
        assertThat(algebra.merge(some, Session.ofEvent(2, "b", 7L, "n", "n")).values)
                .containsExactly(12L, "m", "n");
    }

    @Test
    void sumsAreExactOrRefused() {
        SessionAlgebra algebra = algebra(new Aggregate.Sum());
        Session[] tenths = new Session[10];
        Arrays.setAll(tenths, i -> Session.ofEvent(i, "a" + i, new BigDecimal("0.1")));
        assertThat(algebra.mergeAll(List.of(tenths)).get(0).values).containsExactly(new BigDecimal("1.0"));
        assertThatThrownBy(() -> algebra.merge(Session.ofEvent(1, "a", Long.MAX_VALUE), Session.ofEvent(1, "b", 1L)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("long overflow");
    }
}

package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @Test
    void readsDurations() {
        assertThat(Quantity.duration("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Quantity.duration("30m")).isEqualTo(Duration.ofMinutes(30));
        assertThat(Quantity.duration("48 h")).isEqualTo(Duration.ofDays(2));
        assertThat(Quantity.duration("7d")).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void readsSizesInPowersOf1024() {
        assertThat(Quantity.bytes("100B")).isEqualTo(100);
        assertThat(Quantity.bytes("64KB")).isEqualTo(65_536);
        assertThat(Quantity.bytes("16MB")).isEqualTo(16_777_216);
        assertThat(Quantity.bytes("200GB")).isEqualTo(214_748_364_800L);
        assertThat(Quantity.bytes("1TB")).isEqualTo(1_099_511_627_776L);
    }

    @Test
    void readsShares() {
        assertThat(Quantity.share("5%")).isEqualTo(new BigDecimal("0.05"));
        assertThat(Quantity.share("0.5%")).isEqualTo(new BigDecimal("0.005"));
        assertThat(Quantity.share("100%")).isEqualByComparingTo(BigDecimal.ONE);
        assertThat(Quantity.share("0%")).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h", "4", "-4h", "1.5h", "4H", "4 hours", "PT4H", "1h30m", "4  h"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Quantity.duration(text))
                .hasMessage("'" + text + "' is no duration; write a whole number with d, h, m or s, e.g. 4h");
    }

    @Test
    void refusesWhatIsTooMuch() {
        assertThatThrownBy(() -> Quantity.duration("36501d")).hasMessage("'36501d' is longer than 36500d; write less");
        assertThatThrownBy(() -> Quantity.bytes("8388608TB")).hasMessage("'8388608TB' is too large; write less");
        assertThatThrownBy(() -> Quantity.share("100.1%")).hasMessage("'100.1%' is more than 100%; write less");
    }

    @Property
    void readsTheDurationsThatItWrites(@ForAll @LongRange(min = 0, max = 3_000_000) long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        assertThat(Quantity.duration(Quantity.text(duration))).isEqualTo(duration);
    }

    @Property
    void readsTheSizesThatItWrites(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long bytes) {
        assertThat(Quantity.bytes(Quantity.text(bytes))).isEqualTo(bytes);
    }

    @Property
    void readsTheSharesThatItWrites(@ForAll @LongRange(min = 0, max = 100_000_000_000L) long billionths) {
        BigDecimal share = BigDecimal.valueOf(billionths, 11).stripTrailingZeros();
        assertThat(Quantity.share(Quantity.text(share))).isEqualTo(share);
    }
}

package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchIdTest {
    private static final Window WINDOW =
            Window.newestEndedBy(Instant.parse("2026-11-22T08:20:00Z"), Duration.ofHours(4));

    @Test
    void namesABatchByTheEndOfItsWindow() {
        assertThat(BatchId.of(WINDOW)).hasToString("20261122T0800Z");
        assertThat(BatchId.of(WINDOW).next()).hasToString("20261122T0800Z-2");
        assertThat(BatchId.of(WINDOW).next().next()).hasToString("20261122T0800Z-3");
        assertThat(BatchId.replay(WINDOW, 1)).hasToString("20261122T0800Z-r1");
        assertThat(BatchId.replay(WINDOW, 1).next()).hasToString("20261122T0800Z-r2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20261122T0800Z",
                "20261122T0800Z-2",
                "20261122T0800Z-17",
                "20261122T0800Z-r1",
                "00010101T0400Z",
                "99991231T2000Z",
                "20240229T0030Z"
            })
    void readsWhatItWrites(String text) {
        assertThat(BatchId.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "20261122",
                "20261122T0800",
                "20261122T0800Z-",
                "20261122T0800Z-0",
                "20261122T0800Z-1",
                "20261122T0800Z-02",
                "20261122T0800Z-r0",
                "20261122T0800Z-r",
                "20261122T0800Z-2-r1",
                "20230229T0800Z",
                "20261122T2400Z",
                "20261122T0860Z",
                " 20261122T0800Z",
                "../20261122T0800Z",
                "20261122T0800Z-9999999999"
            })
    void refusesWhatNamesNoBatch(String text) {
        assertThatThrownBy(() -> BatchId.parse(text))
                .isInstanceOf(Failure.class)
                .hasMessage("Invalid batch: " + text + " (a batch is named like 20261122T0800Z, 20261122T0800Z-2 or"
                        + " 20261122T0800Z-r1). Ask eightbells status for the batches there are.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22T08:00:00Z", "2026-11-22T08:20:00Z", "2026-11-22T11:59:59.999999999Z"})
    void worksForTheNewestWindowThatHasEnded(String at) {
        assertThat(Window.newestEndedBy(Instant.parse(at), Duration.ofHours(4)))
                .isEqualTo(new Window(Instant.parse("2026-11-22T04:00:00Z"), Instant.parse("2026-11-22T08:00:00Z")));
    }

    @Test
    void beginsWindowsAtMidnightInAnyYear() {
        assertThat(Window.newestEndedBy(Instant.parse("0001-01-02T00:30:00Z"), Duration.ofHours(24)))
                .isEqualTo(new Window(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("0001-01-02T00:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5H", "PT0S", "PT-4H", "PT30S", "PT48H", "PT1H0.5S"})
    void refusesWindowsThatDoNotDivideADay(String length) {
        assertThatThrownBy(() -> Window.newestEndedBy(Instant.EPOCH, Duration.parse(length)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not whole minutes that divide 24 hours");
    }
}

package dev.eightbells.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiringTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:20:07Z");
    private static final Instant AT = Instant.parse("2026-11-22T08:20:00Z");

    @Test
    void readsTheSchedulersOwnInput() {
        assertThat(read("{\"scheduledTime\":\"2026-11-22T08:20:00Z\",\"executionId\":\"d6\",\"attempt\":\"1\","
                        + "\"scheduleArn\":\"arn:aws:scheduler:eu-west-1:1:schedule/default/watch\"}"))
                .isEqualTo(new Firing(null, AT, null, Firing.By.SCHEDULE));
    }

    @Test
    void readsTheSchedulersDefaultPayloadWhoseDetailIsAString() {
        assertThat(
                        read(
                                "{\"version\":\"0\",\"id\":\"27\",\"detail-type\":\"Scheduled Event\",\"source\":\"aws.scheduler\","
                                        + "\"account\":\"1\",\"time\":\"2026-11-22T08:20:00Z\",\"region\":\"eu-west-1\","
                                        + "\"resources\":[\"arn:aws:scheduler:eu-west-1:1:schedule/default/watch\"],\"detail\":\"{}\"}"))
                .isEqualTo(new Firing(null, AT, null, Firing.By.SCHEDULE));
    }

    @Test
    void readsTheScheduledEventOfARule() {
        assertThat(read("{\"version\":\"0\",\"account\":\"1\",\"region\":\"eu-west-1\",\"detail\":{},"
                        + "\"detail-type\":\"Scheduled Event\",\"source\":\"aws.events\",\"time\":\"2026-11-22T08:20:00Z\","
                        + "\"id\":\"27\",\"resources\":[\"arn:aws:events:eu-west-1:1:rule/watch\"]}"))
                .isEqualTo(new Firing(null, AT, null, Firing.By.SCHEDULE));
    }

    @Test
    void readsWhatAPersonSends() {
        assertThat(
                        read(
                                "{\"pipeline\":\"clicks\",\"window\":\"2026-11-22T04:00:00Z\",\"from\":\"2026-11-20T00:00:00Z\"}"))
                .isEqualTo(new Firing(
                        "clicks",
                        Instant.parse("2026-11-22T04:00:00Z"),
                        Instant.parse("2026-11-20T00:00:00Z"),
                        Firing.By.PERSON));
        assertThat(read("{\"pipeline\":\"clicks\",\"window\":\"20261122T0400Z\"}")
                        .at())
                .isEqualTo(Instant.parse("2026-11-22T04:00:00Z"));
        assertThat(read("{\"pipeline\":\"clicks\"}").at()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "",
                "not json",
                "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}",
                "{\"source\":\"aws.emr\",\"time\":\"2026-11-22T08:20:00Z\",\"detail\":{}}"
            })
    void refusesWhatComesFromNobody(String event) {
        assertThatThrownBy(() -> read(event))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot read the event " + event
                        + ": it comes from no scheduler and from no person. Send {\"scheduledTime\":"
                        + " \"2026-11-22T08:20:00Z\"}, or {\"pipeline\": \"web-events\", \"window\":"
                        + " \"2026-11-22T08:00:00Z\"}.");
    }

    @Test
    void namesATimeThatIsNone() {
        assertThatThrownBy(() -> read("{\"scheduledTime\":\"<aws.scheduler.scheduled-time>\"}"))
                .hasMessage(
                        "Cannot read the event: its scheduledTime is \"<aws.scheduler.scheduled-time>\". Write an instant"
                                + " like 2026-11-22T08:00:00Z.");
    }

    @Test
    void refusesATimeThatHasNotComeButForgivesAClockThatIsALittleBehind() {
        assertThat(read("{\"scheduledTime\":\"2026-11-22T08:21:00Z\"}").at()).isEqualTo(NOW);
        assertThatThrownBy(() -> read("{\"scheduledTime\":\"2026-11-22T12:20:00Z\"}"))
                .hasMessage(
                        "Cannot fire for 2026-11-22T12:20:00Z: that has not come (it is 2026-11-22T08:20:07Z). Send an"
                                + " instant that has passed.");
    }

    private static Firing read(String event) {
        return Firing.read(event, NOW);
    }
}

package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.pipeline.ColumnType.Primitive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimePatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "epoch_s",
                "epoch_ms",
                "epoch_us",
                "yyyy-MM-dd HH:mm:ss[.SSSSSS]",
                "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                "uuuu-MM-dd HH:mm",
                "dd/MM/yyyy hh:mm a",
                "d.M.yyyy",
                "yyyyMMddHHmmss",
                "yyyy-DDD",
                "EEE, d MMM yyyy HH:mm:ss Z",
                "MM/dd/yy h:mm:ss a"
            })
    void takesPatternsThatNameOneTime(String pattern) {
        assertThat(TimePattern.check(pattern, Primitive.TIMESTAMP)).isEqualTo(pattern);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yyyy", "YYYY-MM-dd", "MM-dd HH:mm", "yyyy-dd", "yyyy-mm-dd", "HH:mm:ss"})
    void refusesPatternsWithoutAFullDate(String pattern) {
        assertThatThrownBy(() -> TimePattern.check(pattern, Primitive.DATE))
                .hasMessage("'" + pattern + "' does not name year, month and day; write e.g. yyyy-MM-dd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yyyy-MM-dd hh:mm:ss", "yyyy-MM-dd KK:mm", "yyyy-MM-dd mm:ss"})
    void refusesPatternsWithHalfATime(String pattern) {
        assertThatThrownBy(() -> TimePattern.check(pattern, Primitive.TIMESTAMP))
                .hasMessage("'" + pattern
                        + "' does not name the hour of the day; write HH (00 to 23), or hh with a for am and pm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yyyy-MM-dd{", "jjjj", "yyyy-MM-dd'T", "bb"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> TimePattern.check(pattern, Primitive.TIMESTAMP))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("'" + pattern + "' is no pattern of times (")
                .endsWith("); write e.g. yyyy-MM-dd HH:mm:ss, epoch_s, epoch_ms or epoch_us");
    }

    @Test
    void findsTimesInsideOtherTypes() {
        assertThat(TimePattern.timesIn(ColumnType.parse("array<map<string,date>>")))
                .contains(Primitive.DATE);
        assertThat(TimePattern.timesIn(ColumnType.parse("struct<a:timestamp,b:date>")))
                .contains(Primitive.TIMESTAMP);
        assertThat(TimePattern.timesIn(ColumnType.parse("struct<a:string,b:int>")))
                .isEmpty();
    }
}

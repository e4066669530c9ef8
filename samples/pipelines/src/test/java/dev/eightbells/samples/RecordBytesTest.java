package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordBytesTest {
    private final RecordBytes record = new RecordBytes();

    @Test
    void writesTimesInEveryCentury() {
        assertThat(text(record.micros(micros("2023-03-07T10:11:12.000123Z")))).isEqualTo("2023-03-07 10:11:12.000123");
        assertThat(text(record.micros(micros("1969-12-31T23:59:59.999999Z")))).isEqualTo("1969-12-31 23:59:59.999999");
        assertThat(text(record.seconds(micros("0001-01-01T00:00:00Z")))).isEqualTo("0001-01-01 00:00:00");
        assertThat(text(record.seconds(micros("9999-12-31T23:59:59Z")))).isEqualTo("9999-12-31 23:59:59");
        assertThat(text(record.date(0))).isEqualTo("1970-01-01");
    }

    @Test
    void writesNumbers() {
        assertThat(text(record.number(0))).isEqualTo("0");
        assertThat(text(record.number(1_234_567_890_123L))).isEqualTo("1234567890123");
        assertThat(text(record.digits(42, 5))).isEqualTo("00042");
        assertThat(text(record.decimal(4_175_338, 5))).isEqualTo("41.75338");
        assertThat(text(record.decimal(-202_568, 5))).isEqualTo("-2.02568");
        assertThat(text(record.decimal(-7, 5))).isEqualTo("-0.00007");
    }

    @Test
    void writesRandomUuidsAsTheStandardHasThem() {
        Dice dice = new Dice(1);
        for (int times = 0; times < 100; times++) {
            String uuid = text(record.uuid(dice.next(), dice.next()));
            assertThat(UUID.fromString(uuid)).hasToString(uuid);
            assertThat(UUID.fromString(uuid).version()).isEqualTo(4);
            assertThat(UUID.fromString(uuid).variant()).isEqualTo(2);
        }
    }

    @Test
    void replacesAStretch() {
        record.clear();
        record.text(RecordBytes.utf8("{\"a\": \"Málaga\", \"b\": \"2\"}"));
        int from = record.indexOf(RecordBytes.utf8("Málaga"));
        record.replace(from, from + 7, RecordBytes.utf8("Πειραιάς, a port"));

        assertThat(new String(record.copy(), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\": \"Πειραιάς, a port\", \"b\": \"2\"}");
        assertThatThrownBy(() -> record.indexOf(RecordBytes.utf8("Málaga")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot find Málaga in the record {\"a\": \"Πειραιάς, a port\", \"b\": \"2\"}.");
    }

    @Test
    void throwsTheSameDiceForEver() {
        Dice dice = new Dice(1234567);

        assertThat(dice.next()).isEqualTo(6457827717110365317L);
        assertThat(dice.next()).isEqualTo(3203168211198807973L);
        for (int times = 0; times < 1000; times++) {
            assertThat(dice.below(6)).isBetween(0, 5);
            assertThat(dice.between(-3, 3)).isBetween(-3L, 2L);
        }
        assertThat(dice.between(5, 5)).isEqualTo(5);
    }

    private String text(RecordBytes written) {
        String text = new String(written.copy(), StandardCharsets.UTF_8);
        record.clear();
        return text;
    }

    private static long micros(String instant) {
        return Request.micros(Instant.parse(instant));
    }
}

package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.ColumnType.Primitive;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeCastingTest {

    @ParameterizedTest
    @CsvSource({
        "2020-07-05T14:32:45, 2020-07-05T14:32:45Z",
        "2020-07-05 14:32:45, 2020-07-05T14:32:45Z",
        "2020-07-05 14:32, 2020-07-05T14:32:00Z",
        "2020-07-05 14:32Z, 2020-07-05T14:32:00Z",
        "2020-07-05T14:32:45Z, 2020-07-05T14:32:45Z",
        "2020-07-05 14:32:45.4, 2020-07-05T14:32:45.4Z",
        "2020-07-05 14:32:45.407110, 2020-07-05T14:32:45.407110Z",
        "2020-07-05 14:32:45.407110000, 2020-07-05T14:32:45.407110Z",
        "2020-07-05T14:32:45+02:00, 2020-07-05T12:32:45Z",
        "2020-07-05T14:32:45.5-0330, 2020-07-05T18:02:45.5Z",
        "2020-07-05T14:32:45+02, 2020-07-05T12:32:45Z",
        "2020-07-05T14:32:45-00:00, 2020-07-05T14:32:45Z",
        "2020-07-05T14:32:45+18:00, 2020-07-04T20:32:45Z",
        "2020-02-29T00:00:00, 2020-02-29T00:00:00Z",
        "2000-02-29T23:59:59.999999, 2000-02-29T23:59:59.999999Z",
        "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
        "1582-10-10T00:00:00Z, 1582-10-10T00:00:00Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
        "0001-01-01T00:00:00-01:00, 0001-01-01T01:00:00Z",
    })
    void takesIso8601(String text, String instant) {
        assertThat(cast(Primitive.TIMESTAMP, "UTC", '"' + text + '"')).isEqualTo(micros(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"2020-07-05\"",
                "\"2020-07-05T\"",
                "\"2020-07-05T14\"",
                "\"2020-07-05T14:3\"",
                "\"2020-07-05T14:32:\"",
                "\"2020-07-05T14:32:4\"",
                "\"2020-07-05T14:32:45.\"",
                "\"2020-07-05T14:32:45.1234567\"",
                "\"2020-07-05T14:32:45.0000001\"",
                "\"2020-07-05t14:32:45\"",
                "\"2020-07-05T14:32:45z\"",
                "\"2020-07-05T14:32:45 Z\"",
                "\"2020-07-05T14:32:45+2\"",
                "\"2020-07-05T14:32:45+02:\"",
                "\"2020-07-05T14:32:45+02:0\"",
                "\"2020-07-05T14:32:45+02:60\"",
                "\"2020-07-05T14:32:45+18:01\"",
                "\"2020-07-05T14:32:45+19\"",
                "\"2020-07-05T24:00:00\"",
                "\"2020-07-05T14:60:00\"",
                "\"2020-07-05T14:32:60\"",
                "\"2020-02-30T00:00:00\"",
                "\"2019-02-29T00:00:00\"",
                "\"1900-02-29T00:00:00\"",
                "\"2020-13-01T00:00:00\"",
                "\"2020-00-01T00:00:00\"",
                "\"2020-01-00T00:00:00\"",
                "\"0000-01-01T00:00:00\"",
                "\"10000-01-01T00:00:00\"",
                "\"9999-12-31T23:59:59-01:00\"",
                "\"0001-01-01T00:00:00+01:00\"",
                "\"-001-01-01T00:00:00\"",
                "\"2020/07/05 14:32:45\"",
                "\" 2020-07-05T14:32:45\"",
                "\"2020-07-05T14:32:45 \"",
                "\"20200705T143245\"",
                "\"2020-07-05  14:32:45\"",
                "\"٢020-07-05T14:32:45\"",
                "1593959565",
                "true",
                "[]",
                "\"2020-07-05T14:32:45+02:00[Europe/Berlin]\""
            })
    void refusesWhatIsNot(String json) {
        assertThat(cast(Primitive.TIMESTAMP, "UTC", json)).isEqualTo("not-castable");
    }

    @ParameterizedTest
    @CsvSource({
        // Clocks went from 02:00 to 03:00 on 2020-03-29 and from 03:00 back to 02:00 on 2020-10-25.
        "2020-03-29 01:59:59.9, 2020-03-29T00:59:59.9Z",
        "2020-03-29 02:00:00, ",
        "2020-03-29 02:59:59.999999, ",
        "2020-03-29 03:00:00, 2020-03-29T01:00:00Z",
        "2020-10-25 01:59:59, 2020-10-24T23:59:59Z",
        "2020-10-25 02:00:00, 2020-10-25T00:00:00Z",
        "2020-10-25 02:59:59, 2020-10-25T00:59:59Z",
        "2020-10-25 03:00:00, 2020-10-25T02:00:00Z",
        "2020-03-29 02:30:00Z, 2020-03-29T02:30:00Z",
        "2020-10-25 02:30:00+01:00, 2020-10-25T01:30:00Z",
        "1850-01-01 00:00:00, 1849-12-31T23:06:32Z",
        "2100-07-01 00:00:00, 2100-06-30T22:00:00Z",
    })
    void readsLocalTimesInTheColumnsZone(String text, String instant) {
        Object expected = instant == null ? "not-castable" : micros(instant);
        assertThat(cast(Primitive.TIMESTAMP, "Europe/Berlin", '"' + text + '"')).isEqualTo(expected);
    }

    @Test
    void remembersNoOffsetTooLong() {
        LocalZone zone = LocalZone.of(ZoneId.of("America/New_York"));
        ZoneRules rules = ZoneId.of("America/New_York").getRules();
        LocalDateTime local = LocalDateTime.of(2019, 1, 1, 0, 7);
        for (int i = 0; i < 4 * 24 * 365; i++) {
            var offsets = rules.getValidOffsets(local);
            int expected = offsets.isEmpty() ? LocalZone.GAP : offsets.get(0).getTotalSeconds();
            assertThat(zone.offsetAt(local.toEpochSecond(ZoneOffset.UTC))).isEqualTo(expected);
            local = local.plusMinutes(30);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "yyyy-MM-dd HH:mm:ss[.SSSSSS], 2020-07-05 14:32:45.407110, 2020-07-05T14:32:45.407110Z",
        "yyyy-MM-dd HH:mm:ss[.SSSSSS], 2020-07-05 14:32:45.4, 2020-07-05T14:32:45.4Z",
        "yyyy-MM-dd HH:mm:ss[.SSSSSS], 2020-07-05 14:32:45, 2020-07-05T14:32:45Z",
        "yyyy-MM-dd HH:mm:ss[.SSSSSS], 2020-07-05 14:32:45., ",
        "yyyy-MM-dd HH:mm:ss[.SSSSSS], 2020-07-05 14:32:45.1234567, ",
        "yyyy-MM-dd HH:mm:ss[.SSSSSS], 2020-07-05T14:32:45, ",
        "yyyy-MM-dd HH:mm:ss[.SSSSSS], 2020-02-30 14:32:45, ",
        "yyyy-MM-dd HH:mm:ss.SSS, 2020-07-05 14:32:45.12, 2020-07-05T14:32:45.12Z",
        "yyyy-MM-dd HH:mm:ss.SSS, 2020-07-05 14:32:45, ",
        "yyyy-MM-dd HH:mm:ss.SSS, 2020-07-05 14:32:45.1234, ",
        "yyyy-MM-dd HH:mm:ss.SSSSSSSSS, 2020-07-05 14:32:45.123456000, 2020-07-05T14:32:45.123456Z",
        "yyyy-MM-dd HH:mm:ss.SSSSSSSSS, 2020-07-05 14:32:45.123456001, ",
        "yyyyMMddHHmmss, 20200705143245, 2020-07-05T14:32:45Z",
        "yyyyMMddHHmmssSSS, 20200705143245407, 2020-07-05T14:32:45.407Z",
        "uuuu-MM-dd'T'HH:mm:ssX, 2020-07-05T14:32:45+02, 2020-07-05T12:32:45Z",
        "uuuu-MM-dd'T'HH:mm:ssX, 2020-07-05T14:32:45Z, 2020-07-05T14:32:45Z",
        "uuuu-MM-dd'T'HH:mm:ssXXX, 2020-07-05T14:32:45+02:00, 2020-07-05T12:32:45Z",
        "uuuu-MM-dd'T'HH:mm:ssXXX, 2020-07-05T14:32:45+0200, ",
        "uuuu-MM-dd'T'HH:mm:ss[XXX], 2020-07-05T14:32:45, 2020-07-05T14:32:45Z",
        "yyyy-MM-dd[ HH[:mm]['h']], 2020-07-05, 2020-07-05T00:00:00Z",
        "yyyy-MM-dd[ HH[:mm]['h']], 2020-07-05 14h, 2020-07-05T14:00:00Z",
        "yyyy-MM-dd[ HH[:mm]['h']], 2020-07-05 14:32, 2020-07-05T14:32:00Z",
        "d/M/yyyy H:mm, 5/7/2020 4:32, 2020-07-05T04:32:00Z",
        "d/M/yyyy H:mm, 31/4/2020 4:32, ",
        "dd/MMM/yyyy:HH:mm:ss Z, 05/Jul/2020:14:32:45 +0200, 2020-07-05T12:32:45Z",
        "MMM d yyyy h:mm a, Jul 5 2020 2:32 PM, 2020-07-05T14:32:00Z",
        "yyyy-MM-dd HH:mm:ss.SSS d, 2020-07-05 14:32:45.5 5, 2020-07-05T14:32:45.5Z",
        "yyyy-MM-dd HH:mm VV, 2020-03-29 03:30 Europe/Berlin, 2020-03-29T01:30:00Z",
        "yyyy-MM-dd HH:mm VV, 2020-03-29 02:30 Europe/Berlin, ",
        "yyyy-DDD, 2020-060, 2020-02-29T00:00:00Z",
        "yyyy-MM-dd HH 'o''clock SSS' e, 2020-07-05 14 o'clock SSS 1, 2020-07-05T14:00:00Z",
    })
    void takesPatterns(String pattern, String text, String instant) {
        Object expected = instant == null ? "not-castable" : micros(instant);
        assertThat(cast(Primitive.TIMESTAMP, "UTC", '"' + text + '"', pattern)).isEqualTo(expected);
    }

    @Test
    void takesTheFirstFormatThatFits() {
        String[] formats = {"yyyyMMdd", "epoch_s", "yyyy-MM-dd HH:mm"};
        assertThat(cast(Primitive.TIMESTAMP, "UTC", "20200705", formats)).isEqualTo(micros("2020-07-05T00:00:00Z"));
        assertThat(cast(Primitive.TIMESTAMP, "UTC", "20209999", formats)).isEqualTo(20_209_999_000_000L);
        assertThat(cast(Primitive.TIMESTAMP, "UTC", "\"2020-07-05 01:02\"", formats))
                .isEqualTo(micros("2020-07-05T01:02:00Z"));
        Reading reading =
                Reading.of("{\"a\":\"x\"}", Reading.table(Reading.timed(Primitive.TIMESTAMP, "UTC", formats)));
        assertThat(reading.rejected().get(0).sentence())
                .isEqualTo("The column a does not take \"x\": it cannot become timestamp"
                        + " (formats yyyyMMdd, epoch_s, yyyy-MM-dd HH:mm) without loss.");
    }

    @ParameterizedTest
    @CsvSource({
        "epoch_s, 1593959565, 1593959565000000",
        "epoch_s, 1593959565.407110, 1593959565407110",
        "epoch_s, -0.000001, -1",
        "epoch_s, 1.593959565e9, 1593959565000000",
        "epoch_s, 1593959565.4071101, ",
        "epoch_ms, 1593959565407, 1593959565407000",
        "epoch_ms, 1593959565407.11, 1593959565407110",
        "epoch_us, 1593959565407110, 1593959565407110",
        "epoch_us, 1593959565407110.0, 1593959565407110",
        "epoch_us, 0.5, ",
        "epoch_s, 253402300799.999999, 253402300799999999",
        "epoch_s, 253402300800, ",
        "epoch_s, -62135596800, -62135596800000000",
        "epoch_s, -62135596800.000001, ",
        "epoch_s, 1e300, ",
    })
    void takesEpochs(String format, String number, Long micros) {
        Object expected = micros == null ? "not-castable" : micros;
        assertThat(cast(Primitive.TIMESTAMP, "Europe/Berlin", number, format)).isEqualTo(expected);
        assertThat(cast(Primitive.TIMESTAMP, "Europe/Berlin", '"' + number + '"', format))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        ", 2020-07-05, 2020-07-05",
        ", 0001-01-01, 0001-01-01",
        ", 9999-12-31, 9999-12-31",
        ", 2020-02-30, ",
        ", 2020-7-5, ",
        ", 2020-07-05T00:00:00, ",
        ", 0000-12-31, ",
        "dd.MM.yyyy, 05.07.2020, 2020-07-05",
        "d.M.yyyy, 5.7.2020, 2020-07-05",
        "yyyy-MM-dd HH:mm:ss, 2020-07-05 00:00:00, 2020-07-05",
        "yyyy-MM-dd HH:mm:ss, 2020-07-05 00:00:01, ",
        "epoch_s, 1593907200, 2020-07-05",
        "epoch_s, 1593907201, ",
    })
    void takesDates(String format, String text, String date) {
        String[] formats = format == null ? new String[0] : new String[] {format};
        Object expected =
                date == null ? "not-castable" : (int) LocalDate.parse(date).toEpochDay();
        assertThat(cast(Primitive.DATE, "UTC", '"' + text + '"', formats)).isEqualTo(expected);
    }

    @Test
    void takesTheDayThatBeginsInTheColumnsZone() {
        assertThat(cast(Primitive.DATE, "Europe/Berlin", "1593900000", "epoch_s"))
                .isEqualTo((int) LocalDate.parse("2020-07-05").toEpochDay());
        assertThat(cast(Primitive.DATE, "UTC", "20200705", "yyyyMMdd"))
                .isEqualTo((int) LocalDate.parse("2020-07-05").toEpochDay());
    }

    @Test
    void countsDaysAsTheCalendarDoes() {
        TimeFields fields = new TimeFields();
        for (LocalDate day = LocalDate.of(1, 1, 1); day.getYear() <= 9999; day = day.plusDays(97)) {
            fields.clear();
            fields.year = day.getYear();
            fields.month = day.getMonthValue();
            fields.day = day.getDayOfMonth();
            assertThat(fields.epochDay()).isEqualTo(day.toEpochDay());
        }
    }

    @Test
    void refusesAPatternThatIsNone() {
        assertThatThrownBy(() -> JavaPattern.compile("yyyy-bb"))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("Invalid format: \"yyyy-bb\" (")
                .hasMessageEndingWith("Use a pattern such as yyyy-MM-dd HH:mm:ss, or epoch_s, epoch_ms or epoch_us.");
    }

    private static Object cast(Primitive type, String zone, String json, String... formats) {
        Reading reading = Reading.of("{\"a\":" + json + "}", Reading.table(Reading.timed(type, zone, formats)));
        assertThat(reading.items()).hasSize(1);
        return reading.rejected().isEmpty()
                ? reading.rows().get(0)
                : reading.reasons().get(0);
    }

    private static long micros(String instant) {
        Instant parsed = Instant.parse(instant);
        return parsed.getEpochSecond() * 1_000_000 + parsed.getNano() / 1_000;
    }
}

package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Layout;
import dev.eightbells.samples.Generated.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorTest {
    private static final Instant FROM = Instant.parse("2026-11-21T22:00:00Z");
    private static final int HOURS = 5;
    private static final long EVENTS = 3_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void writesTheSameBytesForTheSameArguments(Sample sample) {
        Generated once = generate(sample, "once", 7);
        Generated again = generate(sample, "again", 7);

        Map<String, byte[]> files = stored("once");
        assertThat(again).isEqualTo(once);
        assertThat(stored("again").keySet()).isEqualTo(files.keySet());
        stored("again").forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(files.get(name)));
    }

    @ParameterizedTest
    @EnumSource
    void writesOtherFilesForAnotherSeed(Sample sample) {
        generate(sample, "once", 7);
        generate(sample, "other", 8);

        assertThat(stored("once").keySet())
                .doesNotContainAnyElementsOf(stored("other").keySet());
    }

    @ParameterizedTest
    @EnumSource
    void leavesFilesAloneThatAreThereAlready(Sample sample) throws IOException {
        Generated once = generate(sample, "once", 7);
        Path file = new RawData(folder.resolve("once")).files().get(0);
        FileTime longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, longAgo);

        assertThat(generate(sample, "once", 7)).isEqualTo(once);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
        assertThat(stored("once")).hasSize((int) once.files());
    }

    @ParameterizedTest
    @EnumSource
    void writesAFileAgainThatSomebodyChanged(Sample sample) throws IOException {
        generate(sample, "once", 7);
        Path file = new RawData(folder.resolve("once")).files().get(0);
        byte[] right = Files.readAllBytes(file);
        Files.writeString(file, "wrong");

        generate(sample, "once", 7);

        assertThat(file).hasBinaryContent(right);
    }

    @ParameterizedTest
    @EnumSource
    void countsFilesAndTheirBytes(Sample sample) {
        Generated generated = generate(sample, "once", 7);

        RawData data = new RawData(folder.resolve("once"));
        assertThat(generated.files()).isEqualTo(data.files().size());
        assertThat(generated.bytes())
                .isEqualTo(data.stored().values().stream()
                        .mapToLong(bytes -> bytes.length)
                        .sum());
        assertThat(generated.uncompressedBytes())
                .isEqualTo(data.files().stream()
                        .mapToLong(file -> RawData.content(file).length)
                        .sum());
        assertThat(data.files()).anyMatch(file -> file.toString().endsWith(".gz"));
        assertThat(data.files()).anyMatch(file -> !file.toString().endsWith(".gz"));
    }

    @ParameterizedTest
    @EnumSource
    void letsExactlyTheEventsHappenThatWereAskedFor(Sample sample) {
        Counts counts = generate(sample, "once", 7).counts();

        assertThat(counts.written() + counts.quarantined()).isEqualTo(EVENTS);
        assertThat(counts.read()).isEqualTo(EVENTS + counts.duplicates());
    }

    @ParameterizedTest
    @EnumSource
    void addsTheHoursUp(Sample sample) {
        Generated generated = generate(sample, "once", 7);

        assertThat(generated.hours()).hasSize(HOURS);
        assertThat(generated.hours().firstKey()).isEqualTo(FROM);
        Counts first = generated.between(FROM, FROM.plusSeconds(2 * 3600));
        Counts rest = generated.between(FROM.plusSeconds(2 * 3600), FROM.plusSeconds(HOURS * 3600));
        assertThat(first.read()).isPositive();
        assertThat(first.plus(rest)).isEqualTo(generated.counts());
    }

    @ParameterizedTest
    @EnumSource
    void namesFilesAsFirehoseDoes(Sample sample) {
        generate(sample, "once", 7);

        String time = "\\d{4}-\\d{2}-\\d{2}-\\d{2}-\\d{2}-\\d{2}";
        String uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
        for (String name : stored("once").keySet()) {
            String file = name.substring(name.lastIndexOf('/') + 1);
            assertThat(file).matches("stream-1-" + time + "-" + uuid + "(\\.gz)?");
            String begun = file.substring("stream-1-".length(), "stream-1-yyyy-MM-dd-HH".length());
            assertThat(name.substring(0, name.length() - file.length()))
                    .isEqualTo(sample.layout().equals(Layout.FLAT) ? "" : begun.replace('-', '/') + "/");
        }
    }

    @ParameterizedTest
    @EnumSource
    void startsWithinAnHourAsWellAsOnIt(Sample sample) {
        Instant from = Instant.parse("2026-11-21T22:40:11.5Z");
        Generated generated = sample.generator().generate(folder.resolve("once"), from, 1, 100, 1);

        assertThat(generated.hours().firstKey()).isEqualTo(Instant.parse("2026-11-21T22:00:00Z"));
        assertThat(generated.hours().lastKey()).isEqualTo(Instant.parse("2026-11-21T23:00:00Z"));
        assertThat(generated.counts().read()).isBetween(100L, 110L);
    }

    @ParameterizedTest
    @EnumSource
    void generatesASingleEvent(Sample sample) {
        Generated generated = sample.generator().generate(folder.resolve("once"), FROM, 1, 1, 1);

        assertThat(generated.files()).isEqualTo(1);
        assertThat(generated.counts()).isEqualTo(new Counts(1, 1, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "WEB_EVENTS, 0001-01-01T00:00:00Z",
        "WIND_FARM, 1815-06-18T09:00:00Z",
        "VACCINATIONS, 9999-12-30T21:00:00Z"
    })
    void knowsEveryYear(Sample sample, Instant from) {
        Generated generated = sample.generator().generate(folder.resolve("once"), from, 2, 500, 1);

        assertThat(generated.hours().firstKey()).isEqualTo(from);
        assertThat(generated.counts().read()).isGreaterThanOrEqualTo(500);
    }

    @Test
    void refusesWhatMakesNoSense() {
        Generator generator = Sample.WEB_EVENTS.generator();

        assertThatThrownBy(() -> generator.generate(folder, FROM, 0, 1, 1))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot generate 0 hours of data: ask for 1 or more.");
        assertThatThrownBy(() -> generator.generate(folder, FROM, 1, 0, 1))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot generate 0 events: ask for 1 or more.");
        assertThatThrownBy(() -> generator.generate(folder, Instant.MAX, 1, 1, 1))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot generate 1 hours from +1000000000-12-31T23:59:59.999999999Z: folders have room for "
                        + "the years 0001 to 9999. Choose an instant within them.");
        assertThatThrownBy(() -> Sample.VACCINATIONS.generator().generate(folder, FROM, 1, 1L << 40, 1))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot generate 1099511627776 vaccination rows before 2026-11-21T22:00:00Z: there are "
                        + Countries.ALL.size() + " a day, and the calendar begins in the year 1. Ask for fewer.");
        assertThatThrownBy(() -> Sample.WIND_FARM.generator().generate(folder, FROM, 1, 1L << 40, 1))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot generate 1099511627776 events in 1 hours: three sensors have no more than "
                        + "2,700,000,000 an hour. Ask for fewer, or more hours.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Sample.WEB_EVENTS.generator().generate(file, FROM, 1, 1, 1))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT))
                .hasMessageStartingWith("Cannot write the generated files to " + file + ": ")
                .hasMessageEndingWith(". Choose a folder that you may write to, with room for them.");
    }

    @Test
    void beginsAnotherFileBeforeOneGrowsTooLarge() throws IOException {
        byte[] megabyte = new byte[1 << 20];
        try (RawFiles files = new RawFiles(folder, Layout.FIREHOSE, new Dice(1))) {
            for (int record = 0; record < 70; record++) {
                files.append(record, megabyte, megabyte.length);
            }
            files.complete();
            assertThat(files.files()).isEqualTo(2);
            assertThat(files.uncompressedBytes()).isEqualTo(70L << 20);
        }
    }

    @Test
    void leavesNoHalfFileBehind() throws IOException {
        try (RawFiles files = new RawFiles(folder, Layout.FLAT, new Dice(1))) {
            files.append(0, new byte[10], 10);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void findsSamplesByTheirNames() {
        assertThat(Sample.values()).extracting(Sample::id).containsExactly("web-events", "wind-farm", "vaccinations");
        assertThat(Sample.named("wind-farm")).isEqualTo(Sample.WIND_FARM);
        assertThatThrownBy(() -> Sample.named("windfarm"))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot find a sample named windfarm: there are web-events, wind-farm, vaccinations. "
                        + "Name one of these.");
    }

    private Generated generate(Sample sample, String out, long seed) {
        return sample.generator().generate(folder.resolve(out), FROM, HOURS, EVENTS, seed);
    }

    private Map<String, byte[]> stored(String out) {
        return new RawData(folder.resolve(out)).stored();
    }
}

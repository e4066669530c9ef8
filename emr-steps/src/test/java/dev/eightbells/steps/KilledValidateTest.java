package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.ChildRun.Death;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wherever a process dies while rows are judged, each row is in the end published or in quarantine, once. */
@ExtendWith(LocalServices.class)
class KilledValidateTest {
    private static final String BATCH = "20260302T0400Z";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 0, ColumnValues \"amount\" >= 10, IsUnique \"id\" ]'"));
        String events = IntStream.range(0, 100)
                .mapToObj(number -> Site.event("e" + number, "2026-03-0" + (1 + number % 2) + "T01:00:00Z", number))
                .collect(Collectors.joining());
        site.deliver("2026-03-02T01", "a", events + "oops\n" + Site.event("e5", "2026-03-02T01:00:00Z", 50));
    }

    private void dieIn(Death death, String key) throws Exception {
        Process child = ChildRun.start(site, death, key);
        try {
            Instant end = Instant.now().plus(PATIENCE);
            while (!Files.exists(site.word("ready"))) {
                assertThat(Instant.now()).isBefore(end);
                Thread.sleep(5);
            }
            ChildRun.go(site);
            assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).as(Files.readString(site.output())).isEqualTo(137);
        } finally {
            child.destroyForcibly();
        }
    }

    @ParameterizedTest(name = "killed {0} {1} is created")
    @CsvSource({"BEFORE, /validate.json, 2 PASSED", "BEFORE, /published.json, 1 PASSED"})
    void theNextRunGoesOnWhereTheKilledOneWas(Death death, String key, String judgement) throws Exception {
        assertThatTheNextRunGoesOn(death, key, judgement);
    }

    /** What the next attempt finds here is what it finds in the other test, but for what nobody reads again. */
    @ParameterizedTest(name = "killed {0} {1} is created")
    @CsvSource({"BEFORE, quality/20260302T0400Z/1.json, 2 PASSED", "AFTER, /validate.json, 1 PASSED"})
    @Tag("soak")
    void theNextRunGoesOnWhereTheKilledOneWasBeforeAndAfterIt(Death death, String key, String judgement)
            throws Exception {
        assertThatTheNextRunGoesOn(death, key, judgement);
    }

    private void assertThatTheNextRunGoesOn(Death death, String key, String judgement) throws Exception {
        dieIn(death, key);
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .startsWith(
                        BATCH + "        read 102 = written 90 + duplicates 0 + quarantined 12;"
                                + " 1 of 3 rules failed, 10 rows quarantined by rules, and 1 duplicate of such rows with them\n");
        assertThat(site.rows("id")).hasSize(90).doesNotHaveDuplicates();
        assertThat(site.quarantine(BATCH)).hasSize(1);
        assertThat(site.quarantine(BATCH, "validate"))
                .filteredOn(record -> record.has("row"))
                .extracting(record -> record.at("/row/id").asText())
                .hasSize(10)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(site.rows("id"));
        assertThat(site.quarantine(BATCH, "validate"))
                .filteredOn(record -> record.get("reason").asText().equals("duplicate-of-rejected"))
                .hasSize(1);
        assertThat(site.notesOfDuplicates()).isEmpty();
        assertThat(site.judgements()).containsExactly(judgement);
        assertThat(site.commits()).isEqualTo(1);
        assertThat(site.tags()).isEmpty();
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }
}

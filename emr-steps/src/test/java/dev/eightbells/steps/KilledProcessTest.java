package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.ChildRun.Death;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wherever a process dies, the same command at once gives what it would have given, once. */
@ExtendWith(LocalServices.class)
class KilledProcessTest {
    private static final String BATCH = "20260302T0400Z";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private Site site;
    private Process child;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        String events = IntStream.range(0, 300)
                .mapToObj(number -> Site.event("e" + number, "2026-03-02T01:00:00Z", number))
                .collect(Collectors.joining());
        site.deliver("2026-03-02T01", "a", events + "oops\n");
        site.deliver("2026-03-02T02", "b.gz", Site.gzip(events));
    }

    @AfterEach
    void leaveNoProcessBehind() {
        child.destroyForcibly();
    }

    private void start(Death death, String key) throws Exception {
        this.child = ChildRun.start(site, death, key);
        await(site.word("ready"));
    }

    private void await(Path file) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!Files.exists(file)) {
            assertThat(Instant.now())
                    .as("%s is not there; the process said: %s", file, said())
                    .isBefore(end);
            assertThat(child.isAlive()).as("alive; it said: %s", said()).isTrue();
            Thread.sleep(5);
        }
    }

    private String said() throws IOException {
        return Files.exists(site.output()) ? Files.readString(site.output()) : "nothing";
    }

    private int exitCode() throws Exception {
        assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return child.exitValue();
    }

    /** Nobody waits for a lease here: the clock stands still, and only a look at the process tells that it is gone. */
    private void assertTheNextRunFinishesTheBatch() throws IOException {
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith(BATCH + "        read 601 = written 300 + duplicates 300 + quarantined 1");
        assertThatTheRowsAreRight();
        assertThat(site.json("batches/" + BATCH + "/attempts/2.json")
                        .at("/end/exitCode")
                        .asInt(-1))
                .isZero();
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }

    private void assertThatTheRowsAreRight() throws IOException {
        assertThat(site.rows("id")).hasSize(300).doesNotHaveDuplicates();
        assertThat(site.rows("source_object"))
                .containsOnly(site.raw("2026/03/02/01/a").toString());
        assertThat(site.quarantine(BATCH)).hasSize(1);
        assertThat(site.commits()).isEqualTo(1);
        assertThat(site.tags()).isEmpty();
    }

    @ParameterizedTest(name = "killed {0} {1} is created")
    @CsvSource({"BEFORE, convert.json", "AFTER, convert.json", "BEFORE, published.json", "AFTER, published.json"})
    void theNextRunGoesOnWhereTheKilledOneWas(Death death, String key) throws Exception {
        start(death, "/" + key);
        ChildRun.go(site);
        assertThat(exitCode()).as(said()).isEqualTo(137);
        boolean isMade = death == Death.AFTER;
        assertThat(Files.exists(site.lake("batches/" + BATCH + "/" + key))).isEqualTo(isMade);
        if (key.equals("published.json") && isMade) {
            assertThatTheMarkerIsEnough();
        } else {
            assertTheNextRunFinishesTheBatch();
        }
    }

    /** A published batch is not open; what is left of it is dropped by whoever converts it again. */
    private void assertThatTheMarkerIsEnough() throws IOException {
        assertThat(site.command("run").out()).startsWith("Nothing new");
        Result result = site.command("convert", "--batch", BATCH);
        assertThat(result)
                .isEqualTo(new Result(
                        0,
                        BATCH + "        read 601 = written 300 + duplicates 300 + quarantined 1  (already done)\n",
                        ""));
        assertThatTheRowsAreRight();
    }

    @ParameterizedTest(name = "killed {0} {1} is created")
    @CsvSource({"AFTER, published.json", "BEFORE, sessionize.json"})
    void sessionsAreMadeOnceWhereverTheRunIsKilled(Death death, String key) throws Exception {
        site.define(Site.VISITS);
        Visits.deliver(
                site,
                "visits",
                List.of(
                        Visits.Event.of("a", "anna", "2026-03-01T23:50:00Z"),
                        Visits.Event.of("b", "anna", "2026-03-02T00:10:00Z"),
                        Visits.Event.of("c", "bosun", "2026-03-02T00:10:00Z")));
        start(death, "/" + key);
        ChildRun.go(site);
        assertThat(exitCode()).as(said()).isEqualTo(137);
        assertThat(site.lake("batches/" + BATCH + "/sessionize.json")).doesNotExist();

        assertThat(site.command("run").out())
                .contains("sessions: 2 new, 0 extended, 0 bridged, 300 events without visitor or time");
        assertThat(site.sessionRows()).hasSize(2).isEqualTo(Visits.expected(site));
        assertThat(site.session()
                        .spark()
                        .table(site.sessionsName() + ".history")
                        .count())
                .isEqualTo(1);
        assertThat(site.json("batches/" + BATCH + "/sessionize.json")
                        .get("attempt")
                        .asInt())
                .isEqualTo(death == Death.BEFORE ? 1 : 2);
    }

    @Test
    void theNextRunTakesOverFromOneThatWasKilledInTheMiddle() throws Exception {
        start(Death.NEVER, "");
        ChildRun.go(site);
        await(site.lake("batches/" + BATCH + "/attempts/1.json"));
        child.destroyForcibly();
        assertThat(exitCode()).as(said()).isEqualTo(137);
        assertThat(site.lake("batches/" + BATCH + "/convert.json")).doesNotExist();
        assertTheNextRunFinishesTheBatch();
        assertThat(site.json("batches/" + BATCH + "/attempts/1.json")
                        .get("supersededBy")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void ofTwoProcessesOnOneWindowOneWorksAndTheOtherIsTurnedAwayOrFindsItDone() throws Exception {
        start(Death.NEVER, "");
        site.session().spark();
        CompletableFuture<Result> here = CompletableFuture.supplyAsync(() -> site.command("run"));
        ChildRun.go(site);
        List<Integer> exitCodes = Stream.of(
                        here.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exitCode(), exitCode())
                .sorted()
                .toList();
        assertThat(exitCodes.get(0)).isZero();
        assertThat(exitCodes.get(1)).as(said()).isIn(0, 4);
        assertThatTheRowsAreRight();
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }
}

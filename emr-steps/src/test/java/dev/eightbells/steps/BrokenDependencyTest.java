package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is broken on our side is never told as bad data. */
@ExtendWith(LocalServices.class)
class BrokenDependencyTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    void aBatchThatCannotBeMeasuredIsNotStoppedAndPassesOnceItCan(Session session) throws Exception {
        Site site = new Site(folder, session);
        site.define(Site.shopWith("rules: 'Rules = [ Mean \"amount\" > 0 ]'"));
        site.deliver("2026-03-02T01", "a", Site.event("e1", "2026-03-01T01:00:00Z", 7));

        assertThat(exitCodeWithout("deequ-", site))
                .as(Files.readString(site.output()))
                .isEqualTo(1);
        assertThat(Files.readString(site.output()))
                .contains("Cannot judge batch 20260302T0400Z by the rule Mean \"amount\" > 0: ")
                .contains("This was not expected");
        assertThat(site.lake("batches/20260302T0400Z/stopped.json")).doesNotExist();
        assertThat(site.rows("id")).isEmpty();

        assertThat(site.command("run").exitCode()).isZero();
        assertThat(site.rows("id")).containsExactly("e1");
    }

    private static int exitCodeWithout(String jar, Site site) throws IOException, InterruptedException {
        Process child = ChildRun.startWithout(site, jar);
        try {
            Instant end = Instant.now().plus(PATIENCE);
            while (!Files.exists(site.word("ready"))) {
                assertThat(Instant.now()).isBefore(end);
                Thread.sleep(5);
            }
            ChildRun.go(site);
            assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return child.exitValue();
        } finally {
            child.destroyForcibly();
        }
    }
}

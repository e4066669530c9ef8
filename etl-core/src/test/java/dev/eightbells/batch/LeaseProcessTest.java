package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.store.LocalObjectStore;
import dev.eightbells.store.Location;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseProcessTest {
    private Attempts attempts;
    private Process working;

    @BeforeEach
    void startsAProcessThatHoldsTheLease(@TempDir Path lake) throws IOException {
        this.attempts = new Attempts(new LocalObjectStore(Location.of(lake.toString())), LeaseTest.MANIFEST.batch());
        this.working = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path", "")
                                + File.pathSeparator
                                + System.getProperty("surefire.test.class.path", ""),
                        LeaseProcess.class.getName(),
                        lake.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(working.inputReader().readLine()).isEqualTo("1");
    }

    @AfterEach
    void stopsIt() throws InterruptedException {
        working.destroyForcibly().waitFor();
    }

    @Test
    void holdsTheBatchWhileItRunsAndIsReplacedAtOnceWhenItIsKilled() throws InterruptedException {
        assertThatThrownBy(this::claim)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("attempt 1 (process " + working.pid() + " on ")
                .hasMessageContaining("holds it until ");

        working.destroyForcibly().waitFor();

        try (Lease lease = claim()) {
            assertThat(lease.attempt().attempt()).isEqualTo(2);
            assertThat(attempts.find(1).orElseThrow().supersededBy()).isEqualTo(2);
            assertThat(attempts.find(1).orElseThrow().end()).isNull();
        }
    }

    @Test
    void saysThatItWasStopped() throws InterruptedException {
        working.destroy();
        working.waitFor();

        Attempt.End end = attempts.find(1).orElseThrow().end();
        assertThat(end.exitCode()).isEqualTo(143);
        assertThat(end.kind()).isEqualTo(Failure.Kind.TRANSIENT);
        assertThat(end.sentence()).isEqualTo("Stopped from outside before it was done. Run it again.");
        try (Lease lease = claim()) {
            assertThat(lease.attempt().attempt()).isEqualTo(2);
        }
    }

    private Lease claim() {
        return attempts.claim(LeaseTest.MANIFEST, Owner.thisProcess(), LeaseTerms.standard(Clock.systemUTC()));
    }
}

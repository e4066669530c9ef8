package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.store.MemoryObjectStore;
import dev.eightbells.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LeaseTest {
    static final Owner OWNER = new Owner("deck", null, 4711, Instant.parse("2026-11-22T08:00:00Z"));

    private static final Owner OTHER = new Owner("deck", null, 4712, Instant.parse("2026-11-22T08:01:00Z"));
    static final Manifest MANIFEST = new Manifest(
            1,
            7,
            BatchId.parse("20261122T0800Z"),
            "web-events",
            "abc",
            Window.newestEndedBy(Instant.parse("2026-11-22T08:00:00Z"), Duration.ofHours(4)),
            Bounds.EVERYTHING,
            null,
            null,
            List.of(),
            null,
            0,
            null,
            null);

    private final ManualClock clock = new ManualClock("2026-11-22T08:20:00Z");
    private final ObjectStore lake = new MemoryObjectStore();
    private final Attempts attempts = new Attempts(lake, MANIFEST.batch());

    @Test
    void claimsTheFirstAttempt() {
        try (Lease lease = claim(OWNER)) {
            Attempt attempt = lease.attempt();

            assertThat(attempt.attempt()).isEqualTo(1);
            assertThat(attempt.number()).isEqualTo(7);
            assertThat(attempt.until()).isEqualTo("2026-11-22T08:25:00Z");
            assertThat(attempts.newest()).contains(attempt);
            lease.check();
        }
    }

    @Test
    void refusesABatchThatAnotherAttemptHolds() {
        try (Lease lease = claim(OWNER)) {
            assertThatThrownBy(() -> claim(OTHER))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT))
                    .hasMessage("Cannot work on batch 20261122T0800Z: attempt 1 (process 4711 on deck) holds it until"
                            + " 2026-11-22T08:25:00Z. Wait for it to end, or stop it, and run this again.");
            lease.check();
        }
    }

    @Test
    void holdsOnWhileItIsRenewed() {
        try (Lease lease = claim(OWNER)) {
            clock.advance(Duration.ofMinutes(4));
            lease.renew();
            clock.advance(Duration.ofMinutes(4));

            assertThatThrownBy(() -> claim(OTHER))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("holds it until 2026-11-22T08:29:00Z");
        }
    }

    @Test
    void isTakenOverWhenItHasExpired() {
        try (Lease zombie = claim(OWNER)) {
            clock.advance(Duration.ofMinutes(5));
            try (Lease second = claim(OTHER)) {
                assertThat(second.attempt().attempt()).isEqualTo(2);
                assertThat(attempts.find(1).orElseThrow().supersededBy()).isEqualTo(2);
                zombie.renew();

                assertThatThrownBy(zombie::check)
                        .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.kind())
                                .isEqualTo(Failure.Kind.CONFLICT))
                        .hasMessage(
                                "Cannot go on with batch 20261122T0800Z: attempt 2 has taken it over from attempt 1,"
                                        + " which was not heard of for too long. Let that one finish.");
                second.check();
            }
        }
    }

    @Test
    void asksTheStoreWhenItWasNotRenewedInTime() {
        try (Lease zombie = claim(OWNER)) {
            clock.advance(Duration.ofMinutes(6));
            try (Lease second = claim(OTHER)) {
                assertThatThrownBy(zombie::check)
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("attempt 2 has taken it over");
                second.check();
            }
        }
    }

    @Test
    void goesOnAfterAPauseInWhichNobodyTookItOver() {
        try (Lease lease = claim(OWNER)) {
            clock.advance(Duration.ofHours(1));
            lease.check();

            assertThat(attempts.newest().orElseThrow().until()).isEqualTo("2026-11-22T09:25:00Z");
        }
    }

    @Test
    void isTakenOverAtOnceWhenItsOwnerIsGone() {
        try (Lease dead = claim(OWNER);
                Lease second = attempts.claim(MANIFEST, OTHER, terms(clock, OWNER))) {
            assertThat(second.attempt().attempt()).isEqualTo(2);
            assertThat(attempts.find(1).orElseThrow().supersededBy()).isEqualTo(2);
            assertThat(dead.attempt().attempt()).isEqualTo(1);
        }
    }

    @Test
    void isFreeWhenItHasEnded() {
        try (Lease first = claim(OWNER)) {
            first.fail(Step.CONVERT, Failure.Kind.DATA, "Every record is malformed.");
        }
        try (Lease second = claim(OTHER)) {
            second.succeed(Step.CONVERT, "Published 990 rows.");
        }

        assertThat(attempts.all())
                .extracting(Attempt::end)
                .containsExactly(
                        new Attempt.End(
                                clock.instant(), Step.CONVERT, 3, Failure.Kind.DATA, "Every record is malformed."),
                        new Attempt.End(clock.instant(), Step.CONVERT, 0, null, "Published 990 rows."));
        assertThat(attempts.all()).extracting(Attempt::supersededBy).containsOnlyNulls();
    }

    @Test
    void saysThatItEndedWhenNobodySaidHow() {
        claim(OWNER).close();

        assertThat(attempts.newest().orElseThrow().end())
                .isEqualTo(new Attempt.End(clock.instant(), null, 1, Failure.Kind.BUG, "Ended without saying how."));
    }

    @Test
    void doesNotComeBackToLifeAfterItsEnd() {
        Lease lease = claim(OWNER);
        lease.succeed(Step.CONVERT, "Done.");
        clock.advance(Duration.ofMinutes(1));
        lease.renew();
        lease.fail(Step.CONVERT, Failure.Kind.BUG, "No.");
        lease.close();

        assertThat(attempts.newest().orElseThrow().end().sentence()).isEqualTo("Done.");
    }

    @Test
    void tellsHowASupersededAttemptEnded() {
        try (Lease zombie = claim(OWNER)) {
            clock.advance(Duration.ofMinutes(5));
            try (Lease second = claim(OTHER)) {
                zombie.fail(Step.CONVERT, Failure.Kind.CONFLICT, "Superseded.");

                Attempt first = attempts.find(1).orElseThrow();
                assertThat(first.supersededBy()).isEqualTo(2);
                assertThat(first.end().sentence()).isEqualTo("Superseded.");
                second.check();
            }
        }
    }

    @Test
    void renewsAfterAWriteWhoseAnswerWasLost() {
        try (Lease lease = claim(OWNER)) {
            ObjectStore.Content content =
                    lake.read("batches/20261122T0800Z/attempts/1.json").orElseThrow();
            assertThat(lake.replace("batches/20261122T0800Z/attempts/1.json", content.etag(), content.bytes()))
                    .isPresent();
            clock.advance(Duration.ofMinutes(1));
            lease.renew();

            assertThat(attempts.newest().orElseThrow().until()).isEqualTo("2026-11-22T08:26:00Z");
        }
    }

    @Test
    void beatsInTheBackground() throws InterruptedException {
        LeaseTerms quick =
                new LeaseTerms(Clock.systemUTC(), Duration.ofMillis(10), Duration.ofMinutes(5), owner -> false);
        try (Lease lease = attempts.claim(MANIFEST, OWNER, quick)) {
            Instant first = lease.attempt().until();
            Instant patience = Instant.now().plusSeconds(10);
            while (!attempts.newest().orElseThrow().until().isAfter(first)
                    && Instant.now().isBefore(patience)) {
                Thread.sleep(10);
            }

            assertThat(attempts.newest().orElseThrow().until()).isAfter(first);
        }
    }

    @Test
    void isHeldByOneOfManyThatClaimAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                Attempts contested =
                        new Attempts(lake, new BatchId(MANIFEST.window().end(), round + 2, BatchId.Kind.OBJECTS));
                Callable<Boolean> claim = () -> {
                    try {
                        contested.claim(MANIFEST, OWNER, terms(clock));
                        return true;
                    } catch (Failure conflict) {
                        assertThat(conflict.kind()).isEqualTo(Failure.Kind.CONFLICT);
                        return false;
                    }
                };
                int winners = 0;
                for (Future<Boolean> result : threads.invokeAll(Collections.nCopies(8, claim))) {
                    winners += result.get() ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void knowsWhetherAProcessIsGone() throws Exception {
        Owner here = Owner.thisProcess();
        Process process = new ProcessBuilder("sleep", "60").start();
        Owner running = new Owner(
                here.host(),
                here.space(),
                process.pid(),
                process.info().startInstant().orElseThrow());
        Owner elsewhere = new Owner("another-host", here.space(), process.pid(), running.started());
        Owner reused = new Owner(
                here.host(), here.space(), process.pid(), running.started().minusSeconds(3600));

        assertThat(here.isGone(here)).isFalse();
        assertThat(running.isGone(here)).isFalse();
        assertThat(reused.isGone(here)).isTrue();
        process.destroyForcibly().waitFor();
        assertThat(running.isGone(here)).isTrue();
        assertThat(elsewhere.isGone(here)).isFalse();
    }

    private Lease claim(Owner owner) {
        return attempts.claim(MANIFEST, owner, terms(clock));
    }

    static LeaseTerms terms(Clock clock, Owner... gone) {
        return new LeaseTerms(clock, Duration.ofHours(1), Duration.ofMinutes(5), List.of(gone)::contains);
    }
}

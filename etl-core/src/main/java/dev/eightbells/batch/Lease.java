package dev.eightbells.batch;

import dev.eightbells.Failure;
import dev.eightbells.store.ObjectStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to work on a batch, renewed in the background until it is closed or the process ends. It saves work and is no
 * guard: a process that was superseded without noticing is stopped by the table's commit.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final int TERMINATED = 143;

    private final ObjectStore lake;
    private final LeaseTerms terms;
    private final ScheduledExecutorService heart;
    private final Thread atShutdown = new Thread(this::endByShutdown, "eightbells-lease-end");
    private Attempt attempt;
    private String etag;

    private Lease(ObjectStore lake, Attempt attempt, String etag, LeaseTerms terms) {
        this.lake = lake;
        this.attempt = attempt;
        this.etag = etag;
        this.terms = terms;
        this.heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "eightbells-lease-" + attempt.batch());
            thread.setDaemon(true);
            return thread;
        });
    }

    static Lease start(ObjectStore lake, Attempt attempt, String etag, LeaseTerms terms) {
        Lease lease = new Lease(lake, attempt, etag, terms);
        long nanos = terms.renewal().toNanos();
        Future<?> beating = lease.heart.scheduleWithFixedDelay(lease::renewQuietly, nanos, nanos, TimeUnit.NANOSECONDS);
        LOG.debug("Holding attempt {} at batch {} ({})", attempt.attempt(), attempt.batch(), beating);
        Runtime.getRuntime().addShutdownHook(lease.atShutdown);
        return lease;
    }

    /** The attempt as it was last written. */
    public synchronized Attempt attempt() {
        return attempt;
    }

    /**
     * Call this before work that another attempt would repeat.
     *
     * @throws Failure of kind CONFLICT when another attempt has taken the batch over
     */
    public synchronized void check() {
        // Asked of the store and not of this machine's clock, which another one need not agree with.
        renew();
        if (attempt.supersededBy() != null) {
            throw Failure.conflict("Cannot go on with batch " + attempt.batch() + ": attempt " + attempt.supersededBy()
                    + " has taken it over from attempt " + attempt.attempt()
                    + ", which was not heard of for too long. Let that one finish.");
        }
    }

    /** Writes that the attempt succeeded, as far as that is possible. */
    public void succeed(Step step, String sentence) {
        end(step, 0, null, sentence);
    }

    /** Writes how the attempt failed, as far as that is possible. */
    public void fail(Step step, Failure.Kind kind, String sentence) {
        end(step, kind.exitCode(), kind, sentence);
    }

    /** Stops renewing. An attempt that has not said how it ended says that it ended. */
    @Override
    public void close() {
        end(null, Failure.Kind.BUG.exitCode(), Failure.Kind.BUG, "Ended without saying how.");
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown);
        } catch (IllegalStateException alreadyShuttingDown) {
            LOG.debug("The process is ending already", alreadyShuttingDown);
        }
    }

    /** Renews the lease once. */
    synchronized void renew() {
        if (attempt.end() == null && attempt.supersededBy() == null) {
            write(attempt.renewed(terms.clock().instant().plus(terms.expiry())));
        }
    }

    /** Writes how the attempt ended, once. */
    private synchronized void end(Step step, int exitCode, Failure.Kind kind, String sentence) {
        heart.shutdownNow();
        if (attempt.end() != null) {
            return;
        }
        Instant now = terms.clock().instant();
        Attempt ended = attempt.ended(new Attempt.End(now, step, exitCode, kind, sentence));
        try {
            write(ended);
        } catch (RuntimeException unreachable) {
            // What the attempt has done stands in markers; this is only the story of it.
            LOG.warn("Cannot write how attempt {} at batch {} ended", attempt.attempt(), attempt.batch(), unreachable);
        }
        if (attempt.end() == null) {
            this.attempt = ended;
        }
    }

    private void endByShutdown() {
        end(null, TERMINATED, Failure.Kind.TRANSIENT, "Stopped from outside before it was done. Run it again.");
    }

    private void renewQuietly() {
        try {
            renew();
        } catch (RuntimeException unreachable) {
            LOG.warn(
                    "Cannot renew the lease of batch {} now; trying again",
                    attempt().batch(),
                    unreachable);
        }
    }

    /** Writes the attempt unless another one has superseded it, in which case that is remembered. */
    private void write(Attempt next) {
        String key = LakeLayout.attempt(next.batch(), next.attempt());
        byte[] content = LedgerJson.bytes(next);
        Optional<String> written = lake.replace(key, etag, content);
        if (written.isEmpty()) {
            ObjectStore.Content found = lake.read(key)
                    .orElseThrow(() -> Failure.conflict("Cannot go on with batch " + next.batch() + ": "
                            + lake.location().resolve(key) + " is gone. Run it again."));
            Attempt present = LedgerJson.read(
                    found.bytes(), Attempt.class, lake.location().resolve(key));
            if (present.supersededBy() != null) {
                LOG.warn("Attempt {} has taken batch {} over", present.supersededBy(), next.batch());
                this.attempt = next.end() == null ? present : present.ended(next.end());
                written = next.end() == null
                        ? Optional.of(found.etag())
                        : lake.replace(key, found.etag(), LedgerJson.bytes(this.attempt));
                this.etag = written.orElse(found.etag());
                return;
            }
            // The store may have lost the answer to an earlier write of ours.
            written = lake.replace(key, found.etag(), content);
        }
        if (written.isPresent()) {
            this.etag = written.get();
            this.attempt = next;
        }
    }
}

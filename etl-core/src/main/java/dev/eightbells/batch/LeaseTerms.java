package dev.eightbells.batch;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How leases are held.
 *
 * @param clock what time it is
 * @param renewal how often a lease is renewed
 * @param expiry how long a lease holds after it was last renewed
 * @param isGone whether an owner is known to be gone
 */
public record LeaseTerms(Clock clock, Duration renewal, Duration expiry, Predicate<Owner> isGone) {
    /** Renewed every minute, expiring after five. */
    public static LeaseTerms standard(Clock clock) {
        Owner here = Owner.thisProcess();
        return new LeaseTerms(clock, Duration.ofMinutes(1), Duration.ofMinutes(5), owner -> owner.isGone(here));
    }
}

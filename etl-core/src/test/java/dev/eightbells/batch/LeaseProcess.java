package dev.eightbells.batch;

import dev.eightbells.store.LocalObjectStore;
import dev.eightbells.store.Location;
import java.time.Clock;

/** Claims a batch, says so, and works until it is stopped: its argument is the lake. */
final class LeaseProcess {
    private LeaseProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        Attempts attempts = new Attempts(new LocalObjectStore(Location.of(arguments[0])), LeaseTest.MANIFEST.batch());
        try (Lease lease =
                attempts.claim(LeaseTest.MANIFEST, Owner.thisProcess(), LeaseTerms.standard(Clock.systemUTC()))) {
            System.out.println(lease.attempt().attempt());
            Thread.sleep(600_000);
        }
    }
}

package dev.eightbells.batch;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process.
 *
 * @param host the name of its machine
 * @param pid its number there
 * @param started when it started, which tells it from a later one with the same number; null when unknown
 */
public record Owner(String host, long pid, Instant started) implements Serializable {
    /** The start of a process is reckoned from the machine's, which a clock adjustment can move a little. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    /** This process. */
    public static Owner thisProcess() {
        ProcessHandle process = ProcessHandle.current();
        try {
            return new Owner(
                    InetAddress.getLocalHost().getHostName(),
                    process.pid(),
                    process.info().startInstant().orElse(null));
        } catch (IOException noName) {
            throw new UncheckedIOException("Cannot find the name of this machine: " + noName.getMessage(), noName);
        }
    }

    /** Whether this process is known to be gone: it was on the same machine as {@code here}, and is there no more. */
    boolean isGone(Owner here) {
        if (!host.equals(here.host)) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return true;
        }
        return started != null
                && process.get()
                        .info()
                        .startInstant()
                        .filter(this::isAnotherStart)
                        .isPresent();
    }

    private boolean isAnotherStart(Instant other) {
        return Duration.between(started, other).abs().compareTo(TOLERANCE) > 0;
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host;
    }
}

package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A process.
 *
 * @param host the name of its machine
 * @param space which of the machine's spaces of process numbers it is in (a container has one of its own); null where
 *     there is only one
 * @param pid its number there
 * @param started when it started, which tells it from a later one with the same number; null when unknown
 */
public record Owner(String host, @JsonInclude(JsonInclude.Include.NON_NULL) String space, long pid, Instant started)
        implements Serializable {
    /** The start of a process is reckoned from the machine's, which a clock adjustment can move a little. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private static final Path LINUX_HOST = Path.of("/proc/sys/kernel/hostname");
    private static final Path LINUX_SPACE = Path.of("/proc/self/ns/pid");

    /** This process. */
    public static Owner thisProcess() {
        ProcessHandle process = ProcessHandle.current();
        try {
            return new Owner(
                    thisHost(),
                    Files.isSymbolicLink(LINUX_SPACE)
                            ? Files.readSymbolicLink(LINUX_SPACE).toString()
                            : null,
                    process.pid(),
                    process.info().startInstant().orElse(null));
        } catch (IOException noName) {
            throw new UncheckedIOException("Cannot find the name of this machine: " + noName.getMessage(), noName);
        }
    }

    /** Whether this process is known to be gone: it was on the same machine as {@code here}, and is there no more. */
    boolean isGone(Owner here) {
        if (!host.equals(here.host) || !Objects.equals(space, here.space)) {
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

    /** Asked without the network where that is possible: a container's name may be known to no name server. */
    private static String thisHost() throws IOException {
        return Files.isReadable(LINUX_HOST)
                ? Files.readString(LINUX_HOST).strip()
                : InetAddress.getLocalHost().getHostName();
    }

    private boolean isAnotherStart(Instant other) {
        return Duration.between(started, other).abs().compareTo(TOLERANCE) > 0;
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host;
    }
}

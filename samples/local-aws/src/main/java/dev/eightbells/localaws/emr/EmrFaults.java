package dev.eightbells.localaws.emr;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is to go wrong with the next requests. Operations are named as in EMR's API, e.g. {@code AddJobFlowSteps}. The faults
 * of an operation happen in the order in which they were asked for, each once, to one request each. Safe for use by many
 * threads.
 */
public final class EmrFaults {
    private final Map<String, Deque<Fault>> planned = new HashMap<>();
    private final Set<String> denied = new HashSet<>();

    EmrFaults() {}

    /** How a request goes wrong. */
    enum Fault {
        THROTTLED,
        FAILED_BEFORE,
        FAILED_AFTER,
        DROPPED_BEFORE,
        DROPPED_AFTER;

        /** Whether the request is carried out all the same. */
        boolean isAfter() {
            return this == FAILED_AFTER || this == DROPPED_AFTER;
        }
    }

    /** Throttles the next requests instead of carrying them out. */
    public void throttle(String operation, int times) {
        for (int time = 0; time < times; time++) {
            plan(operation, Fault.THROTTLED);
        }
    }

    /** Answers the next request with an internal error instead of carrying it out. */
    public void failBefore(String operation) {
        plan(operation, Fault.FAILED_BEFORE);
    }

    /** Carries the next request out, and answers with an internal error. */
    public void failAfter(String operation) {
        plan(operation, Fault.FAILED_AFTER);
    }

    /** Closes the connection instead of carrying the next request out. */
    public void dropBefore(String operation) {
        plan(operation, Fault.DROPPED_BEFORE);
    }

    /** Carries the next request out, and closes the connection before it answers: the answer is lost. */
    public void dropAfter(String operation) {
        plan(operation, Fault.DROPPED_AFTER);
    }

    /** Denies all requests of an operation until the reset. */
    public synchronized void deny(String operation) {
        denied.add(Objects.requireNonNull(operation, "operation"));
    }

    /** Forgets what is to go wrong. */
    public synchronized void reset() {
        planned.clear();
        denied.clear();
    }

    private synchronized void plan(String operation, Fault fault) {
        planned.computeIfAbsent(Objects.requireNonNull(operation, "operation"), name -> new ArrayDeque<>())
                .add(fault);
    }

    /** What goes wrong with this request; null when nothing does. */
    synchronized Fault next(String operation) {
        return planned.getOrDefault(operation, new ArrayDeque<>()).poll();
    }

    synchronized boolean denies(String operation) {
        return denied.contains(operation);
    }
}

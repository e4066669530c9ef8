package dev.eightbells.samples;

import static dev.eightbells.samples.Request.HOUR;
import static dev.eightbells.samples.Request.MINUTE;
import static dev.eightbells.samples.Request.SECOND;

import dev.eightbells.samples.Generated.Counts;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The way from an event to the raw files: most events arrive once and at once, some hours late, some again. Callers
 * send in order of delivery; here what is late or repeated waits for its time, and everything is counted.
 */
final class Deliveries implements Closeable {
    private static final long SHORTEST_DELAY = 5 * MINUTE;
    private static final long LONGEST_DELAY = 20 * HOUR;
    /** What waits is held in memory: about 25 MB of web events. */
    private static final int MOST_WAITING = 20_000;

    private final RawFiles files;
    private final byte[] separator;
    private final long end;
    private final Dice dice;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private final SortedMap<Instant, Counts> hours = new TreeMap<>();
    private long hour = Long.MIN_VALUE;
    private long written;
    private long duplicates;
    private long quarantined;
    private long sequence;
    private long late;

    Deliveries(RawFiles files, byte[] separator, long end, Dice dice) {
        this.files = files;
        this.separator = separator;
        this.end = end;
        this.dice = dice;
    }

    /**
     * Sends an event: now, or late, and perhaps again.
     *
     * @param happened microseconds since 1970
     * @param delivery microseconds since 1970, not before that of the last call
     */
    void send(long happened, long delivery, RecordBytes record) throws IOException {
        record.text(separator);
        long first = delivery;
        if (dice.oneIn(100) && isRoom() && end - delivery > SHORTEST_DELAY) {
            first = dice.between(delivery + SHORTEST_DELAY, Math.min(end, delivery + LONGEST_DELAY));
        }
        if (Math.floorDiv(first, HOUR) > Math.floorDiv(happened, HOUR)) {
            late++;
        }
        byte[] copy = null;
        if (first == delivery) {
            deliver(delivery, record.bytes(), record.length(), Kind.WRITTEN);
        } else {
            copy = record.copy();
            waiting.add(new Waiting(first, sequence++, copy, Kind.WRITTEN));
        }
        if (dice.oneIn(100) && isRoom()) {
            long again = first + repeatAfter();
            if (again < end) {
                waiting.add(new Waiting(again, sequence++, copy == null ? record.copy() : copy, Kind.DUPLICATE));
            }
        }
    }

    /** Sends a record once and at once. */
    void sendOnce(long delivery, RecordBytes record) throws IOException {
        record.text(separator);
        deliver(delivery, record.bytes(), record.length(), Kind.WRITTEN);
    }

    /** Sends a record, once and at once, that must not become a row. */
    void sendMalformed(long delivery, RecordBytes record) throws IOException {
        record.text(separator);
        deliver(delivery, record.bytes(), record.length(), Kind.QUARANTINED);
    }

    /** Delivers what still waits. */
    Generated complete(Traffic traffic) throws IOException {
        deliverWaiting(Long.MAX_VALUE);
        files.complete();
        closeHour();
        Counts total = hours.values().stream().reduce(Counts.NONE, Counts::plus);
        return new Generated(
                files.files(),
                files.bytes(),
                files.uncompressedBytes(),
                total,
                late,
                traffic.visitors(),
                traffic.sessions(),
                hours);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    private boolean isRoom() {
        return waiting.size() < MOST_WAITING;
    }

    /** Again at once, within the hour, or within a day: Firehose retries for up to 24 hours. */
    private long repeatAfter() {
        return switch (dice.below(3)) {
            case 0 -> dice.between(SECOND, 20 * SECOND);
            case 1 -> dice.between(MINUTE, HOUR);
            default -> dice.between(HOUR, 24 * HOUR);
        };
    }

    private void deliver(long delivery, byte[] record, int length, Kind kind) throws IOException {
        deliverWaiting(delivery);
        append(delivery, record, length, kind);
    }

    private void deliverWaiting(long until) throws IOException {
        while (!waiting.isEmpty() && waiting.peek().delivery <= until) {
            Waiting next = waiting.poll();
            append(next.delivery, next.record, next.record.length, next.kind);
        }
    }

    private void append(long delivery, byte[] record, int length, Kind kind) throws IOException {
        long deliveryHour = Math.floorDiv(delivery, HOUR);
        if (deliveryHour != hour) {
            closeHour();
            this.hour = deliveryHour;
        }
        count(kind);
        files.append(delivery, record, length);
    }

    private void closeHour() {
        long read = written + duplicates + quarantined;
        if (read > 0) {
            Counts counts = new Counts(read, written, duplicates, quarantined);
            hours.put(Instant.EPOCH.plus(hour, ChronoUnit.HOURS), counts);
        }
        this.written = 0;
        this.duplicates = 0;
        this.quarantined = 0;
    }

    private void count(Kind kind) {
        switch (kind) {
            case WRITTEN -> written++;
            case DUPLICATE -> duplicates++;
            case QUARANTINED -> quarantined++;
        }
    }

    private enum Kind {
        WRITTEN,
        DUPLICATE,
        QUARANTINED
    }

    /** Who came to a web site; nobody in the other samples. */
    record Traffic(long visitors, long sessions) {
        static final Traffic NONE = new Traffic(0, 0);
    }

    private record Waiting(long delivery, long sequence, byte[] record, Kind kind) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            int byTime = Long.compare(delivery, other.delivery);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}

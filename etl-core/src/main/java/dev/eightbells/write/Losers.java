package dev.eightbells.write;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The rows of a slot that have the key of another one. Which of them wins is known when all have been seen, so until then
 * the others' places are kept: in memory while they are few, else on disk, because all rows of a batch may have one key,
 * and then its slot has no bounds.
 */
final class Losers implements AutoCloseable {
    /** 65,536 places. */
    private static final int MOST_BYTES = 1 << 20;

    private final Disk disk;
    private final int mostBytes;
    private final Map<Key, Integer> groups = new HashMap<>();
    private final ByteArrayOutputStream newest = new ByteArrayOutputStream();
    private final DataOutputStream places = new DataOutputStream(newest);
    private File older;
    private OutputStream writing;
    private InputStream reading;
    private long rows;

    /** Where a file may lie for as long as a task runs. */
    @FunctionalInterface
    interface Disk {
        /**
         * A name for a file that nobody else uses.
         *
         * @param user closed, before the file is deleted, when the task ends
         */
        File fileFor(Losers user) throws IOException;
    }

    Losers(Disk disk) {
        this(disk, MOST_BYTES);
    }

    Losers(Disk disk, int mostBytes) {
        this.disk = disk;
        this.mostBytes = mostBytes;
    }

    /** Keeps the place of a row that has lost against another one with its key. */
    void add(Key key, EventRow loser) {
        try {
            places.writeInt(groups.computeIfAbsent(key, any -> groups.size()));
            places.writeInt(loser.ordinal());
            places.writeLong(loser.offset());
            rows++;
            if (newest.size() >= mostBytes) {
                spill();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the places of duplicates in " + older, e);
        }
    }

    private void spill() throws IOException {
        if (older == null) {
            older = disk.fileFor(this);
            writing = new FileOutputStream(older);
        }
        newest.writeTo(writing);
        newest.reset();
    }

    /**
     * Pairs the losers with the winners, one after the other, once. Those whose key has no winner are left out.
     *
     * @param winners the first row of each key
     */
    Iterator<Judged.Lost> against(Map<Key, EventRow> winners) {
        EventRow[] byGroup = new EventRow[groups.size()];
        groups.forEach((key, group) -> byGroup[group] = winners.get(key));
        groups.clear();
        try {
            InputStream latest = new ByteArrayInputStream(newest.toByteArray());
            if (older == null) {
                reading = latest;
            } else {
                writing.close();
                reading = new SequenceInputStream(new BufferedInputStream(new FileInputStream(older), 1 << 16), latest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the places of duplicates in " + older, e);
        }
        return new Pairs(byGroup, new DataInputStream(reading));
    }

    private final class Pairs implements Iterator<Judged.Lost> {
        private final EventRow[] winners;
        private final DataInputStream in;
        private long left = rows;
        private Judged.Lost next;

        Pairs(EventRow[] winners, DataInputStream in) {
            this.winners = winners;
            this.in = in;
            advance();
        }

        private void advance() {
            next = null;
            try {
                while (next == null && left > 0) {
                    left--;
                    EventRow winner = winners[in.readInt()];
                    int ordinal = in.readInt();
                    long offset = in.readLong();
                    if (winner != null) {
                        next = new Judged.Lost(ordinal, offset, winner);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the places of duplicates in " + older, e);
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Judged.Lost next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Judged.Lost current = next;
            advance();
            return current;
        }
    }

    @Override
    public void close() throws IOException {
        if (writing != null) {
            writing.close();
        }
        if (reading != null) {
            reading.close();
        }
    }
}

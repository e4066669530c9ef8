package dev.eightbells.read;

import dev.eightbells.pipeline.TableDefinition;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the records of one object, or of one split of it: every record and every malformed stretch, in order, each as a
 * row's values or as a rejection. For one thread. Expected failures (the object is not what was planned) are
 * {@link dev.eightbells.Failure}s; whatever stands in the object is no failure.
 */
public final class RecordReader implements AutoCloseable {
    private static final int WINDOW = 1 << 20;

    private final InputStream in;
    private final Gunzip gunzip;
    private final RecordFramer framer;
    private final ByteWindow window;
    private final RowCaster caster;
    private final long first;
    private long offset;
    private long length;
    private long read;
    private boolean ended;
    private boolean damageTold;
    private Rejection rejection;

    private RecordReader(InputStream in, Gunzip gunzip, ByteWindow window, RowCaster caster, int maxRecord, Split split)
            throws IOException {
        this.in = in;
        this.gunzip = gunzip;
        this.window = window;
        this.caster = caster;
        this.first = split.start() == 0 ? 0 : lineStart(window, split.start());
        long end = gunzip == null ? split.end() : Long.MAX_VALUE;
        long position = first == 0 && end > 0 ? byteOrderMark(window) : first;
        this.framer = new RecordFramer(
                window, caster.tokenizer(), maxRecord, position, first >= end ? first : Math.max(end, position + 1));
    }

    /**
     * Begins to read. Gzip is recognised by its first bytes, not by its name, and read whole whatever the split's end.
     *
     * @param source the object
     * @param split which part of it
     * @param table which columns to read, and from where
     * @param maxRecord the most bytes of one record, at least 1
     */
    public static RecordReader open(RecordSource source, Split split, TableDefinition table, int maxRecord)
            throws IOException {
        return open(source, split, table, maxRecord, WINDOW);
    }

    static RecordReader open(RecordSource source, Split split, TableDefinition table, int maxRecord, int capacity)
            throws IOException {
        if (maxRecord < 1) {
            throw new IllegalArgumentException("Invalid maxRecord: " + maxRecord + " (at least 1 byte)");
        }
        RowCaster caster = new RowCaster(table);
        // One byte more, to see whether the split begins at a line start.
        long begin = Math.max(split.start() - 1, 0);
        InputStream stored = StoredStream.open(source, begin);
        try {
            PeekedStream peeked = PeekedStream.of(stored);
            Gunzip gunzip = begin == 0 && Gunzip.isGzip(peeked.first(), peeked.second()) ? new Gunzip(peeked) : null;
            InputStream in = gunzip == null ? peeked : gunzip;
            long rest = source.size() < 0 || gunzip != null ? capacity : source.size() - begin + 1;
            ByteWindow window = new ByteWindow(in, begin, (int) Math.max(1, Math.min(capacity, rest)));
            return new RecordReader(in, gunzip, window, caster, maxRecord, split);
        } catch (IOException | RuntimeException e) {
            try (stored) {
                throw e;
            }
        }
    }

    /**
     * Whether a big object that begins with these bytes is worth splitting: it is plain, no array, and its first record is
     * on one line with a newline behind it. Splitting another one would be right too, and no faster.
     *
     * @param head the first bytes, as many as are at hand; 1 MB is plenty
     */
    public static boolean isSplittable(byte[] head) {
        if (head.length >= 2 && Gunzip.isGzip(head[0] & 0xFF, head[1] & 0xFF)) {
            return false;
        }
        int from = head.length >= 3 && (head[0] & 0xFF) == 0xEF && (head[1] & 0xFF) == 0xBB && (head[2] & 0xFF) == 0xBF
                ? 3
                : 0;
        while (from < head.length
                && (head[from] == ' ' || head[from] == '\t' || head[from] == '\r' || head[from] == '\n')) {
            from++;
        }
        if (from == head.length || head[from] != '{') {
            return false;
        }
        JsonSkipper skipper = new JsonSkipper();
        int behind = skipper.skip(head, from, head.length);
        while (behind >= 0
                && behind < head.length
                && (head[behind] == ' ' || head[behind] == '\t' || head[behind] == '\r')) {
            behind++;
        }
        return behind >= 0 && behind < head.length && head[behind] == '\n' && !skipper.passedNewline();
    }

    /** Moves to the next record or stretch; false at the end. What the one before has given is no longer valid. */
    public boolean next() throws IOException {
        if (ended) {
            return false;
        }
        if (!framer.next()) {
            return endOfData();
        }
        read = framer.count();
        offset = framer.start();
        length = framer.end() - offset;
        rejection = framer.rejection();
        if (rejection == null) {
            Rejection refusal = caster.cast(window.bytes());
            if (refusal != null) {
                rejection = new Rejection(refusal.reason(), refusal.column(), refusal.sentence(), framer.text());
            }
        }
        return true;
    }

    private boolean endOfData() {
        if (gunzip != null && gunzip.damage() != null && !damageTold) {
            damageTold = true;
            read++;
            offset = framer.position();
            length = 0;
            rejection = new Rejection(
                    gunzip.damage().reason(), null, gunzip.damage().sentence(), null);
            return true;
        }
        ended = true;
        return false;
    }

    /** Where the record or stretch begins, in the uncompressed object. */
    public long offset() {
        return offset;
    }

    /** How many uncompressed bytes it has; 0 for what cannot be decompressed. */
    public long length() {
        return length;
    }

    /**
     * The record's values as Spark keeps them internally, the table's columns in order and then the rescue column if there
     * is one; null when it was rejected. The array and the strings in it are valid until the next {@link #next()}: they
     * stand in the reader's buffer.
     */
    public Object[] values() {
        return rejection == null ? caster.values() : null;
    }

    /** Why the record is no row; null when it is one. */
    public Rejection rejection() {
        return rejection;
    }

    /** How many records and stretches there were so far, counted where they are found. */
    public long read() {
        return read;
    }

    /** Which part of the object was read; complete when {@link #next()} has given false. */
    public Coverage coverage() {
        return new Coverage(first, ended ? framer.position() : -1);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static long byteOrderMark(ByteWindow window) throws IOException {
        return window.at(0) == 0xEF && window.at(1) == 0xBB && window.at(2) == 0xBF ? 3 : 0;
    }

    private static long lineStart(ByteWindow window, long start) throws IOException {
        long position = start - 1;
        int c = window.at(position);
        while (c >= 0) {
            position++;
            window.keep(position);
            if (c == '\n') {
                break;
            }
            c = window.at(position);
        }
        return position;
    }
}

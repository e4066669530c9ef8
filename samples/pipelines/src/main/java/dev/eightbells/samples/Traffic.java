package dev.eightbells.samples;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

/**
 * Events of visits for measurements: small, and as many and by as many visitors as asked for, in the order of time. A
 * visit is five pages with pauses of seconds to minutes.
 *
 * @param from when the first visit begins
 * @param seconds over how long they are spread
 * @param events how many there are
 * @param visitors how many visitors they are shared by; the pages of a visit belong to one
 */
record Traffic(Instant from, long seconds, int events, int visitors, long seed) {
    private static final long SECOND = 1_000_000L;
    private static final int PAGES = 5;
    private static final int FILES = 8;
    private static final int VISITOR_BITS = 20;
    private static final byte[] ID = RecordBytes.ascii("{\"id\":\"");
    private static final byte[] VISITOR = RecordBytes.ascii("\",\"visitor\":\"visitor-");
    private static final byte[] AT = RecordBytes.ascii("\",\"at\":\"");
    private static final byte[] PAGE = RecordBytes.ascii("\",\"page\":\"/page-");
    private static final byte[] AMOUNT = RecordBytes.ascii("\",\"amount\":\"");
    private static final byte[] END = RecordBytes.ascii("\"}\n");

    /** Writes them as raw files into a folder. */
    void write(Path folder) {
        long[] order = order();
        Dice dice = new Dice(seed);
        RecordBytes record = new RecordBytes();
        try {
            Files.createDirectories(folder);
            for (int file = 0; file < FILES; file++) {
                int end = (int) ((long) events * (file + 1) / FILES);
                try (OutputStream out = Files.newOutputStream(folder.resolve("part-" + file))) {
                    for (int i = (int) ((long) events * file / FILES); i < end; i++) {
                        record.clear();
                        record.text(ID).digits(seed, 6).one('-').digits(i, 8);
                        record.text(VISITOR).digits(order[i] & ((1 << VISITOR_BITS) - 1), 7);
                        record.text(AT).micros(Request.micros(from) + (order[i] >>> VISITOR_BITS));
                        record.text(PAGE).number(dice.below(50));
                        record.text(AMOUNT).decimal(dice.below(10_000), 2).text(END);
                        out.write(record.bytes(), 0, record.length());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + folder, e);
        }
    }

    /** Times since the beginning and visitors, packed, in the order of time. */
    private long[] order() {
        Dice dice = new Dice(seed ^ 0x5EED);
        long[] order = new long[events];
        long time = 0;
        long visitor = 0;
        for (int i = 0; i < events; i++) {
            if (i % PAGES == 0) {
                time = dice.between(0, seconds * SECOND);
                visitor = dice.below(visitors);
            } else {
                time = Math.min(seconds * SECOND - 1, time + dice.between(2 * SECOND, 180 * SECOND));
            }
            order[i] = time << VISITOR_BITS | visitor;
        }
        Arrays.sort(order);
        return order;
    }
}

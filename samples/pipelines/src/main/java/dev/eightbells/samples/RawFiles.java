package dev.eightbells.samples;

import dev.eightbells.pipeline.Layout;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Raw files as Firehose leaves them: one for each quarter of an hour, more when they grow too large, in the folder of
 * the hour of delivery, named by the time of their first record; one in four compressed. Records come in order of
 * delivery.
 *
 * <p>A file appears whole, and one that is there already with the same bytes is left alone.
 */
final class RawFiles implements Closeable {
    private static final long SLOT = 15 * Request.MINUTE;
    private static final long MAX_BYTES = 64L << 20;
    private static final int BUFFER = 1 << 17;
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern(
                    "'stream-1-'uuuu-MM-dd-HH-mm-ss-", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Path out;
    private final Layout layout;
    private final Dice dice;
    private Path target;
    private Path part;
    private OutputStream current;
    private long slot;
    private long currentBytes;
    private long files;
    private long bytes;
    private long uncompressedBytes;

    RawFiles(Path out, Layout layout, Dice dice) {
        this.out = out;
        this.layout = layout;
        this.dice = dice;
    }

    /** Appends a record that is delivered at this time (microseconds since 1970), not before the last one. */
    void append(long delivery, byte[] record, int length) throws IOException {
        if (current == null || Math.floorDiv(delivery, SLOT) != slot || currentBytes + length > MAX_BYTES) {
            complete();
            begin(delivery);
        }
        current.write(record, 0, length);
        currentBytes += length;
    }

    /** Completes the last file. */
    void complete() throws IOException {
        if (current == null) {
            return;
        }
        current.close();
        current = null;
        files++;
        bytes += Files.size(part);
        uncompressedBytes += currentBytes;
        if (Files.exists(target) && Files.mismatch(part, target) == -1) {
            Files.delete(part);
        } else {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    long uncompressedBytes() {
        return uncompressedBytes;
    }

    /** Gives up a file that is not complete. */
    @Override
    public void close() throws IOException {
        if (current != null) {
            OutputStream abandoned = current;
            this.current = null;
            try {
                abandoned.close();
            } finally {
                Files.deleteIfExists(part);
            }
        }
    }

    private void begin(long delivery) throws IOException {
        Instant instant = Instant.EPOCH.plus(delivery, ChronoUnit.MICROS);
        Path folder = layout.isFlat() ? out : out.resolve(layout.folder(instant));
        Files.createDirectories(folder);
        RecordBytes uuid = new RecordBytes().uuid(dice.next(), dice.next());
        boolean compressed = dice.oneIn(4);
        String name = NAME.format(instant)
                + new String(uuid.bytes(), 0, uuid.length(), StandardCharsets.US_ASCII)
                + (compressed ? ".gz" : "");
        this.target = folder.resolve(name);
        this.part = folder.resolve("." + name + ".part");
        OutputStream file = Files.newOutputStream(part);
        this.current = new BufferedOutputStream(compressed ? new FastGzip(file) : file, BUFFER);
        this.slot = Math.floorDiv(delivery, SLOT);
        this.currentBytes = 0;
    }

    /** A gigabyte is to be made in seconds; the size matters less. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream file) throws IOException {
            super(file, BUFFER);
            def.setLevel(1);
        }
    }
}

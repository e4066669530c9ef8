package dev.eightbells.samples;

import dev.eightbells.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Writes a sample's raw data. It streams: memory holds what is under way, visits and late deliveries, however many events
 * and hours there are.
 */
public final class Generator {
    private final Sample sample;

    Generator(Sample sample) {
        this.sample = sample;
    }

    /**
     * Generates raw files. The same arguments write the same bytes (compressed ones: with the same zlib) into files of the
     * same names; files that are there already are left alone, so a second call changes nothing.
     *
     * @param out the folder of the raw data; created when it is not there
     * @param from the beginning; nothing happens earlier
     * @param hours how long; nothing is delivered after them. At least 1
     * @param events how many different events happen. At least 1. Some are malformed, some are delivered twice, so that
     *     {@code written = events - quarantined} and {@code read = events + duplicates}
     * @param seed another seed, other data
     * @return what was written
     * @throws Failure of kind INPUT when the arguments make no sense or the folder takes no files
     */
    public Generated generate(Path out, Instant from, int hours, long events, long seed) {
        Request request = new Request(out, from, hours, events, seed);
        Dice dice = new Dice(seed).split(sample.id().hashCode());
        RawFiles files = new RawFiles(out, sample.layout(), dice.split(1));
        try (Deliveries deliveries =
                new Deliveries(files, RecordBytes.ascii(sample.separator()), request.end(), dice.split(2))) {
            return deliveries.complete(sample.emit(request, dice.split(3), deliveries));
        } catch (IOException e) {
            throw Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot write the generated files to " + out + ": " + e
                            + ". Choose a folder that you may write to, with room for them.",
                    e);
        }
    }
}

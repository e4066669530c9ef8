package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The records of one quarantine file, read while they are asked for. */
final class QuarantineLines implements Iterator<QuarantinedRecord>, AutoCloseable {
    private final String name;
    private final Location source;
    private final BufferedReader lines;
    private int number;
    private String next;

    /**
     * @param lake the store that holds the file
     * @param key the file
     * @param source where the raw objects lie
     * @throws Failure of kind INPUT when the file is gone or damaged, as {@link #next} does
     */
    QuarantineLines(ObjectStore lake, String key, Location source) {
        this.name = lake.location().resolve(key);
        this.source = source;
        StoredObject file = lake.find(key).orElseThrow(() -> unreadable("it is gone", null));
        try {
            this.lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(lake.open(key, file.etag(), 0)), StandardCharsets.UTF_8));
            this.next = lines.readLine();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public QuarantinedRecord next() {
        if (next == null) {
            throw new NoSuchElementException("The file " + name + " has no more lines.");
        }
        number++;
        QuarantinedRecord record = QuarantinedRecord.parse(next, source)
                .orElseThrow(() -> unreadable("its line " + number + " tells of no record", null));
        try {
            this.next = lines.readLine();
        } catch (IOException e) {
            throw failure(e);
        }
        return record;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private RuntimeException failure(IOException thrown) {
        return thrown instanceof ZipException || thrown instanceof EOFException
                ? unreadable("it is damaged (" + thrown.getMessage() + ")", thrown)
                : new UncheckedIOException("Cannot read " + name, thrown);
    }

    private Failure unreadable(String why, IOException cause) {
        return Failure.of(
                Failure.Kind.INPUT,
                "Cannot read " + name + ": " + why + ". Restore it; nothing but Eightbells may write there.",
                cause);
    }
}

package dev.eightbells.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads numbered things from a number back to 1, some at a time, because each one is a round trip. */
final class BackwardReader<T> implements Iterator<T> {
    /** Two days of four-hour windows: what a plan needs with the usual lookback. */
    private static final int AHEAD = 13;

    private final IntFunction<T> read;
    private final ExecutorService readers;
    private final Deque<CompletableFuture<T>> underway = new ArrayDeque<>();
    private int next;

    private BackwardReader(int newest, IntFunction<T> read, ExecutorService readers) {
        this.next = newest;
        this.read = read;
        this.readers = readers;
    }

    /** Reads as the stream is consumed; closing it stops the threads. */
    static <T> Stream<T> stream(int newest, IntFunction<T> read) {
        if (newest == 0) {
            return Stream.empty();
        }
        ExecutorService readers = Executors.newFixedThreadPool(Math.min(newest, AHEAD), task -> {
            Thread thread = new Thread(task, "eightbells-ledger");
            thread.setDaemon(true);
            return thread;
        });
        Iterator<T> reader = new BackwardReader<>(newest, read, readers);
        return StreamSupport.stream(
                        Spliterators.spliterator(reader, newest, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(readers::shutdown);
    }

    @Override
    public boolean hasNext() {
        return next > 0 || !underway.isEmpty();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("There is nothing before the first.");
        }
        while (next > 0 && underway.size() < AHEAD) {
            int number = next--;
            underway.add(CompletableFuture.supplyAsync(() -> read.apply(number), readers));
        }
        try {
            return underway.remove().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}

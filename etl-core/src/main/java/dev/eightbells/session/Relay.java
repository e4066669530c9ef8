package dev.eightbells.session;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import scala.Tuple2;

/** A task that takes rows one by one, now and then sends some on, and has a last word when there are no more. */
abstract class Relay<I> implements Iterator<Tuple2<Integer, byte[]>> {
    private final Iterator<I> input;
    private final Queue<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
    private boolean ended;

    Relay(Iterator<I> input) {
        this.input = input;
    }

    /** Takes a row, which may be reused afterwards. */
    abstract void take(I row);

    /** Sends what is left; nothing, unless somebody says otherwise. */
    void end() {}

    final void send(Tuple2<Integer, byte[]> slotted) {
        ready.add(slotted);
    }

    @Override
    public final boolean hasNext() {
        while (ready.isEmpty() && input.hasNext()) {
            take(input.next());
        }
        if (ready.isEmpty() && !ended) {
            ended = true;
            end();
        }
        return !ready.isEmpty();
    }

    @Override
    public final Tuple2<Integer, byte[]> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }
}

package dev.eightbells.steps;

import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Batches;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which batches wait: for a run to finish them, or for a person. */
final class Waiting {
    private static final int MOST = 10;

    private Waiting() {}

    /** One sentence for each batch that waits, the oldest first; and one for those that are too many. */
    static List<String> all(Workplace workplace) {
        return before(Integer.MAX_VALUE, workplace);
    }

    /**
     * The same for older batches alone.
     *
     * @param number the number of the first manifest that is none of them
     */
    static List<String> before(int number, Workplace workplace) {
        Batches batches = workplace.ledger().batches();
        List<BatchState> open = batches.open(
                Step.of(workplace.pipeline()),
                definition -> Step.of(workplace.definition(definition), workplace.pipeline()));
        List<String> sentences = new ArrayList<>();
        open.stream()
                .filter(state -> state.manifest().number() < number)
                .forEach(state -> sentences.add("Batch " + state.batch() + " is open ("
                        + state.state().text() + "): the next run finishes it."));
        batches.stopped().stream()
                .filter(stopped -> stopped.number() < number)
                .map(Stopped::sentence)
                .forEach(sentences::add);
        if (sentences.size() <= MOST) {
            return sentences;
        }
        List<String> first = new ArrayList<>(sentences.subList(0, MOST));
        first.add(String.format(
                Locale.ROOT,
                "And %,d more batches wait; see them with eightbells status --last N.",
                sentences.size() - MOST));
        return first;
    }
}

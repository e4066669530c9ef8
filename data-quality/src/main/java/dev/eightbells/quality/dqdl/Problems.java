package dev.eightbells.quality.dqdl;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with a rules file. */
final class Problems {
    private record Problem(Place place, String sentence) {}

    private static final Comparator<Problem> BY_PLACE = Comparator.comparingInt(
                    (Problem problem) -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /** Notes what does not stop the reading. */
    void add(Place place, String sentence) {
        found.add(new Problem(place, sentence));
    }

    /** What to throw for something that stops the reading; tells what was noted before, too. */
    Failure stop(Place place, String sentence) {
        add(place, sentence);
        return failure();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw failure();
        }
    }

    private Failure failure() {
        return Failure.input(found.stream()
                .sorted(BY_PLACE)
                .map(problem -> file + ":" + problem.place() + ": " + problem.sentence())
                .distinct()
                .collect(Collectors.joining("\n")));
    }
}

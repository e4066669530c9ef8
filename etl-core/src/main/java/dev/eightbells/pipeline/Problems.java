package dev.eightbells.pipeline;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with one pipeline file, gathered so that a person sees all of it at once. */
final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /** Notes a problem; the sentence begins with the path of the key and has no final period. */
    void add(int line, String sentence) {
        found.add(new Problem(line, sentence));
    }

    /**
     * Ends here when anything was found.
     *
     * @throws Failure of kind INPUT with one line for each problem, in the order of the file
     */
    void refuse() {
        if (!found.isEmpty()) {
            throw Failure.input(found.stream()
                    .sorted(Comparator.comparingInt(Problem::line))
                    .map(problem -> file + ":" + problem.line() + ": " + problem.sentence())
                    .map(line -> line.endsWith("?") || line.endsWith(".") ? line : line + ".")
                    .distinct()
                    .collect(Collectors.joining("\n")));
        }
    }

    private record Problem(int line, String sentence) {}
}

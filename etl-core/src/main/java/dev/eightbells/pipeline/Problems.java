package dev.eightbells.pipeline;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with one pipeline file, gathered so that a person sees all of it at once. */
final class Problems {
    private final String file;
    private final List<String> lines;
    private final List<Problem> found = new ArrayList<>();

    /** @param lines what stands in the file */
    Problems(String file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** What errors call the file. */
    String file() {
        return file;
    }

    /** How many blanks a line, counted from 1, begins with. */
    int indentation(int line) {
        String text = line <= lines.size() ? lines.get(line - 1) : "";
        return text.length() - text.stripLeading().length();
    }

    /** Notes a problem; the sentence begins with the path of the key and has no final period. */
    void add(int line, String sentence) {
        found.add(new Problem(line, file + ":" + line + ": " + sentence));
    }

    /** Notes a problem that shows in a line; the sentence begins with a place of its own, perhaps in another file. */
    void addPlaced(int line, String sentence) {
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
                    .map(Problem::sentence)
                    .map(line -> line.endsWith("?") || line.endsWith(".") ? line : line + ".")
                    .distinct()
                    .collect(Collectors.joining("\n")));
        }
    }

    private record Problem(int line, String sentence) {}
}

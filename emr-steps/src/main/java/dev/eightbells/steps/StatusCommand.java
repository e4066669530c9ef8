package dev.eightbells.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eightbells.Failure;
import dev.eightbells.batch.Attempt;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Submission;
import dev.eightbells.batch.Submissions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show batches, their states, counts and ages.")
final class StatusCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many of the newest batches; by default ${DEFAULT-VALUE}.")
    private int last;

    @Option(names = "--json", description = "Print JSON, with the names of manifest and markers.")
    private boolean json;

    StatusCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (last < 1) {
            throw Failure.input("Invalid --last: " + last + " (no number of batches). Ask for 1 or more.");
        }
        try (Workplace workplace = pipeline.open(context)) {
            List<BatchState> batches = workplace.ledger().batches().newest(last);
            if (json) {
                console.println(json(workplace, batches));
            } else if (batches.isEmpty()) {
                console.println("No batches yet in " + workplace.pipeline().lake() + ".");
            } else {
                table(workplace, batches);
                Waiting.before(batches.get(0).manifest().number(), workplace).forEach(console::println);
            }
            return 0;
        }
    }

    private void table(Workplace workplace, List<BatchState> batches) {
        console.println(String.format(
                Locale.ROOT,
                "%-6s %-20s %-10s %-8s %8s %14s  %s",
                "number",
                "batch",
                "state",
                "age",
                "objects",
                "bytes",
                "records"));
        for (BatchState state : batches) {
            console.println(String.format(
                    Locale.ROOT,
                    "%-6d %-20s %-10s %-8s %8d %,14d  %s",
                    state.manifest().number(),
                    state.batch(),
                    state.state().text(),
                    age(state.manifest().window().end()),
                    state.manifest().objects().size(),
                    state.manifest().bytes(),
                    replay(state.manifest()) + story(workplace.ledger().markers(state.batch()), workplace, state)));
        }
    }

    private static String replay(Manifest manifest) {
        return manifest.isReplay() ? Counts.sentenceOfReplay(manifest) + "; " : "";
    }

    private static String story(Markers markers, Workplace workplace, BatchState state) {
        return switch (state.state()) {
            case PLANNED -> submission(workplace, state);
            case PUBLISHED, LOADED ->
                markers.published().map(Counts::sentence).orElse("")
                        + markers.find(Step.VALIDATE)
                                .map(marker -> "; " + Counts.sentence(marker.quality()))
                                .orElse("")
                        + markers.find(Step.SESSIONIZE)
                                .map(marker -> "; sessions: " + Counts.sentence(marker.sessions()))
                                .orElse("")
                        + markers.find(Step.LOAD)
                                .map(marker -> "; loaded: " + Counts.sentence(marker.load()))
                                .orElse("")
                        + waiting(workplace, state);
            case STOPPED -> markers.stopped().map(stopped -> stopped.sentence()).orElse("");
            case ABANDONED ->
                markers.abandoned().map(abandoned -> abandoned.reason()).orElse("");
            case RUNNING ->
                workplace
                        .ledger()
                        .attempts(state.batch())
                        .newest()
                        .map(StatusCommand::story)
                        .map(story -> story + "; " + submission(workplace, state))
                        .map(story -> story.replaceFirst("; $", ""))
                        .orElse("");
        };
    }

    /** Which step a published batch still misses, and why; empty when it misses none. */
    private static String waiting(Workplace workplace, BatchState state) {
        Set<Step> missing = Step.of(workplace.definitionOf(state.manifest()), workplace.pipeline());
        missing.removeAll(state.finished());
        if (!missing.contains(Step.SESSIONIZE) && !missing.contains(Step.LOAD)) {
            return "";
        }
        return (missing.contains(Step.SESSIONIZE) ? "; no sessions yet" : "; not loaded yet")
                + workplace
                        .ledger()
                        .attempts(state.batch())
                        .newest()
                        .map(attempt -> ", " + story(attempt))
                        .orElse("");
    }

    /** What became of the batch's newest submission; empty when it was never given to a compute service. */
    private static String submission(Workplace workplace, BatchState state) {
        return workplace
                .ledger()
                .submissions(state.batch())
                .find(state.submissions())
                .map(Submissions.Held::submission)
                .map(StatusCommand::story)
                .orElse("");
    }

    private static String story(Submission submission) {
        String name =
                "submission " + submission.submission() + " on " + submission.service() + " " + submission.place();
        if (submission.end() == null) {
            return name + (submission.isSent() ? ", sent at " : ", claimed at ") + submission.claimed();
        }
        return submission.end().kind() == null
                ? name + " succeeded"
                : name
                        + (submission.isSent() ? " failed: " : " was refused: ")
                        + submission.end().sentence();
    }

    private static String story(Attempt attempt) {
        return attempt.end() != null
                ? "attempt " + attempt.attempt() + " ended with "
                        + attempt.end().exitCode() + ": " + attempt.end().sentence()
                : "attempt " + attempt.attempt() + ", " + attempt.owner() + ", lease until " + attempt.until();
    }

    private String age(Instant since) {
        Duration age = Duration.between(since, context.clock().instant());
        if (age.toHours() < 1) {
            return Math.max(0, age.toMinutes()) + "m";
        }
        return age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
    }

    private static String json(Workplace workplace, List<BatchState> batches) {
        ArrayNode array = JSON.createArrayNode();
        for (BatchState state : batches) {
            ObjectNode node = array.addObject();
            node.put("batch", state.batch().toString());
            node.put("state", state.state().text());
            node.set("manifest", tree(state.manifest().json()));
            Markers markers = workplace.ledger().markers(state.batch());
            for (Step step : Step.values()) {
                markers.find(step).map(Marker::json).ifPresent(text -> node.set(step.text(), tree(text)));
            }
            markers.published().map(Published::json).ifPresent(text -> node.set("published", tree(text)));
            Optional<Attempt> attempt =
                    workplace.ledger().attempts(state.batch()).newest();
            attempt.map(Attempt::json).ifPresent(text -> node.set("attempt", tree(text)));
            markers.stopped().ifPresent(stopped -> node.put("stopped", stopped.sentence()));
            markers.abandoned().ifPresent(abandoned -> node.put("abandoned", abandoned.reason()));
        }
        return array.toPrettyString();
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

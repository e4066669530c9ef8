package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The steps of a batch, in their order. */
public enum Step {
    /** Raw objects to staged files; publishes when there are no rules. */
    CONVERT,
    /** Judges the staged rows and publishes them. */
    VALIDATE,
    /** Published events to sessions. */
    SESSIONIZE,
    /** Published events and sessions to the warehouse. */
    LOAD;

    /** The steps that a pipeline has, in their order. */
    public static Set<Step> of(Pipeline pipeline) {
        Set<Step> steps = EnumSet.of(CONVERT);
        if (pipeline.quality() != null) {
            steps.add(VALIDATE);
        }
        if (pipeline.sessions() != null) {
            steps.add(SESSIONIZE);
        }
        if (pipeline.warehouse() != null) {
            steps.add(LOAD);
        }
        return steps;
    }

    /**
     * The steps that a batch goes through: those before publishing that it was planned with, then those that today's
     * pipeline file has, too. The warehouse follows today's table, so what went into another one is not loaded.
     *
     * @param definition that the batch was planned with
     * @param today the pipeline file as it is now
     */
    public static Set<Step> of(Pipeline definition, Pipeline today) {
        Set<Step> steps = of(definition);
        Set<Step> still = of(today);
        steps.removeIf(step -> step.compareTo(VALIDATE) > 0 && !still.contains(step));
        if (!definition.table().name().equals(today.table().name())) {
            steps.remove(LOAD);
        }
        return steps;
    }

    /**
     * Reads a step's name.
     *
     * @throws Failure of kind INPUT when it is none
     */
    @JsonCreator
    public static Step parse(String text) {
        for (Step step : values()) {
            if (step.text().equals(text)) {
                return step;
            }
        }
        throw Failure.input("Invalid step: " + text + " (convert, validate, sessionize or load).");
    }

    /** The step's name on the command line and in the ledger. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of the marker that the step writes, e.g. {@code convert.json}. */
    public String marker() {
        return text() + ".json";
    }
}

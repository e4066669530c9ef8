package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Step;
import dev.eightbells.care.CarePlan;
import dev.eightbells.care.CareResult;
import dev.eightbells.care.CareText;
import dev.eightbells.care.Caretaker;
import dev.eightbells.care.Trouble;
import java.util.Collections;
import java.util.List;

/** Takes care of a pipeline's tables, and tells of it. */
final class Caring {
    private final Workplace workplace;
    private final Console console;

    Caring(Workplace workplace, Console console) {
        this.workplace = workplace;
        this.console = console;
    }

    /**
     * Tells what care would do.
     *
     * @throws Failure the first thing that could not be looked at, after the rest was told
     */
    void show() {
        Caretaker caretaker = workplace.caretaker();
        CarePlan plan = caretaker.plan();
        tell(CareText.of(plan, caretaker.orphans(plan)));
        refuse(plan.troubles());
    }

    /**
     * Takes care, and tells what was done.
     *
     * @throws Failure the first thing that could not be done, after the rest was
     */
    void now() {
        CareResult result = perform();
        tell(CareText.of(result));
        refuse(result.troubles());
    }

    /** Takes care after a batch, which has succeeded whatever comes of this: only what could not be done is told. */
    void inPassing() {
        try {
            perform().troubles().stream().map(Caring::failure).forEach(this::warn);
        } catch (Exception e) {
            // Scala throws what it does not declare.
            warn(Failures.of("the care of pipeline " + workplace.pipeline().name(), e));
        }
    }

    /** The same after a step of a batch that was run by itself, when it was the batch's last one and care is due. */
    void after(Manifest manifest, Step step, BatchRunner.Outcome outcome) {
        if (outcome.already() == BatchRunner.Already.NOT_DONE
                && workplace.pipeline().care().isDueAfter(manifest.number())
                && step == Collections.max(Step.of(workplace.definitionOf(manifest), workplace.pipeline()))) {
            inPassing();
        }
    }

    private CareResult perform() {
        Caretaker caretaker = workplace.caretaker();
        return caretaker.perform(caretaker.plan());
    }

    private void tell(List<String> lines) {
        lines.forEach(console::println);
    }

    private void refuse(List<Trouble> troubles) {
        troubles.stream().skip(1).map(Caring::failure).forEach(this::warn);
        if (!troubles.isEmpty()) {
            throw failure(troubles.get(0));
        }
    }

    private void warn(Failure failure) {
        console.err().println("eightbells: " + failure.getMessage());
    }

    private static Failure failure(Trouble trouble) {
        return Failures.of("the care of " + trouble.subject(), trouble.thrown());
    }
}

package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.forget.ForgetCounts;
import dev.eightbells.forget.ForgetPlan;
import dev.eightbells.forget.Forgetting;
import dev.eightbells.forget.Receipt;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Take rows out of events, sessions, quarantine, warehouse and all files that still hold them.")
final class ForgetCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description = "Which events, by their columns; without it, tells what was begun and is not done.")
    private String where;

    @Option(
            names = "--confirm",
            description = "Do it; without it, only counts are shown. Without --where, goes on with what was begun.")
    private boolean confirmed;

    ForgetCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Forgetting forgetting = workplace.forgetting();
            if (confirmed) {
                perform(workplace, forgetting);
            } else if (where == null) {
                tellOpen(forgetting.open());
            } else {
                tell(forgetting.plan(where));
            }
            return 0;
        }
    }

    private void perform(Workplace workplace, Forgetting forgetting) {
        List<Receipt> open = where == null ? forgetting.open() : List.of();
        Optional<Receipt> asked = where == null ? Optional.empty() : forgetting.perform(where);
        if (open.isEmpty() && asked.isEmpty()) {
            console.println("Nothing to forget.");
            return;
        }
        open.forEach(begun -> tell(forgetting.resume(begun.number())));
        asked.ifPresent(this::tell);
        try {
            Report.write(workplace);
        } catch (Failure failure) {
            throw Failure.of(
                    failure.kind(),
                    "All is forgotten but what report/index.html may quote: " + failure.getMessage()
                            + " Run eightbells run, which writes it anew.",
                    failure);
        }
    }

    private void tellOpen(List<Receipt> open) {
        if (open.isEmpty()) {
            console.println("Nothing is left to forget; say with --where what is to be forgotten.");
        }
        open.forEach(begun -> console.println(name(begun) + "  asked for at " + begun.asked() + ", by "
                + String.join(", ", begun.columns() == null ? List.of("columns not looked up yet") : begun.columns())
                + "; not done. Go on with --confirm."));
    }

    private static String name(Receipt receipt) {
        return String.format(Locale.ROOT, "forgets/%08d", receipt.number());
    }

    private void tell(ForgetPlan plan) {
        ForgetCounts found = plan.found();
        console.println(counted(found.events(), "event"));
        console.println(counted(found.sessions(), "session") + " with such events");
        console.println(counted(found.quarantine(), "quarantined record"));
        if (found.warehouse() != null) {
            console.println(counted(found.warehouse(), "row") + " of events in the warehouse");
        }
        console.println(counted(found.objects(), "report or note") + " that quotes them");
        if (plan.refusal() == null) {
            console.println("Nothing was changed; forget them with --confirm.");
        } else {
            console.println("Nothing was changed; and it would be refused now. "
                    + plan.refusal().getMessage());
        }
    }

    private static String counted(long count, String what) {
        if (count == 1) {
            return "1 " + what;
        }
        String plural = what.startsWith("report") ? "reports or notes" : what + "s";
        return String.format(Locale.ROOT, "%,d %s", count, plural);
    }

    private void tell(Receipt receipt) {
        console.println(name(receipt) + "  " + receipt.json());
    }
}

package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.TakenRecords;
import dev.eightbells.store.Location;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show records in the quarantine of a batch.")
final class QuarantineShowCommand implements Callable<Integer> {
    private static final int RECORDS = 20;
    private static final int LINE = 160;
    /** So much of a text is looked at, to find a line of it. */
    private static final int MUCH = 10 * LINE;

    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private BatchOption batch;

    @Option(names = "--reason", paramLabel = "CODE", description = "Only those with this reason.")
    private String reason;

    @Option(names = "--rule", paramLabel = "TEXT", description = "Only those that failed a rule with this in its text.")
    private String rule;

    @Option(names = "--column", paramLabel = "NAME", description = "Only those that this column is to blame for.")
    private String column;

    @Option(names = "--object", paramLabel = "KEY", description = "Only those of this raw object.")
    private String object;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many; by default " + RECORDS + ", and with --json all.")
    private Integer limit;

    @Option(names = "--json", description = "Print the lines as they stand in the quarantine files.")
    private boolean json;

    QuarantineShowCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (limit != null && limit < 1) {
            throw Failure.input("Invalid --limit: " + limit + " (no number of records). Ask for 1 or more.");
        }
        try (Workplace workplace = pipeline.open(context)) {
            BatchState state = batch.find(workplace);
            TakenRecords taken = workplace.ledger().batches().takenFrom(state.manifest());
            Showing showing = new Showing();
            Predicate<QuarantinedRecord> wanted =
                    wanted(workplace.definitionOf(state.manifest()).source().location());
            QuarantinedRecords records = new QuarantinedRecords(workplace);
            records.lying(state.manifest(), taken, record -> !wanted.test(record) || showing.show(record));
            showing.end(records.expired(state.manifest())
                    .orElse("No such record in quarantine of batch " + state.batch() + "."));
            return 0;
        }
    }

    private Predicate<QuarantinedRecord> wanted(Location source) {
        String key = object == null ? null : source.relativize(object);
        return record -> (reason == null || reason.equals(record.reason()))
                && (rule == null || record.rules().stream().anyMatch(text -> text.contains(rule)))
                && (column == null || column.equals(record.column()))
                && (key == null || key.equals(record.key()));
    }

    /** What has been shown so far. */
    private final class Showing {
        private final int most = limit != null ? limit : json ? Integer.MAX_VALUE : RECORDS;
        private int shown;
        private boolean isCut;

        /** Whether there is room for another record. */
        private boolean show(QuarantinedRecord record) {
            if (shown == most) {
                isCut = true;
                return false;
            }
            shown++;
            if (json) {
                console.println(record.line());
                return shown < most;
            }
            console.println(record.key() + " at " + record.offset() + "  " + record.reason()
                    + (record.blamed().equals("-") ? "" : "  " + record.blamed())
                    + (record.openReplay() == null ? "" : "  (in " + record.openReplay() + ", which is open)"));
            console.println("  " + oneLine(record.sentence()));
            console.println("  " + oneLine(record.text()));
            return true;
        }

        private void end(String whyNone) {
            if (json) {
                return;
            }
            if (shown == 0) {
                console.println(whyNone);
            } else if (isCut) {
                console.println(
                        "There are more than " + shown + "; see them with --limit, or all of them with --json.");
            }
        }
    }

    /** Control characters would do something to the terminal. */
    private static String oneLine(String text) {
        String line = text.substring(0, Math.min(text.length(), MUCH)).replaceAll("\\p{Cntrl}+", " ");
        if (line.length() <= LINE) {
            return text.length() <= MUCH ? line : line + "…";
        }
        int end = Character.isHighSurrogate(line.charAt(LINE - 1)) ? LINE - 1 : LINE;
        return line.substring(0, end) + "…";
    }
}

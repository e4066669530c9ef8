package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.query.Csv;
import dev.eightbells.query.Format;
import dev.eightbells.query.JsonLines;
import dev.eightbells.query.Query;
import dev.eightbells.query.TextTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Answer a question in SQL about the tables and the ledger; changes nothing.")
final class QueryCommand implements Callable<Integer> {
    private static final int ROWS = 100;

    /** After so many rows it is looked whether anybody still listens. */
    private static final int LOOK = 1000;

    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Parameters(
            paramLabel = "SQL",
            description = "The question in Spark SQL, over events, sessions, batches, quarantine and quality.")
    private String sql;

    @Option(
            names = "--as-of",
            paramLabel = "BATCH",
            description = "The tables as they were when this batch was published.")
    private String asOf;

    @Option(names = "--csv", description = "Print all rows as CSV.")
    private boolean csv;

    @Option(names = "--json", description = "Print all rows as JSON, an object a line.")
    private boolean json;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many rows; by default " + ROWS + ", and all with --csv or --json.")
    private Integer limit;

    QueryCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (limit != null && limit < 1) {
            throw Failure.input("Invalid --limit: " + limit + " (no number of rows). Ask for 1 or more.");
        }
        if (csv && json) {
            throw Failure.input("Invalid options: --csv and --json are two forms of the same. Choose one.");
        }
        try (Workplace workplace = pipeline.open(context)) {
            BatchState batch = asOf == null ? null : published(BatchOption.find(workplace, asOf));
            long began = System.nanoTime();
            SparkSession session = Query.session(workplace.spark());
            try {
                Dataset<Row> rows = Query.open(session, sql, new QueryTables(workplace, session, batch).relations());
                String said = csv || json ? write(rows, csv ? new Csv() : new JsonLines()) : show(rows);
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                console.err().println(said + String.format(Locale.ROOT, " in %.1f s", millis / 1000.0));
            } catch (Exception e) {
                // Spark throws what Java would have it declare.
                throw failure(e);
            }
            return 0;
        }
    }

    private static BatchState published(BatchState state) {
        if (!state.isPublished()) {
            throw Failure.input("Cannot query as of batch " + state.batch() + ": it is "
                    + state.state().text() + ", and not published. Ask eightbells status for those that are.");
        }
        return state;
    }

    /** Prints a table; returns how many rows there are. */
    private String show(Dataset<Row> rows) {
        // One more is asked for, to see whether there are more.
        int most = limit == null ? ROWS : Math.min(limit, Integer.MAX_VALUE - 1);
        List<Row> found = rows.takeAsList(most + 1);
        boolean isCut = found.size() > most;
        TextTable.of(rows.schema(), isCut ? found.subList(0, most) : found).forEach(console::println);
        return isCut
                ? "The first " + count(most) + "; there are more: see them with --limit, or all with --csv or --json;"
                : count(found.size());
    }

    /** Writes row by row, as long as somebody listens; returns how many rows were written. */
    private String write(Dataset<Row> rows, Format format) {
        long written = 0;
        Writer out = new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8));
        try {
            format.begin(out, rows.schema());
            Iterator<Row> all = (limit == null ? rows : rows.limit(limit)).toLocalIterator();
            while (all.hasNext() && (written % LOOK != 0 || !console.out().checkError())) {
                format.row(out, all.next());
                written++;
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the rows", e);
        }
        return count(written);
    }

    private static String count(long rows) {
        return String.format(Locale.ROOT, rows == 1 ? "%,d row" : "%,d rows", rows);
    }

    private static Failure failure(Exception thrown) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        for (Throwable cause : Failures.causes(thrown)) {
            if (cause instanceof NotFoundException) {
                return Failure.transientFailure(
                        "Cannot answer the query: a file is gone (" + Failures.firstLine(cause)
                                + "), perhaps because care removed it meanwhile. Ask again.",
                        cause);
            }
        }
        return Failures.ofQuery(thrown);
    }
}

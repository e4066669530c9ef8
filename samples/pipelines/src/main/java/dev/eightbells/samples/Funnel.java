package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.steps.Console;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How far the visits to the shop came, by its session table. */
final class Funnel {
    private static final List<String> STAGES = List.of("home", "product", "cart", "payment", "confirmation");
    private static final int WIDTH = 30;

    private final long sessions;
    private final long[] reached = new long[STAGES.size()];
    private final Double minutes;

    Funnel(Dataset<Row> table) {
        Row row = table.selectExpr(
                        "count(*)",
                        "count_if(reached_home)",
                        "count_if(reached_product)",
                        "count_if(reached_cart)",
                        "count_if(reached_payment)",
                        "count_if(converted)",
                        "percentile(minutes_to_conversion, 0.5)")
                .head();
        this.sessions = row.getLong(0);
        for (int stage = 0; stage < reached.length; stage++) {
            reached[stage] = row.getLong(1 + stage);
        }
        this.minutes = row.isNullAt(1 + reached.length) ? null : row.getDouble(1 + reached.length);
    }

    /**
     * Prints it.
     *
     * @param truth how many sessions the generator made
     */
    void print(Console console, long truth) {
        if (sessions != truth) {
            throw Failure.of(
                    Failure.Kind.BUG,
                    "The demo found " + sessions + " sessions, but the generator made " + truth
                            + ". Delete the demo's folder and run it again; if it happens again, report it.",
                    null);
        }
        console.println(String.format(Locale.ROOT, "%-20s  %,d; the generator counted the same", "sessions", sessions));
        for (int stage = 0; stage < reached.length; stage++) {
            double share = (double) reached[stage] / sessions;
            console.println(String.format(
                            Locale.ROOT,
                            "%-20s  %-12s %,8d  %5.1f %%  %s",
                            stage == 0 ? "reached" : "",
                            STAGES.get(stage),
                            reached[stage],
                            100 * share,
                            "=".repeat((int) Math.round(share * WIDTH)))
                    .stripTrailing());
        }
        console.println(String.format(
                Locale.ROOT,
                "%-20s  %.1f %% of sessions%s",
                "conversion rate",
                100.0 * reached[reached.length - 1] / sessions,
                minutes == null ? "" : String.format(Locale.ROOT, ", half of them within %.1f minutes", minutes)));
    }
}

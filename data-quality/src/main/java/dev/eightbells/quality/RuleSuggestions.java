package dev.eightbells.quality;

import dev.eightbells.Failure;
import dev.eightbells.quality.ColumnSuggestions.Basis;
import dev.eightbells.quality.ColumnSuggestions.Candidate;
import dev.eightbells.quality.Surroundings.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rules to start from, for data that has none yet. Each was evaluated over the rows that it was made of, and holds.
 *
 * @param size how many rules there are
 * @param text the rules file, with a line above each column's rules that says what was seen
 * @param notes what could not be suggested, and why; sentences for people
 */
public record RuleSuggestions(int size, String text, List<String> notes) {
    private static final String ANY_ROWS = "RowCount > 0";

    public RuleSuggestions {
        notes = List.copyOf(notes);
    }

    /**
     * Looks at rows and suggests rules. The columns that tell where rows come from get none.
     *
     * @param rows read several times
     * @param origin what the rows are, in one line, e.g. {@code batch 20261122T0800Z of pipeline orders}
     * @param samples whether values of the data may stand in the file
     * @throws Failure of kind DATA when there are no rows
     */
    public static RuleSuggestions of(Dataset<Row> rows, String origin, Samples samples) {
        Dataset<Row> looked = new Scene(rows, Surroundings.none(Instant.now())).rows();
        Column[] columns = Columns.of(looked.schema(), null).data().stream()
                .map(RowPredicates::column)
                .toArray(Column[]::new);
        Dataset<Row> data = looked.select(columns);
        if (columns.length == 0 || data.isEmpty()) {
            throw Failure.data("Cannot suggest rules from " + origin + ": it has no rows. Take data that has some.");
        }
        List<String> notes = new ArrayList<>();
        List<ColumnSuggestions> suggestions = new ArrayList<>();
        List<ColumnSummary> summaries = Deequ.summaries(data);
        for (ColumnSummary summary : summaries) {
            ColumnSuggestions.of(summary, samples)
                    .ifPresentOrElse(
                            suggestions::add,
                            () -> notes.add("Nothing is suggested for the column " + summary.name()
                                    + ": rules cannot write its name."));
        }
        Draft draft = new Draft(suggestions, holding(data, suggestions), notes);
        String text = draft.text(origin, summaries.get(0).rows());
        return new RuleSuggestions(draft.size, text, notes);
    }

    /** Those of all rules that may be suggested which hold for the rows. */
    private static Set<String> holding(Dataset<Row> data, List<ColumnSuggestions> suggestions) {
        List<String> all = suggestions.stream()
                .flatMap(column -> column.candidates().stream())
                .flatMap(candidate -> candidate.alternatives().stream())
                .flatMap(List::stream)
                .distinct()
                .toList();
        Set<String> holding = new HashSet<>();
        if (!all.isEmpty()) {
            QualityRules rules = QualityRules.parse("Rules = [" + String.join(",\n", all) + "]", "the suggestions");
            Surroundings alone =
                    new Surroundings(MetricHistory.none(), Map.of(), null, Instant.now(), Samples.HIDDEN, null);
            List<RuleOutcome> outcomes =
                    QualityCheck.audit(data, rules, alone).report().outcomes();
            for (int i = 0; i < all.size(); i++) {
                if (outcomes.get(i).verdict() == Verdict.PASSED) {
                    holding.add(all.get(i));
                }
            }
        }
        return holding;
    }

    /** The file in the making. */
    private static final class Draft {
        private final List<ColumnSuggestions> suggestions;
        private final Set<String> holding;
        private final List<String> notes;
        private int size = 1;

        private Draft(List<ColumnSuggestions> suggestions, Set<String> holding, List<String> notes) {
            this.suggestions = suggestions;
            this.holding = holding;
            this.notes = notes;
        }

        private String text(String origin, long rows) {
            StringBuilder text = new StringBuilder(String.format(
                    Locale.ROOT,
                    """
                    # Rules suggested from %s: %,d %s.
                    #
                    # All of them hold for these rows. Whether they should for the next ones, only you know: strike out what
                    # is chance, tighten what is certain, and name this file in the pipeline file, under quality.rules.
                    # Then look: eightbells rules check --pipeline FILE
                    Rules = [
                      %s""",
                    origin,
                    rows,
                    rows == 1 ? "row" : "rows",
                    ANY_ROWS));
            StringBuilder above = new StringBuilder();
            for (ColumnSuggestions column : suggestions) {
                above.append("\n\n  # ").append(column.remark());
                for (String rule : rules(column)) {
                    // The comma goes behind the rule before, whatever remarks stand in between.
                    text.append(',').append(above).append("\n  ").append(rule);
                    above.setLength(0);
                    size++;
                }
            }
            return text.append(above).append("\n]\n").toString();
        }

        private List<String> rules(ColumnSuggestions column) {
            List<String> rules = new ArrayList<>();
            for (Candidate candidate : column.candidates()) {
                Optional<List<String>> first = candidate.alternatives().stream()
                        .filter(holding::containsAll)
                        .findFirst();
                if (first.isPresent()) {
                    rules.addAll(first.get());
                } else if (candidate.basis() == Basis.SEEN) {
                    notes.add("Left out, because it does not hold for the rows: "
                            + String.join(", ", candidate.alternatives().get(0)));
                }
            }
            return rules;
        }
    }
}

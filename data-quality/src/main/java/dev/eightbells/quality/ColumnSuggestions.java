package dev.eightbells.quality;

import dev.eightbells.quality.ColumnSummary.Nature;
import dev.eightbells.quality.ColumnSummary.Trait;
import dev.eightbells.quality.Surroundings.Samples;
import dev.eightbells.quality.dqdl.Dqdl;
import dev.eightbells.quality.dqdl.Operand;
import dev.eightbells.quality.dqdl.Rule;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which rules a column could have, by what was seen in it.
 *
 * @param column its name
 * @param remark what was seen, for people, in one line
 * @param candidates the rules that may be suggested if they hold
 */
record ColumnSuggestions(String column, String remark, List<Candidate> candidates) {
    /** With fewer rows, that no value is there twice says nothing. */
    private static final int FEWEST_FOR_KEYS = 10;

    /** With fewer values, all texts are of one length by chance. */
    private static final int FEWEST_FOR_LENGTH = 10;

    /** With fewer values, a mean says little of the next batch's. */
    private static final int FEWEST_FOR_MEAN = 100;

    private static final int MOST_CATEGORIES = 12;
    private static final int LONGEST_CATEGORY = 40;

    /** How many values there should be for each category, on the average. */
    private static final int VALUES_FOR_CATEGORY = 5;

    private static final int LONGEST_DAY = 10;
    private static final int LONGEST_TIMESTAMP = 40;
    private static final int LONGEST_LINE = 100;

    /** How many standard deviations of the normal distribution hold 95 percent of it. */
    private static final double CONFIDENCE = 1.96;

    ColumnSuggestions {
        candidates = List.copyOf(candidates);
    }

    /**
     * Rules of which the first that hold are taken.
     *
     * @param alternatives each some rules that go together
     */
    record Candidate(List<List<String>> alternatives, Basis basis) {
        Candidate {
            alternatives = alternatives.stream().map(List::copyOf).toList();
        }

        private static Candidate seen(String rule) {
            return new Candidate(List.of(List.of(rule)), Basis.SEEN);
        }

        private static Candidate guessed(String rule) {
            return new Candidate(List.of(List.of(rule)), Basis.GUESSED);
        }
    }

    /** Why a rule should hold. */
    enum Basis {
        /** It follows from what was counted. */
        SEEN,
        /** It is worth trying. */
        GUESSED
    }

    /**
     * The suggestions for a column.
     *
     * @param samples whether values of the column may stand in them
     * @return empty when rules cannot name the column
     */
    static Optional<ColumnSuggestions> of(ColumnSummary summary, Samples samples) {
        return written(summary.name()).map(name -> {
            Writer writer = new Writer(summary, samples, name);
            return new ColumnSuggestions(summary.name(), ColumnRemark.of(summary, samples), writer.candidates());
        });
    }

    /** A column's name as rules have it; one that stands in backticks would lose them. */
    private static Optional<String> written(String column) {
        boolean isInBackticks = column.length() > 2 && column.startsWith("`") && column.endsWith("`");
        return Dqdl.quoted(isInBackticks ? RowPredicates.quoted(column) : column);
    }

    /** Writes rules and the remark above them. */
    private static final class Writer {
        private final ColumnSummary summary;
        private final Samples samples;
        private final String name;
        private final List<Candidate> candidates = new ArrayList<>();

        private Writer(ColumnSummary summary, Samples samples, String name) {
            this.summary = summary;
            this.samples = samples;
            this.name = name;
        }

        private List<Candidate> candidates() {
            if (!summary.hasValues()) {
                return List.of();
            }
            candidates.add(Candidate.seen(
                    summary.isComplete() ? "IsComplete " + name : "Completeness " + name + leastCompleteness()));
            if (summary.traits().contains(Trait.NEARLY_UNIQUE)
                    && summary.canBeKey()
                    && summary.rows() >= FEWEST_FOR_KEYS) {
                candidates.add(Candidate.guessed("IsUnique " + name));
            }
            if (summary.nature() == Nature.TEXT) {
                texts();
            } else if (summary.nature() == Nature.NUMBER) {
                numbers();
            }
            return candidates;
        }

        /** What is likely to hold for the next batch, too, if the share is the same: Wilson's interval. */
        private String leastCompleteness() {
            double rows = summary.rows();
            double share = summary.completeness();
            double square = CONFIDENCE * CONFIDENCE;
            double least = (share
                            + square / (2 * rows)
                            - CONFIDENCE * Math.sqrt(share * (1 - share) / rows + square / (4 * rows * rows)))
                    / (1 + square / rows);
            BigDecimal bound = new BigDecimal(least).setScale(2, RoundingMode.DOWN);
            return bound.signum() > 0 ? " >= " + plain(bound) : " > 0";
        }

        private void texts() {
            Optional<List<String>> categories = categories();
            if (categories.isPresent()) {
                candidates.add(Candidate.seen(
                        samples == Samples.SHOWN
                                ? oneOf(categories.get())
                                : "DistinctValuesCount " + name + " <= "
                                        + categories.get().size()));
                return;
            }
            List<List<String>> alternatives = new ArrayList<>();
            readableAs().ifPresent(type -> alternatives.add(List.of("ColumnDataType " + name + " = \"" + type + "\"")));
            if (summary.lengths() != null && summary.lengths().longest() > 0) {
                int longest = summary.lengths().longest();
                boolean mayBeOfOneLength =
                        !summary.isComplete() || summary.lengths().shortest() == longest;
                if (mayBeOfOneLength && summary.present() >= FEWEST_FOR_LENGTH) {
                    alternatives.add(List.of(length("= " + longest)));
                }
                String bound = length("<= " + roomy(longest));
                alternatives.add(List.of(length("> 0"), bound));
                alternatives.add(List.of(bound));
            }
            if (!alternatives.isEmpty()) {
                candidates.add(new Candidate(alternatives, Basis.GUESSED));
            }
        }

        /** Breaks the line where it would be long. */
        private String oneOf(List<String> categories) {
            List<String> values = new ArrayList<>(categories);
            if (!summary.isComplete()) {
                values.add(0, "NULL");
            }
            StringBuilder rule = new StringBuilder("ColumnValues " + name + " in [");
            int line = rule.length();
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i) + (i == values.size() - 1 ? "]" : ",");
                boolean isFull = line + value.length() > LONGEST_LINE;
                rule.append(isFull ? "\n    " : i == 0 ? "" : " ").append(value);
                line = (isFull ? 0 : line) + value.length() + 1;
            }
            return rule.toString();
        }

        /** The values if they are few, as they are written; empty when they are no categories. */
        private Optional<List<String>> categories() {
            boolean areFew = summary.traits().contains(Trait.FEW_VALUES)
                    && !summary.counts().isEmpty()
                    && summary.counts().size() <= MOST_CATEGORIES
                    && (long) summary.counts().size() * VALUES_FOR_CATEGORY <= summary.present();
            if (!areFew || summary.counts().keySet().stream().anyMatch(value -> value.length() > LONGEST_CATEGORY)) {
                return Optional.empty();
            }
            List<String> written = summary.counts().keySet().stream()
                    .flatMap(value -> Dqdl.quoted(value).stream())
                    .toList();
            return written.size() == summary.counts().size() && readableAs().isEmpty() && areTexts(written)
                    ? Optional.of(written)
                    : Optional.empty();
        }

        /** What texts may be meant as; empty when that is texts. */
        private Optional<String> readableAs() {
            return switch (summary.reading()) {
                case WHOLE_NUMBERS -> Optional.of("Long");
                case NUMBERS -> Optional.of("Double");
                case TRUTHS -> Optional.of("Boolean");
                case TEXTS -> moment();
            };
        }

        private Optional<String> moment() {
            int longest = summary.lengths() == null ? 0 : summary.lengths().longest();
            boolean mayBe = longest > 0
                    && longest <= LONGEST_TIMESTAMP
                    && summary.counts().keySet().stream().allMatch(value -> value.matches("\\s*\\d{4}-\\d{1,2}-.*"));
            if (!mayBe) {
                return Optional.empty();
            }
            return Optional.of(longest <= LONGEST_DAY ? "Date" : "Timestamp");
        }

        private String length(String condition) {
            return "ColumnLength " + name + " " + condition + whereThere();
        }

        private void numbers() {
            if (summary.traits().contains(Trait.NOT_NEGATIVE)) {
                candidates.add(Candidate.seen("ColumnValues " + name + " >= 0" + whereThere()));
            }
            ColumnSummary.Numbers numbers = summary.numbers();
            boolean isNumber = summary.canBeKey() && summary.traits().contains(Trait.NEARLY_UNIQUE);
            if (numbers == null
                    || !numbers.areFinite()
                    || numbers.deviation() == 0
                    || isNumber
                    || summary.present() < FEWEST_FOR_MEAN) {
                return;
            }
            BigDecimal low = rounded(numbers.mean() - numbers.deviation(), RoundingMode.FLOOR);
            String high = plain(rounded(numbers.mean() + numbers.deviation(), RoundingMode.CEILING));
            boolean isLowNews = numbers.minimum() < 0 || low.signum() > 0;
            candidates.add(Candidate.seen(
                    "Mean " + name + (isLowNews ? " between " + plain(low) + " and " + high : " < " + high)));
            candidates.add(Candidate.seen("StandardDeviation " + name + " between "
                    + plain(rounded(numbers.deviation() / 2, RoundingMode.FLOOR)) + " and "
                    + plain(rounded(numbers.deviation() * 2, RoundingMode.CEILING))));
        }

        /** Missing values fulfil no comparison; Completeness is about those. */
        private String whereThere() {
            if (summary.isComplete()) {
                return "";
            }
            return " where "
                    + Dqdl.quoted(RowPredicates.quoted(summary.name()) + " is not null")
                            .orElseThrow();
        }
    }

    /** Whether a list means what is written there: texts that all look like days or times of day would be moments. */
    private static boolean areTexts(List<String> written) {
        String rules = "Rules = [ ColumnValues \"any\" in [" + String.join(", ", written) + "] ]";
        Rule.Simple rule = (Rule.Simple) Dqdl.parse(rules, "the values").rules().get(0);
        return rule.condition().operands().stream().allMatch(Operand.Text.class::isInstance);
    }

    /** About twice as much: 20, 50 or 100. */
    private static int roomy(int longest) {
        long room = 10;
        for (int step = 0; room < 2L * longest; step++) {
            room = step % 3 == 1 ? room / 2 * 5 : room * 2;
        }
        return (int) Math.min(Integer.MAX_VALUE, room);
    }

    /** To two digits. */
    private static BigDecimal rounded(double number, RoundingMode mode) {
        return new BigDecimal(number).round(new MathContext(2, mode));
    }

    /** Without an exponent, which the language does not have. */
    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}

package dev.eightbells.quality;

import dev.eightbells.quality.ColumnSummary.Nature;
import dev.eightbells.quality.ColumnSummary.Reading;
import dev.eightbells.quality.ColumnSummary.Trait;
import dev.eightbells.quality.Surroundings.Samples;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells people in one line what was seen in a column. */
final class ColumnRemark {
    private static final int SHOWN_VALUES = 3;
    private static final int LONGEST_SHOWN = 30;

    /** Between these, numbers are shown without an exponent. */
    private static final double SMALLEST_READ = 1e-5;

    private static final double LARGEST_READ = 1e15;

    private ColumnRemark() {}

    /** @param samples whether values of the column are told */
    static String of(ColumnSummary summary, Samples samples) {
        List<String> parts = new ArrayList<>();
        parts.add(oneLine(summary.name()) + ": " + type(summary));
        if (!summary.hasValues()) {
            parts.add("no values at all, so there is nothing to suggest");
            return String.join(", ", parts);
        }
        parts.add(summary.isComplete() ? "never missing" : percent(1 - summary.completeness()) + " missing");
        ColumnSummary.Numbers numbers = summary.numbers();
        if (samples == Samples.SHOWN && numbers != null && numbers.areFinite()) {
            parts.add(shortened(numbers.minimum()) + " to " + shortened(numbers.maximum()));
            parts.add("mean " + shortened(numbers.mean()));
        }
        ColumnSummary.Lengths lengths = summary.lengths();
        if (lengths != null && lengths.longest() > 0) {
            parts.add((summary.isComplete() && lengths.shortest() < lengths.longest()
                            ? lengths.shortest() + " to "
                            : summary.isComplete() ? "" : "up to ")
                    + lengths.longest()
                    + (lengths.longest() == 1 ? " character" : " characters"));
        }
        if (summary.nature() != Nature.OTHER) {
            parts.add(values(summary, samples));
        }
        return String.join(", ", parts);
    }

    private static String values(ColumnSummary summary, Samples samples) {
        int known = summary.counts().size();
        if (known == 0) {
            if (summary.traits().contains(Trait.NEARLY_UNIQUE)) {
                return "nearly all different";
            }
            long distinct = summary.distinct();
            return distinct == 1 ? "all the same" : "about " + count(distinct) + " different";
        }
        if (known > 1 && summary.counts().values().iterator().next() == 1) {
            return "all different";
        }
        String different = known == 1 ? "1 value" : count(known) + " values";
        if (samples == Samples.HIDDEN) {
            return different;
        }
        String most = summary.counts().entrySet().stream()
                .limit(SHOWN_VALUES)
                .map(value ->
                        clipped(oneLine(value.getKey())) + " " + percent((double) value.getValue() / summary.present()))
                .collect(Collectors.joining(", "));
        return different + ": " + most + (known > SHOWN_VALUES ? ", ..." : "");
    }

    private static String type(ColumnSummary summary) {
        return switch (summary.nature()) {
            case TEXT ->
                switch (summary.reading()) {
                    case WHOLE_NUMBERS -> "texts that are whole numbers";
                    case NUMBERS -> "texts that are numbers";
                    case TRUTHS -> "texts that are true or false";
                    case TEXTS -> "texts";
                };
            case NUMBER -> summary.reading() == Reading.WHOLE_NUMBERS ? "whole numbers" : "numbers";
            case TRUTH -> "true or false";
            case MOMENT -> summary.field().dataType().typeName().equals("date") ? "dates" : "timestamps";
            case OTHER -> summary.field().dataType().typeName() + ", which rules do not look into";
        };
    }

    /** To three digits, unless it is a whole number that people read easily. */
    private static String shortened(double number) {
        BigDecimal exact = new BigDecimal(number);
        double size = Math.abs(number);
        boolean isWhole = exact.stripTrailingZeros().scale() <= 0 && size < LARGEST_READ;
        BigDecimal rounded = isWhole ? exact : exact.round(new MathContext(3));
        return size < LARGEST_READ && (size == 0 || size > SMALLEST_READ)
                ? rounded.stripTrailingZeros().toPlainString()
                : rounded.stripTrailingZeros().toString();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String percent(double share) {
        long whole = Math.round(share * 100);
        if (whole == 0) {
            return "less than 1 %";
        }
        return whole == 100 && share < 1 ? "more than 99 %" : whole + " %";
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }

    private static String clipped(String text) {
        if (text.isBlank()) {
            return "(blank)";
        }
        return text.codePointCount(0, text.length()) <= LONGEST_SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_SHOWN)) + "...";
    }
}

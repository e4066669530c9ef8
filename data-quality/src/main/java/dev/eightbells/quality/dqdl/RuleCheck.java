package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.RuleType.Part;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Holds rules and analyzers against what their types may have. */
final class RuleCheck {
    /** The two folders that a FileMatch compares with each other; with fewer it compares with hashes. */
    private static final int FOLDERS = 2;

    private final Problems problems;
    private final ConditionCheck conditions;

    RuleCheck(Problems problems, ConditionCheck conditions) {
        this.problems = problems;
        this.conditions = conditions;
    }

    static boolean needsCondition(RuleType type, int parameters) {
        return switch (type.conditions()) {
            case NONE, OPTIONAL_NUMBER -> false;
            case OPTIONAL_TEXT -> parameters < FOLDERS;
            case NUMBER, TEXT, VALUE, DURATION, MOMENT, SIZE -> true;
        };
    }

    void rule(RuleType type, List<String> parameters, Place place) {
        if (type.has(Part.ONLY_ANALYZER)) {
            problems.add(place, type.dqdl() + " is no rule; it stands among the Analyzers.");
        }
        count(type, parameters.size(), place);
        if (type == RuleType.DETECT_ANOMALIES && !parameters.isEmpty()) {
            Optional<RuleType> measured = RuleTypes.named(parameters.get(0)).filter(known -> known.has(Part.ANALYZER));
            if (measured.isEmpty()) {
                problems.add(
                        place,
                        "DetectAnomalies looks at what is measured, such as RowCount, not at " + parameters.get(0)
                                + ".");
            } else {
                count(measured.get(), parameters.size() - 1, place);
            }
        }
    }

    void analyzer(RuleType type, List<String> parameters, Place place) {
        if (!RuleTypes.isAnalyzer(type)) {
            problems.add(place, type.dqdl() + " is no analyzer; it stands among the Rules.");
        }
        count(type, parameters.size(), place);
    }

    private void count(RuleType type, int parameters, Place place) {
        if (parameters < type.leastParameters() || parameters > type.mostParameters()) {
            problems.add(place, type.dqdl() + " has " + wanted(type) + ", not " + parameters + ".");
        }
    }

    private static String wanted(RuleType type) {
        int least = type.leastParameters();
        int most = type.mostParameters();
        if (most == Integer.MAX_VALUE) {
            return "at least " + least + (least == 1 ? " parameter" : " parameters");
        }
        String numbers =
                switch (most - least) {
                    case 0 -> String.valueOf(most);
                    case 1 -> least + " or " + most;
                    default -> least + " to " + most;
                };
        return (most == 0 ? "no" : numbers) + (most == 1 ? " parameter" : " parameters");
    }

    /** Notes regular expressions among the parameters that cannot be used. */
    void patterns(RuleType type, List<String> parameters, List<Token> written) {
        if (type == RuleType.COLUMN_NAMES_MATCH_PATTERN) {
            for (int i = 0; i < parameters.size(); i++) {
                conditions.checkPattern(parameters.get(i), written.get(i).place());
            }
        }
    }

    boolean mayHaveCondition(RuleType type, int parameters, Place place) {
        return switch (type.conditions()) {
            case NONE -> {
                problems.add(place, type.dqdl() + " has no condition.");
                yield false;
            }
            case OPTIONAL_TEXT -> {
                if (parameters >= FOLDERS) {
                    problems.add(place, type.dqdl() + " has no condition when it compares two folders.");
                }
                yield parameters < FOLDERS;
            }
            case NUMBER, OPTIONAL_NUMBER, TEXT, VALUE, DURATION, MOMENT, SIZE -> true;
        };
    }

    void part(RuleType type, Part part, String shown, Place place) {
        if (!type.has(part)) {
            problems.add(place, type.dqdl() + " cannot have " + shown + ".");
        }
    }

    void tag(RuleType type, Token name, Token value, String text) {
        if (type != RuleType.FILE_FRESHNESS || !name.is("timeZone")) {
            return;
        }
        try {
            ZoneId.of(text);
        } catch (DateTimeException e) {
            problems.add(
                    value.place(),
                    "expected a time zone such as \"Europe/Berlin\" or \"UTC\", not " + value.shown() + ".");
        }
    }
}

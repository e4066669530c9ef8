package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.Condition.Operator;
import dev.eightbells.quality.dqdl.ConditionParser.Operated;
import dev.eightbells.quality.dqdl.ConditionParser.Written;
import dev.eightbells.quality.dqdl.Operand.Keyword;
import dev.eightbells.quality.dqdl.Operand.Moment;
import dev.eightbells.quality.dqdl.Operand.Numeric;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Holds a condition against what its subject may be compared with, and tells moments from other texts. */
final class ConditionCheck {
    private static final Set<Operator> EQUALITY =
            EnumSet.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN);
    private static final Set<Operator> MATCHING = EnumSet.of(Operator.MATCHES, Operator.NOT_MATCHES);

    private final Problems problems;

    ConditionCheck(Problems problems) {
        this.problems = problems;
    }

    /** The condition, whose operands are of the right kind unless that is noted. */
    Condition check(Written written, Subject subject) {
        List<Operated> operands =
                switch (subject.conditions()) {
                    case NUMBER, OPTIONAL_NUMBER -> all(written, subject, Numeric.class::isInstance);
                    case DURATION -> all(written, subject, Operand.Span.class::isInstance);
                    case SIZE -> all(written, subject, Operand.Size.class::isInstance);
                    case TEXT -> texts(written, subject, EQUALITY, "=, !=, in and not in");
                    case OPTIONAL_TEXT -> texts(written, subject, EnumSet.of(Operator.IN), "in");
                    case MOMENT -> all(withMoments(written), subject, Moment.class::isInstance);
                    case NONE, VALUE -> values(written, subject);
                };
        return new Condition(
                written.operator(), operands.stream().map(Operated::operand).toList(), written.text());
    }

    private List<Operated> all(Written written, Subject subject, Predicate<Operand> isWanted) {
        written.operands().stream()
                .filter(operated -> !isWanted.test(operated.operand()))
                .findFirst()
                .ifPresent(operated -> refuse(operated, subject.wanted().one(), subject.comparison()));
        return written.operands();
    }

    private List<Operated> texts(Written written, Subject subject, Set<Operator> operators, String shown) {
        if (!operators.contains(written.operator())) {
            problems.add(written.begin().place(), subject.name() + " is compared by " + shown + " only.");
            return written.operands();
        }
        return all(written, subject, Operand.Text.class::isInstance);
    }

    private List<Operated> values(Written written, Subject subject) {
        if (MATCHING.contains(written.operator())) {
            written.operands().forEach(this::checkPattern);
            return written.operands();
        }

        boolean isOrder = !EQUALITY.contains(written.operator());
        List<Operated> operands = withMoments(written).operands();
        Kind first = null;
        for (Operated operated : operands) {
            Kind kind = Kind.of(operated.operand());
            if (kind == Kind.OTHER) {
                refuse(operated, subject.wanted().one(), subject.comparison());
                return operands;
            }
            if (isOrder && (kind == Kind.KEYWORD || kind == Kind.TEXT)) {
                refuse(operated, "a number or a moment", "only those are in an order");
                return operands;
            }
            if (first == null && kind != Kind.KEYWORD) {
                first = kind;
            }
            if (kind != Kind.KEYWORD && kind != first) {
                refuse(operated, first.one, "the values of a condition are of one kind");
                return operands;
            }
        }
        return operands;
    }

    private enum Kind {
        NUMBER("a number"),
        TEXT("a text in quotes"),
        MOMENT("a moment such as \"2024-01-31\", \"21:45\" or now()"),
        KEYWORD("a keyword"),
        OTHER("a value");

        private final String one;

        Kind(String one) {
            this.one = one;
        }

        static Kind of(Operand operand) {
            if (operand instanceof Numeric) {
                return NUMBER;
            }
            if (operand instanceof Operand.Text) {
                return TEXT;
            }
            if (operand instanceof Moment) {
                return MOMENT;
            }
            return operand instanceof Keyword ? KEYWORD : OTHER;
        }
    }

    /** Texts are moments when all of them look like one. */
    private static Written withMoments(Written written) {
        boolean areMoments = written.operands().stream()
                .map(Operated::operand)
                .filter(Operand.Text.class::isInstance)
                .allMatch(text -> Moments.parse(((Operand.Text) text).value()).isPresent());
        return areMoments
                ? new Written(
                        written.operator(),
                        written.operands().stream()
                                .map(ConditionCheck::withMoment)
                                .toList(),
                        written.begin(),
                        written.text())
                : written;
    }

    private static Operated withMoment(Operated operated) {
        return operated.operand() instanceof Operand.Text text
                ? new Operated(Moments.parse(text.value()).orElseThrow(), operated.token())
                : operated;
    }

    private void checkPattern(Operated operated) {
        if (operated.operand() instanceof Operand.Text text) {
            checkPattern(text.value(), operated.token().place());
        }
    }

    /** Notes it when a regular expression cannot be used. */
    void checkPattern(String regex, Place place) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            problems.add(place, "expected a regular expression: " + e.getDescription() + ".");
        }
    }

    private void refuse(Operated operated, String expected, String reason) {
        problems.add(
                operated.token().place(),
                "expected " + expected + ", not " + operated.token().shown() + "; " + reason + ".");
    }
}

package dev.eightbells.quality.dqdl;

import java.util.List;

/**
 * What a value is compared with.
 *
 * @param operands all of one kind, apart from keywords: two for (not) between, any number from 1 for (not) in, else one
 * @param text as it was written, with single blanks
 */
public record Condition(Operator operator, List<Operand> operands, String text) {
    public Condition {
        operands = List.copyOf(operands);
    }

    /** How a value is compared. Between takes neither of its ends in. */
    public enum Operator {
        EQUAL,
        NOT_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        BETWEEN,
        NOT_BETWEEN,
        IN,
        NOT_IN,
        MATCHES,
        NOT_MATCHES
    }
}

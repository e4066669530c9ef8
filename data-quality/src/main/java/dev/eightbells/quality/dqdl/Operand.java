package dev.eightbells.quality.dqdl;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;

/** What stands on the right of a comparison. */
public sealed interface Operand {
    /** A number, or what is computed from numbers and history. */
    sealed interface Numeric extends Operand {}

    /** A number as it was written. */
    record Constant(BigDecimal value) implements Numeric {}

    /** Arithmetic over two numbers; {@code sign} is one of {@code + - * /}. */
    record Arithmetic(char sign, Numeric left, Numeric right) implements Numeric {}

    /** A function such as {@code avg(last(10))}; its name is as it was written. */
    record Call(String function, List<Numeric> arguments, Place place) implements Numeric {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** A text in quotes; {@code \"} stands for a quote, and every other backslash for itself. */
    record Text(String value) implements Operand {}

    /** A word that stands for a kind of value. */
    enum Keyword implements Operand {
        NULL,
        EMPTY,
        WHITESPACES_ONLY
    }

    /** A point in time. */
    sealed interface Moment extends Operand {}

    /** A day, which begins at 00:00. */
    record Day(LocalDate date) implements Moment {}

    /** A time of the present day. */
    record TimeOfDay(LocalTime time) implements Moment {}

    /** {@code now()}, and how much later than that; negative is earlier. */
    record Now(Duration later) implements Moment {}

    /** A length of time. */
    record Span(Duration length) implements Operand {}

    /** A size of a file. */
    record Size(long bytes) implements Operand {}
}

package dev.eightbells.pipeline;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * The session table of a pipeline.
 *
 * @param name {@code database.table}
 * @param by the events' column that names the visitor
 * @param time the events' timestamp column
 * @param gap a gap of more than this starts a new session; positive
 * @param maxDuration a longer session is marked in {@code over_max_duration}; null when sessions are not marked
 * @param columns the declared columns, in order
 */
public record Sessions(TableName name, String by, String time, Duration gap, Duration maxDuration, List<Column> columns)
        implements Serializable {
    /** The session's identity: of its visitor and start. */
    public static final String ID = "session_id";

    /** The time of the earliest event. */
    public static final String START = "session_start";

    /** The time of the latest event. */
    public static final String END = "session_end";

    /** From start to end, in seconds. */
    public static final String DURATION = "duration_seconds";

    /** How many events there are. */
    public static final String EVENTS = "event_count";

    /** Whether the session is longer than {@code maxDuration}; only there when the pipeline names one. */
    public static final String OVER_MAX_DURATION = "over_max_duration";

    /** The smallest key of the earliest events; only there when the events' table has a key. */
    public static final String FIRST_KEY = "first_key";

    /** The smallest key of the latest events; only there when the events' table has a key. */
    public static final String LAST_KEY = "last_key";

    public Sessions {
        columns = List.copyOf(columns);
    }

    /**
     * A declared column.
     *
     * @param name {@code [a-z_][a-z0-9_]*}
     * @param function how it is made
     * @param expression a Spark SQL expression: of the events' columns, or for {@link Function#EXPRESSION} of the
     *     session's
     */
    public record Column(String name, Function function, String expression) implements Serializable {}

    /** How a session's column is made. */
    public enum Function {
        /** The number of events for which the predicate holds. */
        COUNT,
        /** The exact sum of integers or decimals. */
        SUM,
        MIN,
        MAX,
        /** Whether the predicate holds for at least one event. */
        ANY,
        /** The value of the earliest event, null included. */
        FIRST,
        /** The value of the latest event, null included. */
        LAST,
        /** Computed from the session's other columns when its row is written. */
        EXPRESSION
    }
}

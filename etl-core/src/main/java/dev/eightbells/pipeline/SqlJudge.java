package dev.eightbells.pipeline;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says what is wrong with the SQL in a pipeline file. To understand SQL takes an engine, which this package does without:
 * whoever has one brings it along.
 */
@FunctionalInterface
public interface SqlJudge {

    /**
     * What is wrong with the declared columns of sessions, by their index; sentences without a final period.
     *
     * @param events the events' table, in which nothing else is wrong
     * @param sessions in which nothing else is wrong
     */
    SortedMap<Integer, String> problems(TableDefinition events, Sessions sessions);

    /** Takes any SQL, and leaves it to the step that computes it to refuse it. */
    static SqlJudge none() {
        return (events, sessions) -> new TreeMap<>();
    }
}

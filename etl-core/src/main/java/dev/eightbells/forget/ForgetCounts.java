package dev.eightbells.forget;

/**
 * How much of what is to go there is.
 *
 * @param events rows of the events' table
 * @param sessions that have such events
 * @param quarantine rejected records
 * @param objects of the ledger and of reports that quote a value
 * @param warehouse rows of the warehouse's table of events; null when there is none, or it cannot tell
 */
public record ForgetCounts(long events, long sessions, long quarantine, long objects, Long warehouse) {
    boolean isNothing() {
        return events == 0 && sessions == 0 && quarantine == 0 && objects == 0 && (warehouse == null || warehouse == 0);
    }
}

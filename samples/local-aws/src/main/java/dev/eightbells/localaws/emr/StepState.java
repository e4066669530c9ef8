package dev.eightbells.localaws.emr;

/** The states of a step, as EMR names them. */
enum StepState {
    PENDING,
    CANCEL_PENDING,
    RUNNING,
    COMPLETED,
    CANCELLED,
    FAILED,
    INTERRUPTED;

    boolean isEnded() {
        return this != PENDING && this != CANCEL_PENDING && this != RUNNING;
    }
}

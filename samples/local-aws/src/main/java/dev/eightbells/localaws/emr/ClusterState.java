package dev.eightbells.localaws.emr;

/** The states of a cluster, as EMR names them. */
enum ClusterState {
    STARTING,
    BOOTSTRAPPING,
    RUNNING,
    WAITING,
    TERMINATING,
    TERMINATED,
    TERMINATED_WITH_ERRORS;

    boolean takesSteps() {
        return compareTo(TERMINATING) < 0;
    }

    boolean isEnded() {
        return compareTo(TERMINATING) > 0;
    }
}

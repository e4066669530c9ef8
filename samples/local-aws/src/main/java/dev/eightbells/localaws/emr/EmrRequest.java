package dev.eightbells.localaws.emr;

/**
 * A request as it came.
 *
 * @param operation e.g. {@code AddJobFlowSteps}
 * @param body the request as JSON
 */
public record EmrRequest(String operation, String body) {}

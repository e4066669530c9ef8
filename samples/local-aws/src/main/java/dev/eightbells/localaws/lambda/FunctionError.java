package dev.eightbells.localaws.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Why an invocation failed, as Lambda tells it. */
final class FunctionError extends Exception {
    private static final long serialVersionUID = 1;

    /** An error as the function's process told it: JSON with {@code errorType} and {@code errorMessage}. */
    FunctionError(String payload) {
        super(payload, null, false, false);
    }

    /** An error that the service tells, because the process no longer can. */
    static FunctionError of(String type, String request, String what) {
        return new FunctionError(JsonNodeFactory.instance
                .objectNode()
                .put("errorType", type)
                .put("errorMessage", "RequestId: " + request + " Error: " + what)
                .toString());
    }

    String payload() {
        return getMessage();
    }
}

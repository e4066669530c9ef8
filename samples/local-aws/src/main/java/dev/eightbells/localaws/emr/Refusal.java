package dev.eightbells.localaws.emr;

/** What a request is refused with. */
final class Refusal extends RuntimeException {
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int INTERNAL = 500;

    private final int status;
    private final String code;

    private Refusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** What is asked for is not allowed now, or is not understood. */
    static Refusal invalid(String message) {
        return new Refusal(BAD_REQUEST, "ValidationException", message);
    }

    /** There is no such cluster or step to describe. */
    static Refusal unknown(String message) {
        return new Refusal(BAD_REQUEST, "InvalidRequestException", message);
    }

    static Refusal throttled() {
        return new Refusal(BAD_REQUEST, "ThrottlingException", "Rate exceeded");
    }

    /**
     * The caller may not.
     *
     * @param resource the ARN of the cluster; null for calls that are about none
     */
    static Refusal denied(String operation, String resource) {
        return new Refusal(
                BAD_REQUEST,
                "AccessDeniedException",
                "User: arn:aws:sts::123456789012:assumed-role/local/local is not authorized to perform:"
                        + " elasticmapreduce:" + operation + " on resource: " + (resource == null ? "*" : resource)
                        + " because no identity-based policy allows the elasticmapreduce:" + operation + " action");
    }

    static Refusal unsigned(String message) {
        return new Refusal(FORBIDDEN, "MissingAuthenticationTokenException", message);
    }

    static Refusal unknownOperation(String target) {
        return new Refusal(BAD_REQUEST, "UnknownOperationException", "This stand-in does not know " + target + ".");
    }

    static Refusal internal() {
        return new Refusal(INTERNAL, "InternalServerError", "An internal error occurred.");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}

package dev.eightbells.job;

import dev.eightbells.Failure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the services refuse, in sentences. */
final class AwsFailures {
    private static final Set<String> BAD_CREDENTIALS = Set.of(
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "ExpiredTokenException",
            "IncompleteSignature",
            "MissingAuthenticationTokenException",
            "RequestExpired");
    private static final Pattern DENIED =
            Pattern.compile("not authorized to perform:? ([a-z-]+:[A-Za-z]+)(?: on resource:? (\\S+))?");
    private static final Pattern UNKNOWN_ID =
            Pattern.compile("(?i)\\bid\\b.* is not valid|does(n't| not) exist|not found");
    private static final Pattern FULL = Pattern.compile("(?i)maximum number of (active |pending )?steps");
    private static final Pattern CLOSED = Pattern.compile("(?i)shutting down, terminat|is terminat|not accept.* steps");

    private AwsFailures() {}

    /**
     * A call of a service.
     *
     * @param service that is called
     * @param doing what for, e.g. {@code look up cluster j-1}
     * @param right that it takes, e.g. {@code elasticmapreduce:DescribeCluster}
     * @param resource that it is done to, e.g. {@code cluster j-1}
     */
    record Call(Service service, String doing, String right, String resource) {}

    /** A question without an answer. */
    static Failure asking(Call call, SdkException e) {
        String start = "Cannot " + call.doing + ": ";
        if (e instanceof AwsServiceException answer) {
            return answer.statusCode() >= 500
                    ? Failure.transientFailure(
                            start + call.service + " answered " + answered(answer) + ". Run it again later.", e)
                    : refused(start, call, answer);
        }
        return isForCredentials(e)
                ? noCredentials(start)
                : Failure.transientFailure(
                        start + call.service + " cannot be reached (" + said(e)
                                + "). Check the network and the endpoint, and run it again.",
                        e);
    }

    /** A job that was not taken, or for which that cannot be told. */
    static Failure sending(Call call, SdkException e) {
        String start = "Cannot " + call.doing + ": ";
        if (e instanceof AwsServiceException answer) {
            return answer.statusCode() >= 500 && !answer.isThrottlingException()
                    ? unknown(call, "answered " + answered(answer), e)
                    : refused(start, call, answer);
        }
        if (isForCredentials(e) || isBeforeSending(e)) {
            return asking(call, e);
        }
        return unknown(call, "did not answer (" + said(e) + ")", e);
    }

    /** Whether a service says that it does not know what was asked for. */
    static boolean isUnknown(SdkException e) {
        return e instanceof AwsServiceException answer
                && (answer.statusCode() == 404
                        || (answer.statusCode() < 500
                                && UNKNOWN_ID.matcher(message(answer)).find()
                                && !DENIED.matcher(message(answer)).find()));
    }

    /** What an exception says, in one line without what the SDK adds to it, and without its full stop. */
    static String said(SdkException e) {
        if (e instanceof AwsServiceException answer) {
            return message(answer);
        }

        Throwable cause = e.getCause();
        String message =
                e.getMessage() != null && cause != null && e.getMessage().startsWith("Unable to execute")
                        ? cause.getMessage()
                        : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : oneLine(message);
    }

    private static Failure refused(String start, Call call, AwsServiceException e) {
        Matcher denied = DENIED.matcher(message(e));
        if (denied.find()) {
            String on =
                    denied.group(2) == null ? call.resource : denied.group(2).replaceFirst("[.,;]+$", "");
            return Failure.input(
                    start + "access denied (" + message(e) + "). Grant " + denied.group(1) + " on " + on + ".");
        }
        if (e.isThrottlingException()) {
            return Failure.transientFailure(
                    start + call.service + " takes no more requests at the moment (" + answered(e)
                            + "). Run it again later.",
                    e);
        }
        if (e.isClockSkewException()) {
            return Failure.input(
                    start + call.service + " says that this machine's clock is wrong (" + answered(e) + "). Set it.");
        }
        if (BAD_CREDENTIALS.contains(code(e))) {
            return Failure.input(
                    start + call.service + " does not accept the credentials (" + code(e)
                            + "). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the profile or the role.");
        }
        if (code(e).startsWith("AccessDenied") || e.statusCode() == 403) {
            return Failure.input(
                    start + "access denied (" + answered(e) + "). Grant " + call.right + " on " + call.resource + ".");
        }
        if (FULL.matcher(message(e)).find()) {
            return Failure.transientFailure(
                    start + call.resource
                            + " has 256 steps that have not ended, and takes no more. Run it again when some"
                            + " have ended, or name another cluster.",
                    e);
        }
        if (CLOSED.matcher(message(e)).find()) {
            return Failure.input(start + call.resource + " is terminated or about to be (" + message(e)
                    + "). Start one like it, or name another under compute.");
        }
        return Failure.of(
                Failure.Kind.INPUT,
                start + call.service + " refused it (" + answered(e) + "). Correct compute in the pipeline file.",
                e);
    }

    private static Failure unknown(Call call, String how, SdkException e) {
        return Failure.of(
                Failure.Kind.UNKNOWN,
                "Cannot tell whether it worked to " + call.doing + ": " + call.service + " " + how
                        + ". Look for the job before sending it again.",
                e);
    }

    private static Failure noCredentials(String start) {
        return Failure.input(
                start + "no AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                        + " give this process a profile or a role.");
    }

    private static boolean isForCredentials(SdkException e) {
        return String.valueOf(e.getMessage()).startsWith("Unable to load credentials");
    }

    // No byte of the request was on its way.
    private static boolean isBeforeSending(SdkException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || (cause instanceof SocketTimeoutException
                            && String.valueOf(cause.getMessage())
                                    .toLowerCase(Locale.ROOT)
                                    .contains("connect"))) {
                return true;
            }
        }
        return false;
    }

    private static String answered(AwsServiceException e) {
        String message = message(e);
        return (e.statusCode() + " " + code(e)).strip() + (message.isEmpty() ? "" : ": " + message);
    }

    private static String code(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private static String message(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorMessage() == null ? "" : oneLine(details.errorMessage());
    }

    private static String oneLine(String message) {
        return message.replaceFirst("(?s)\\R.*", "")
                .replaceFirst("\\s*\\(SDK [^)]*\\)\\s*$", "")
                .replaceFirst("\\.+\\s*$", "");
    }
}

package dev.eightbells.store;

import dev.eightbells.Failure;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What S3 refuses, in sentences. */
final class S3Failures {
    private static final Set<String> NO_BUCKET = Set.of("NoSuchBucket", "InvalidBucketName");
    private static final Set<String> BAD_CREDENTIALS = Set.of(
            "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "RequestTimeTooSkewed");
    private static final Set<String> WRONG_REGION =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private S3Failures() {}

    /** What is done to S3, and the right that it takes. */
    enum Access {
        LIST("list", "s3:ListBucket"),
        READ("read", "s3:GetObject"),
        WRITE("write", "s3:PutObject and s3:GetObject"),
        DELETE("delete", "s3:DeleteObject");

        private final String verb;
        private final String rights;

        Access(String verb, String rights) {
            this.verb = verb;
            this.rights = rights;
        }
    }

    /** A client that cannot be made. */
    static Failure opening(Location location, SdkClientException e) {
        if (said(e).contains("region")) {
            return Failure.input("Cannot open " + location + ": no AWS region is known. Set AWS_REGION.");
        }
        return Failure.of(Failure.Kind.INPUT, "Cannot open " + location + ": " + said(e) + ".", e);
    }

    /** An object or, for an empty key, the location itself that cannot be accessed. */
    static Failure of(Access access, Location location, String key, SdkException e) {
        String start = "Cannot " + access.verb + " " + location.resolve(key) + ": ";
        return e instanceof S3Exception answer ? answered(start, access, location, answer) : unanswered(start, e);
    }

    /** Whether it is not the object that is missing but its bucket; a HEAD does not tell. */
    static boolean isNoBucket(S3Exception e) {
        return NO_BUCKET.contains(code(e));
    }

    private static Failure answered(String start, Access access, Location location, S3Exception e) {
        if (isNoBucket(e)) {
            return Failure.input(
                    start + "there is no bucket " + location.bucket() + ". Create it, or name another location.");
        }
        if (BAD_CREDENTIALS.contains(code(e))) {
            return Failure.input(
                    start + "S3 does not accept the credentials (" + code(e) + "). Check AWS_ACCESS_KEY_ID,"
                            + " AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the profile or the role.");
        }
        if (WRONG_REGION.contains(code(e)) || e.statusCode() == 301) {
            return Failure.input(start + "bucket " + location.bucket() + " is in another region" + region(e)
                    + ". Set AWS_REGION to the bucket's.");
        }
        if (e.statusCode() == 403) {
            return Failure.input(start + "access denied. Grant " + rights(access, location) + ".");
        }
        if (e.statusCode() >= 500 || e.isThrottlingException() || e.statusCode() == 409) {
            return Failure.transientFailure(start + "S3 answered " + answer(e) + ". Run it again later.", e);
        }
        return Failure.of(Failure.Kind.BUG, start + "S3 answered " + answer(e) + ".", e);
    }

    private static Failure unanswered(String start, SdkException e) {
        if (said(e).startsWith("Unable to load credentials")) {
            return Failure.input(start + "no AWS credentials were found. Set AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY, or give this process a profile or a role.");
        }
        return Failure.transientFailure(
                start + "S3 cannot be reached (" + said(e)
                        + "). Check the network and AWS_ENDPOINT_URL_S3, and run it again.",
                e);
    }

    private static String rights(Access access, Location location) {
        String bucket = "arn:aws:s3:::" + location.bucket();
        return access == Access.LIST
                ? access.rights + " on " + bucket
                : access.rights + " on " + bucket + "/" + location.prefix() + "*, and s3:ListBucket on " + bucket;
    }

    private static String answer(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String message = details == null ? null : details.errorMessage();
        return (e.statusCode() + " " + code(e)).strip() + (message == null ? "" : " (" + oneLine(message) + ")");
    }

    private static String code(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private static String region(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.sdkHttpResponse() == null
                ? ""
                : details.sdkHttpResponse()
                        .firstMatchingHeader("x-amz-bucket-region")
                        .map(name -> " (" + name + ")")
                        .orElse("");
    }

    private static String said(SdkException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : oneLine(e.getMessage());
    }

    private static String oneLine(String message) {
        return message.replaceFirst("(?s)\\R.*", "")
                .replaceFirst("\\s*\\(SDK [^)]*\\)\\s*$", "")
                .replaceFirst("\\.+\\s*$", "");
    }
}

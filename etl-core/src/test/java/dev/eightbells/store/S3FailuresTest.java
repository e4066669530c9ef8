package dev.eightbells.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.store.S3Failures.Access;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3FailuresTest {
    private static final Location LAKE = Location.of("s3://acme-lake/web/");

    @Test
    void namesTheRightToGrant() {
        says(
                Access.LIST,
                "",
                answer(403, "AccessDenied"),
                Failure.Kind.INPUT,
                "Cannot list s3://acme-lake/web/: access denied. Grant s3:ListBucket on arn:aws:s3:::acme-lake.");
        says(
                Access.WRITE,
                "x.json",
                answer(403, "AccessDenied"),
                Failure.Kind.INPUT,
                "Cannot write s3://acme-lake/web/x.json: access denied. Grant s3:PutObject and s3:GetObject on"
                        + " arn:aws:s3:::acme-lake/web/*, and s3:ListBucket on arn:aws:s3:::acme-lake.");
    }

    @Test
    void understandsAnAnswerWithoutABody() {
        says(
                Access.READ,
                "x.json",
                S3Exception.builder().statusCode(403).message("Forbidden").build(),
                Failure.Kind.INPUT,
                "Cannot read s3://acme-lake/web/x.json: access denied. Grant s3:GetObject on"
                        + " arn:aws:s3:::acme-lake/web/*, and s3:ListBucket on arn:aws:s3:::acme-lake.");
    }

    @Test
    void namesTheBucketsRegion() {
        says(
                Access.LIST,
                "",
                answer(301, "PermanentRedirect"),
                Failure.Kind.INPUT,
                "Cannot list s3://acme-lake/web/: bucket acme-lake is in another region (eu-west-1)."
                        + " Set AWS_REGION to the bucket's.");
    }

    @Test
    void asksForALaterRunWhenS3IsBusy() {
        says(
                Access.READ,
                "x",
                answer(503, "SlowDown"),
                Failure.Kind.TRANSIENT,
                "Cannot read s3://acme-lake/web/x: S3 answered 503 SlowDown (said S3). Run it again later.");
    }

    @Test
    void repeatsWhatItDoesNotKnow() {
        says(
                Access.READ,
                "x",
                answer(400, "InvalidRequest"),
                Failure.Kind.BUG,
                "Cannot read s3://acme-lake/web/x: S3 answered 400 InvalidRequest (said S3).");
    }

    @Test
    void asksForCredentials() {
        says(
                Access.READ,
                "x",
                SdkClientException.create("Unable to load credentials from any of the providers in the chain."),
                Failure.Kind.INPUT,
                "Cannot read s3://acme-lake/web/x: no AWS credentials were found. Set AWS_ACCESS_KEY_ID and"
                        + " AWS_SECRET_ACCESS_KEY, or give this process a profile or a role.");
    }

    private static void says(Access access, String key, SdkException e, Failure.Kind kind, String sentence) {
        Failure failure = S3Failures.of(access, LAKE, key, e);

        assertThat(failure).hasMessage(sentence);
        assertThat(failure.kind()).isEqualTo(kind);
    }

    private static SdkException answer(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("said S3")
                        .sdkHttpResponse(SdkHttpResponse.builder()
                                .statusCode(status)
                                .putHeader("x-amz-bucket-region", "eu-west-1")
                                .build())
                        .build())
                .build();
    }
}

package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eightbells.Failure;
import dev.eightbells.store.AwsEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginTest {
    private static final String VARIABLE = "AWS_ENDPOINT_URL_SECRETS_MANAGER";

    private Aws aws;

    @BeforeEach
    void start() throws IOException {
        aws = new Aws();
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void readsUserAndPassword() {
        aws.answer(
                200, secret("{\\\"username\\\": \\\"etl\\\", \\\"password\\\": \\\"planted\\\", \\\"port\\\": 5439}"));

        Login login = load();

        assertThat(login.user()).isEqualTo("etl");
        assertThat(login.password()).isEqualTo("planted");
        assertThat(aws.asked()).containsExactly("secretsmanager.GetSecretValue {\"SecretId\":\"acme/redshift\"}");
    }

    @Test
    void isNotShownAsText() {
        assertThat(new Login("etl", "planted")).hasToString("Login[etl]");
    }

    @Test
    void takesTheEndpointForAllOfAws() {
        aws.answer(200, secret("{\\\"username\\\": \\\"etl\\\", \\\"password\\\": \\\"planted\\\"}"));

        assertThat(Login.load("acme/redshift", AwsEnvironment.of(aws.environment("AWS_ENDPOINT_URL")))
                        .user())
                .isEqualTo("etl");
    }

    @ParameterizedTest(name = "{0} {1} → {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            400 | ResourceNotFoundException | INPUT     | Secrets Manager has no such secret, or none with a value. Name one of this account and region with 'secret' in the section warehouse, or set AWS_REGION to the secret's.
            400 | InvalidRequestException   | INPUT     | it said so. Restore it, or name another one with 'secret'.
            400 | DecryptionFailure         | INPUT     | its KMS key cannot be used (it said so). Grant kms:Decrypt on it.
            400 | AccessDeniedException     | INPUT     | it said so. Grant secretsmanager:GetSecretValue on it, and kms:Decrypt on its key.
            403 | Forbidden                 | INPUT     | it said so. Grant secretsmanager:GetSecretValue on it, and kms:Decrypt on its key.
            400 | UnrecognizedClientException | INPUT   | it said so. Check the AWS credentials and the name of the secret.
            400 | ThrottlingException       | TRANSIENT | Secrets Manager answered 400 (it said so). Run it again later.
            500 | InternalServiceError      | TRANSIENT | Secrets Manager answered 500 (it said so). Run it again later.
            """)
    void saysWhatWasRefused(int status, String type, Failure.Kind kind, String sentence) {
        aws.answer(status, "{\"__type\": \"" + type + "\", \"message\": \"it said so\"}");

        assertThatThrownBy(this::load)
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot read the secret acme/redshift: " + sentence)
                .extracting(thrown -> ((Failure) thrown).kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            planted                                          | it is no JSON object.
            {\\"username\\": \\"etl\\", \\"password\\": planted} | it is no JSON object.
            [\\"planted\\"]                                    | it is no JSON object.
            {\\"username\\": \\"planted\\"}                      | it has no 'password'.
            {\\"password\\": \\"planted\\"}                      | it has no 'username'.
            {\\"username\\": \\"\\", \\"password\\": \\"planted\\"}  | it has no 'username'.
            """)
    void saysWhatIsWrongWithTheSecretButNotWhatItHolds(String text, String sentence) {
        aws.answer(200, secret(text));

        Failure failure = catchThrowableOfType(Failure.class, this::load);

        assertThat(failure)
                .hasMessage("Cannot read the secret acme/redshift: " + sentence
                        + " Store {\"username\": …, \"password\": …} in it.");
        assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT);
        assertThat(stackTrace(failure)).doesNotContain("planted");
    }

    @Test
    void refusesSecretsOfBytes() {
        aws.answer(200, "{\"Name\": \"acme/redshift\", \"SecretBinary\": \"cGxhbnRlZA==\"}");

        assertThatThrownBy(this::load)
                .hasMessage("Cannot read the secret acme/redshift: it is no JSON object. Store {\"username\": …,"
                        + " \"password\": …} in it.");
    }

    @Test
    void saysThatNobodyIsThere() {
        aws.close();

        assertThatThrownBy(this::load)
                .isInstanceOf(Failure.class)
                .message()
                .startsWith("Cannot read the secret acme/redshift: Secrets Manager cannot be reached (")
                .endsWith("). Check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER, and run it again.");
    }

    @Test
    void saysWhatIsWrongWithTheEnvironment() {
        assertThatThrownBy(() -> Login.load("acme", AwsEnvironment.of(Map.of(VARIABLE, "localhost"))))
                .hasMessage("Cannot read the secret acme: the endpoint localhost is no address. Set"
                        + " AWS_ENDPOINT_URL_SECRETS_MANAGER to one like http://127.0.0.1:9000.");
        assertThatThrownBy(() -> Login.load(
                        "acme", AwsEnvironment.of(Map.of("AWS_REGION", "eu-west-1", "AWS_ACCESS_KEY_ID", "key"))))
                .hasMessage(
                        "Cannot read the secret acme: only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set."
                                + " Set both or none.");
    }

    private Login load() {
        return Login.load("acme/redshift", AwsEnvironment.of(aws.environment(VARIABLE)));
    }

    private static String secret(String text) {
        return "{\"Name\": \"acme/redshift\", \"SecretString\": \"" + text + "\"}";
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

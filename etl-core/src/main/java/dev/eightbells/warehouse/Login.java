package dev.eightbells.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import dev.eightbells.store.AwsEnvironment;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** Whom a warehouse knows, by what password; never shown as text. */
record Login(String user, String password) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ARN = Pattern.compile("arn:[^:]+:secretsmanager:([^:]+):.*");

    /**
     * Asks Secrets Manager, each time anew, because a secret may have been rotated.
     *
     * @param secret its name or ARN
     * @throws Failure when it is not to be had, or holds no user and password; says nothing of what it holds
     */
    static Login load(String secret, AwsEnvironment aws) {
        String start = "Cannot read the secret " + secret + ": ";
        String text;
        try (SecretsManagerClient client = client(secret, aws)) {
            text = client.getSecretValue(request -> request.secretId(secret)).secretString();
        } catch (SdkException e) {
            throw refused(start, e);
        }
        JsonNode json = parse(start, text);
        return new Login(member(start, json, "username"), member(start, json, "password"));
    }

    @Override
    public String toString() {
        return "Login[" + user + "]";
    }

    private static SecretsManagerClient client(String secret, AwsEnvironment aws) {
        SecretsManagerClientBuilder builder = SecretsManagerClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(10))
                        .socketTimeout(Duration.ofSeconds(30)));
        String doing = "read the secret " + secret;
        Optional<URI> endpoint = aws.endpoint("SECRETS_MANAGER", doing);
        Matcher arn = ARN.matcher(secret);
        Optional<Region> region = arn.matches() ? Optional.of(Region.of(arn.group(1))) : aws.region();
        endpoint.ifPresent(builder::endpointOverride);
        region.or(() -> endpoint.map(any -> Region.US_EAST_1)).ifPresent(builder::region);
        aws.credentials(doing).ifPresent(found -> builder.credentialsProvider(StaticCredentialsProvider.create(found)));
        return builder.build();
    }

    private static Failure refused(String start, SdkException e) {
        if (e instanceof ResourceNotFoundException) {
            return Failure.input(start + "Secrets Manager has no such secret, or none with a value. Name one of this"
                    + " account and region with 'secret' in the section warehouse, or set AWS_REGION to the secret's.");
        }
        if (e instanceof InvalidRequestException) {
            return Failure.input(start + said(e) + ". Restore it, or name another one with 'secret'.");
        }
        if (e instanceof DecryptionFailureException) {
            return Failure.input(start + "its KMS key cannot be used (" + said(e) + "). Grant kms:Decrypt on it.");
        }
        if (e instanceof SecretsManagerException answer) {
            return answered(start, answer);
        }
        if (said(e).contains("region")) {
            return Failure.input(start + "no AWS region is known. Set AWS_REGION, or name the secret by its ARN.");
        }
        if (said(e).startsWith("Unable to load credentials")) {
            return Failure.input(start + "no AWS credentials were found. Set AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY, or give this process a profile or a role.");
        }
        return Failure.transientFailure(
                start + "Secrets Manager cannot be reached (" + said(e)
                        + "). Check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER, and run it again.",
                e);
    }

    private static Failure answered(String start, SecretsManagerException e) {
        boolean isLater = e.statusCode() >= 500 || e.isThrottlingException();
        if (isLater) {
            return Failure.transientFailure(
                    start + "Secrets Manager answered " + e.statusCode() + " (" + said(e) + "). Run it again later.",
                    e);
        }
        boolean isDenied = e.statusCode() == 403
                || (e.awsErrorDetails() != null
                        && "AccessDeniedException".equals(e.awsErrorDetails().errorCode()));
        return Failure.input(start + said(e) + ". "
                + (isDenied
                        ? "Grant secretsmanager:GetSecretValue on it, and kms:Decrypt on its key."
                        : "Check the AWS credentials and the name of the secret."));
    }

    private static JsonNode parse(String start, String text) {
        try {
            JsonNode json = text == null ? null : JSON.readTree(text);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Its message quotes the secret, so it goes no further.
        }
        throw Failure.input(start + "it is no JSON object. Store {\"username\": …, \"password\": …} in it.");
    }

    private static String member(String start, JsonNode json, String name) {
        String value = json.path(name).asText("");
        if (value.isEmpty()) {
            throw Failure.input(start + "it has no '" + name + "'. Store {\"username\": …, \"password\": …} in it.");
        }
        return value;
    }

    private static String said(SdkException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.replaceFirst("(?s)\\R.*", "")
                .replaceAll("\\s*\\((Service:|SDK )[^)]*\\)", "")
                .strip()
                .replaceFirst("[.\\s]+$", "");
    }
}

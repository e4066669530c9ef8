package dev.eightbells.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eightbells.pipeline.RedshiftUrl;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.pipeline.Warehouse;
import dev.eightbells.store.AwsEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedshiftConnectorTest {
    private static final Login LOGIN = new Login("etl", "planted");
    private static final String SECRETS = "AWS_ENDPOINT_URL_SECRETS_MANAGER";

    private Aws aws;
    private Backend backend;

    @BeforeEach
    void start() throws IOException {
        aws = new Aws();
        backend = new Backend("password authentication failed for user \"etl\"");
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
        aws.close();
    }

    @Test
    void encryptsAndVerifiesOverANetwork() {
        assertThat(properties("jdbc:redshift://acme.example.com:5439/dev", LOGIN, Map.of()))
                .containsEntry("ssl", "true")
                .containsEntry("sslmode", "verify-full")
                .containsEntry("user", "etl")
                .containsEntry("password", "planted")
                .containsEntry("ApplicationName", "eightbells")
                .containsEntry("connectTimeout", "30")
                .containsEntry("loginTimeout", "120")
                .containsEntry("tcpKeepAlive", "true")
                .containsEntry("connectionTimezone", "SERVER")
                .doesNotContainKeys("AccessKeyID", "groupFederation");
    }

    @Test
    void letsTheDriverNeitherLogNorReadSettingsOfItsOwn() {
        assertThat(properties("jdbc:redshift://acme.example.com:5439/dev", LOGIN, Map.of()))
                .containsEntry("LogLevel", "OFF")
                .containsEntry("IniFile", "/dev/null");
    }

    @Test
    void doesNotEncryptOnThisMachineUnlessAsked() {
        assertThat(properties("jdbc:redshift://localhost:5439/dev", LOGIN, Map.of()))
                .containsEntry("ssl", "false")
                .doesNotContainKey("sslmode");
        assertThat(properties("jdbc:redshift://127.0.0.1:5439/dev?sslmode=verify-full", LOGIN, Map.of()))
                .doesNotContainKeys("ssl", "sslmode");
        assertThat(properties("jdbc:redshift:iam://127.0.0.1:5439/dev", null, Map.of()))
                .containsEntry("ssl", "true")
                .containsEntry("sslmode", "verify-full");
    }

    @Test
    void connectsWithTheKeysOfTheEnvironment() {
        assertThat(properties(
                        "jdbc:redshift:iam://acme:eu-west-1/dev",
                        null,
                        Map.of(
                                "AWS_ACCESS_KEY_ID",
                                "key",
                                "AWS_SECRET_ACCESS_KEY",
                                "planted",
                                "AWS_SESSION_TOKEN",
                                "token",
                                "AWS_ENDPOINT_URL_REDSHIFT",
                                "http://127.0.0.1:1",
                                "AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS",
                                "http://127.0.0.1:2")))
                .containsEntry("AccessKeyID", "key")
                .containsEntry("SecretAccessKey", "planted")
                .containsEntry("SessionToken", "token")
                .containsEntry("endpointUrl", "http://127.0.0.1:1")
                .containsEntry("groupFederation", "true")
                .doesNotContainKeys("user", "password");
        assertThat(properties("jdbc:redshift:iam://acme:eu-west-1/dev?DbUser=etl", null, Map.of()))
                .doesNotContainKeys("AccessKeyID", "SecretAccessKey", "SessionToken", "endpointUrl", "groupFederation");
        assertThatThrownBy(() ->
                        properties("jdbc:redshift:iam://acme:eu-west-1/dev", null, Map.of("AWS_ACCESS_KEY_ID", "key")))
                .hasMessage(
                        "Cannot connect to jdbc:redshift:iam://acme:eu-west-1/dev: only one of AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY is set. Set both or none.");
    }

    @Test
    void refusesToConnectAsNobody() {
        assertThatThrownBy(() -> connector("jdbc:redshift://acme.example.com:5439/dev", null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid warehouse: jdbc:redshift://acme.example.com:5439/dev without a secret");
    }

    @Test
    void asksForEncryptionBeforeAnythingElse() {
        assertThatThrownBy(() -> connector(plain() + "?sslmode=verify-full", null, Map.of())
                        .open())
                .isInstanceOf(SQLException.class)
                .hasMessage("The server does not support SSL.");
        assertThat(backend.heard()).containsExactly("TLS");
    }

    @Test
    void needsNoSecretOnThisMachine() {
        assertThatThrownBy(() -> connector(plain(), null, Map.of()).open())
                .isInstanceOf(SQLException.class)
                .hasMessage("FATAL: password authentication failed for user \"etl\"");
        assertThat(backend.heard()).hasSize(2).last().isEqualTo("password eightbells");
        assertThat(backend.heard().get(0))
                .contains("user eightbells", "database dev", "application_name eightbells")
                .doesNotContain("TimeZone");
    }

    @Test
    void takesUpARotatedSecret() {
        Connector connector = connector(plain(), "acme/redshift", aws.environment(SECRETS));

        secret("planted-first");
        assertThatThrownBy(connector::open).isInstanceOf(SQLException.class);
        secret("planted-second");
        assertThatThrownBy(connector::open).isInstanceOf(SQLException.class);

        assertThat(backend.heard())
                .filteredOn(heard -> heard.startsWith("password "))
                .containsExactly("password planted-first", "password planted-second");
    }

    @Test
    void asksServerlessForAPassword() {
        aws.answer(200, "{\"dbUser\": \"IAMR:etl\", \"dbPassword\": \"planted\", \"expiration\": 4102444800}");

        assertThatThrownBy(() -> connector(
                                iam() + "?isServerless=true&serverlessWorkGroup=acme&region=eu-west-1",
                                null,
                                aws.environment("AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS"))
                        .open())
                .hasMessage("The server does not support SSL.");
        assertThat(aws.asked()).hasSize(1).first().asString().contains("GetCredentials", "\"workgroupName\":\"acme\"");
        assertThat(backend.heard()).containsExactly("TLS");
    }

    @Test
    void asksTheClusterForAPasswordOfTheRole() {
        aws.answer(
                200,
                """
                <GetClusterCredentialsWithIAMResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/">
                  <GetClusterCredentialsWithIAMResult>
                    <DbUser>IAMR:etl</DbUser><DbPassword>planted</DbPassword>
                    <Expiration>2100-01-01T00:00:00Z</Expiration>
                  </GetClusterCredentialsWithIAMResult>
                </GetClusterCredentialsWithIAMResponse>
                """);

        assertThatThrownBy(() -> connector(
                                iam() + "?ClusterID=acme&region=eu-west-1",
                                null,
                                aws.environment("AWS_ENDPOINT_URL_REDSHIFT"))
                        .open())
                .hasMessage("The server does not support SSL.");
        assertThat(aws.asked()).last().asString().contains("Action=GetClusterCredentialsWithIAM");
        assertThat(backend.heard()).containsExactly("TLS");
    }

    @Test
    void tellsWhatAwsRefuses() {
        aws.answer(
                400,
                "{\"__type\": \"AccessDeniedException\", \"message\": \"User: etl is not authorized to perform:"
                        + " redshift-serverless:GetCredentials\"}");

        SQLException refused = catchThrowableOfType(SQLException.class, () -> connector(
                        iam() + "?isServerless=true&serverlessWorkGroup=denied&region=eu-west-1",
                        null,
                        aws.environment("AWS_ENDPOINT_URL"))
                .open());

        assertThat(WarehouseError.of(refused).kind()).isEqualTo(WarehouseError.Kind.PERMISSION);
        assertThat(WarehouseError.of(refused).toFailure("connect"))
                .message()
                .startsWith("Cannot connect: ")
                .contains("User: etl is not authorized to perform: redshift-serverless:GetCredentials");
        assertThat(stackTrace(refused)).doesNotContain("planted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong: %s", "wrong"})
    void showsNoSecretAnywhere(String refusal) throws IOException {
        secret("planted");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        List<Path> before = files();
        SQLException refused;
        Connector connector;
        try (Backend echoing = new Backend(refusal);
                PrintStream both = new PrintStream(printed, true, UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            connector = connector(
                    "jdbc:redshift://127.0.0.1:" + echoing.port() + "/dev", "acme/redshift", aws.environment(SECRETS));
            refused = catchThrowableOfType(SQLException.class, connector::open);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }

        assertThat((Throwable) refused).hasMessage("FATAL: " + refusal.replace("%s", "***"));
        assertThat(refused.getSQLState()).isEqualTo("28P01");
        assertThat(stackTrace(refused)).doesNotContain("planted");
        assertThat(connector.toString()).doesNotContain("planted");
        assertThat(printed.toString(UTF_8)).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void findsSecretsInCausesAndInWhatFollows() {
        SQLException behind = new SQLException("outer", "08006", new IOException("planted"));
        SQLException following = new SQLException("outer", "08006");
        following.setNextException(new SQLException("planted"));
        SQLException suppressing = new SQLException("outer", "08006");
        suppressing.addSuppressed(new IOException("planted"));
        SQLException clean = new SQLException("outer", "08006", new IOException("cause"));

        for (SQLException quoting : List.of(behind, following, suppressing)) {
            SQLException shown = RedshiftConnector.withoutSecrets(quoting, List.of("planted"));

            assertThat((Throwable) shown).hasMessage("outer").hasNoCause();
            assertThat(shown.getSQLState()).isEqualTo("08006");
            assertThat((Throwable) shown.getNextException()).isNull();
            assertThat(stackTrace(shown)).doesNotContain("planted");
        }
        assertThat((Throwable) RedshiftConnector.withoutSecrets(clean, List.of("planted")))
                .isSameAs(clean);
    }

    private String plain() {
        return "jdbc:redshift://127.0.0.1:" + backend.port() + "/dev";
    }

    private String iam() {
        return "jdbc:redshift:iam://127.0.0.1:" + backend.port() + "/dev";
    }

    private void secret(String password) {
        aws.answer(
                200,
                "{\"SecretString\": \"{\\\"username\\\": \\\"etl\\\", \\\"password\\\": \\\"" + password + "\\\"}\"}");
    }

    private static Properties properties(String url, Login login, Map<String, String> environment) {
        return RedshiftConnector.properties(RedshiftUrl.parse(url), login, AwsEnvironment.of(environment));
    }

    private static Connector connector(String url, String secret, Map<String, String> environment) {
        TableName events = new TableName("web", "events");
        return RedshiftConnector.of(new Warehouse(url, secret, "default", events, null, null, List.of()), environment);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(""))) {
            return files.sorted().toList();
        }
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

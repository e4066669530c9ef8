package dev.eightbells.steps;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.LocalSecrets;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.TableHistory;
import dev.eightbells.warehouse.RedshiftConnector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The password of the warehouse is nowhere to be seen, however a load ends. */
@ExtendWith(LocalServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadSecretsTest {
    private static final String SECRET = "acme/redshift";
    private static final String USER = "planted_user";
    private static final String PASSWORD = "Pl@nted/pass+word é%7=\"x";
    private static final String WRONG = "Pl@nted/wrong+word ü%8=\"y";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private LocalSecrets secrets;
    private LocalRedshift redshift;
    private LogCapture log;
    private WarehouseSite site;

    @BeforeAll
    void publish(@TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres)
            throws IOException, SQLException {
        secrets = LocalSecrets.start();
        redshift = LocalRedshift.start(s3).requiring(USER, PASSWORD);
        site = new WarehouseSite("secrets", folder, session, s3, postgres, redshift);
        site.environment().put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.endpoint());
        keep(PASSWORD);
        log = LogCapture.begin();
        PrintStream both = new PrintStream(printed, true, UTF_8);
        System.setOut(both);
        System.setErr(both);
        site.define(Site.VISITS, warehouse("secrets"));
    }

    @AfterAll
    void stop() {
        System.setOut(out);
        System.setErr(err);
        log.close();
        redshift.close();
        secrets.close();
    }

    private String warehouse(String schema) {
        return site.warehouse(schema) + "  secret: " + SECRET + "\n";
    }

    private void keep(String password) throws IOException {
        secrets.put(SECRET, new ObjectMapper().writeValueAsString(Map.of("username", USER, "password", password)));
    }

    /** What may show a password without being it. */
    private static List<String> forms(String password) throws IOException, NoSuchAlgorithmException {
        byte[] bytes = password.getBytes(UTF_8);
        String encoded = URLEncoder.encode(password, UTF_8);
        return List.of(
                password,
                new String(bytes, ISO_8859_1),
                encoded,
                encoded.replace("+", "%20"),
                new ObjectMapper().writeValueAsString(password).replaceAll("^\"|\"$", ""),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                HexFormat.of().formatHex(bytes),
                md5(bytes),
                md5((password + USER).getBytes(UTF_8)));
    }

    private static String md5(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    }

    private static void assertSilent(String where, String text) throws IOException, NoSuchAlgorithmException {
        for (String password : List.of(PASSWORD, WRONG)) {
            for (String form : forms(password)) {
                assertThat(text.contains(form)).as(where + " shows " + form).isFalse();
            }
        }
    }

    /** Loads with and without stack traces; the sentence is what the second one said. */
    private String load(int exitCode, String schema) throws IOException, NoSuchAlgorithmException {
        site.define(Site.VISITS, warehouse(schema));
        String sentence = null;
        for (String[] more : List.of(new String[] {"--debug"}, new String[0])) {
            Result result = site.command("load", more);
            assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
            assertSilent("standard output", result.out());
            assertSilent("standard error", result.err());
            sentence = result.err();
        }
        assertSilentElsewhere();
        return sentence;
    }

    private void assertSilentElsewhere() throws IOException, NoSuchAlgorithmException {
        assertSilent("the log", log.text());
        assertSilent("the process's output", printed.toString(UTF_8));
        assertSilent("the system properties", System.getProperties().toString());
        try (ObjectStore lake = site.lake();
                Workplace workplace = site.workplace()) {
            List<Object> holders = List.of(
                    workplace,
                    workplace.pipeline().warehouse(),
                    workplace.loader(),
                    RedshiftConnector.of(workplace.pipeline().warehouse(), site.environment()));
            for (Object holder : holders) {
                assertSilent("the text of a " + holder.getClass().getSimpleName(), holder.toString());
            }
            List<String> keys = new ArrayList<>();
            try (Stream<StoredObject> objects = lake.list("", "")) {
                objects.forEach(object -> keys.add(object.key()));
            }
            assertThat(keys).anyMatch(key -> key.contains("/attempts/")).anyMatch(key -> key.startsWith("loads/"));
            for (String key : keys) {
                assertSilent(key, content(key, lake.read(key).orElseThrow().bytes()));
            }
        }
    }

    private static String content(String key, byte[] bytes) throws IOException {
        byte[] plain =
                key.endsWith(".gz") ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes() : bytes;
        return new String(plain, ISO_8859_1);
    }

    @Test
    void nothingShowsThePasswordHoweverALoadEnds() throws Exception {
        site.deliver("a.json", new Visits.Event("a", "anna", Instant.parse("2026-03-01T12:00:00Z"), "/a", "1").json());
        Result run = site.command("run", "--debug");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertSilent("standard output", run.out());

        assertThat(load(0, "secrets")).isEmpty();
        try (Connection connection = RedshiftConnector.of(site.pipeline().warehouse(), site.environment())
                .open()) {
            assertSilent("the connection", connection + " " + connection.getClientInfo());
            assertThat(connection.getMetaData().getUserName()).isEqualTo(USER);
        }

        damaged();

        keep(WRONG);
        assertThat(load(2, "wrong"))
                .contains("password authentication failed for user \"" + USER + "\"")
                .contains("Check the user and the password in the secret");

        secrets.put(SECRET, "{\"username\": \"" + USER + "\", \"password\": " + PASSWORD);
        assertThat(load(2, "torn")).contains("Cannot read the secret " + SECRET + ": it is no JSON object.");

        keep(PASSWORD);
        redshift.close();
        assertThat(load(5, "refused")).contains("Check that the warehouse runs");
        assertThat(log.text()).contains("DEBUG");
    }

    /** COPY stops at a file of the length that it should have. */
    private void damaged() throws Exception {
        site.define(Site.VISITS, "");
        site.deliver("b.json", new Visits.Event("b", "bob", Instant.parse("2026-03-02T01:00:00Z"), "/b", "2").json());
        assertThat(site.command("run").exitCode()).isZero();
        try (Workplace workplace = site.workplace();
                ObjectStore lake = site.lake()) {
            TableHistory history = TableHistory.of(EventsTable.open(workplace.catalog(), workplace.pipeline())
                    .orElseThrow()
                    .table());
            String location = history.added(history.commits().get(0)).get(0).location();
            String key = location.substring(location.indexOf("/lake/") + "/lake/".length());
            byte[] whole = lake.read(key).orElseThrow().bytes();
            byte[] spoilt = whole.clone();
            Arrays.fill(spoilt, 4, 200, (byte) 7);
            lake.delete(key);
            lake.create(key, spoilt);
            assertThat(load(3, "secrets")).contains(location.substring(location.lastIndexOf('/') + 1));
            lake.delete(key);
            lake.create(key, whole);
            load(0, "secrets");
        }
    }
}

package dev.eightbells.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.localaws.LocalS3;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What the store on S3 does besides what all do, over any of the SDK's HTTP clients. */
abstract class S3ObjectStoreContract extends ObjectStoreContract {
    private static LocalS3 s3;

    private ObjectStore store;

    abstract ObjectStore open(Location location, Map<String, String> environment);

    @BeforeAll
    static void startS3() throws IOException {
        s3 = LocalS3.start();
        s3.createBucket("lakes");
    }

    @AfterAll
    static void stopS3() {
        s3.close();
    }

    @BeforeEach
    void openStore() {
        this.store = open(Location.of("s3://lakes/" + UUID.randomUUID()), s3.environment());
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Override
    ObjectStore store() {
        return store;
    }

    @Test
    void leavesDirectoryMarkersOut() {
        try (S3Client client = client()) {
            for (String key : new String[] {"", "a/", "a/x", "b/"}) {
                client.putObject(
                        put -> put.bucket("lakes").key(store.location().prefix() + key), RequestBody.fromString(""));
            }
        }

        assertThat(keys("", "")).containsExactly("a/x");
    }

    @Test
    void reachesTheWholeBucket() {
        s3.createBucket("whole");
        try (ObjectStore whole = open(Location.of("s3://whole"), s3.environment())) {
            whole.create("a/x", bytes("1"));

            assertThat(whole.list("", "").map(StoredObject::key)).containsExactly("a/x");
            assertThat(whole.list("a/", "a/w").map(StoredObject::key)).containsExactly("a/x");
        }
    }

    @Test
    void knowsItsOwnWriteWhenTheAnswerIsLost() throws IOException {
        try (LossyConnection lossy = new LossyConnection(s3.endpoint());
                ObjectStore far = open(store.location(), environment(lossy))) {
            lossy.loseAnswers(1);
            String etag = far.create("mine", bytes("by me")).orElseThrow();
            assertThat(etag).isEqualTo(store.find("mine").orElseThrow().etag());

            lossy.loseAnswers(1);
            String next = far.replace("mine", etag, bytes("again by me")).orElseThrow();
            assertThat(next).isEqualTo(store.find("mine").orElseThrow().etag());

            lossy.loseAnswers(1);
            assertThat(far.create("mine", bytes("by another"))).isEmpty();
            lossy.loseAnswers(1);
            assertThat(far.replace("mine", etag, bytes("by another"))).isEmpty();
        }
        assertThat(text("mine")).isEqualTo("again by me");
    }

    @Test
    void doesNotTakeEqualContentForItsOwn() {
        store.create("same", bytes("same"));

        assertThat(store.create("same", bytes("same"))).isEmpty();
    }

    @Test
    void readsOnWhenTheConnectionBreaks() throws IOException {
        byte[] content = new byte[500_000];
        new Random(7).nextBytes(content);
        String etag = store.create("raw", content).orElseThrow();

        try (LossyConnection lossy = new LossyConnection(s3.endpoint());
                ObjectStore far = open(store.location(), environment(lossy))) {
            lossy.breakAnswersAfter(200_000);
            try (InputStream stream = far.open("raw", etag, 1_000)) {
                assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 1_000, content.length));
            }
        }
    }

    @Test
    void readsAllOfAnObjectOrSaysThatItCannot() throws IOException {
        store.create("raw", new byte[500_000]);

        try (LossyConnection lossy = new LossyConnection(s3.endpoint());
                ObjectStore far = open(store.location(), environment(lossy))) {
            lossy.breakAnswersAfter(200_000);
            assertThatThrownBy(() -> far.read("raw"))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TRANSIENT))
                    .hasMessageMatching("Cannot read s3://lakes/.*/raw: S3 cannot be reached \\(.+\\)\\."
                            + " Check the network and AWS_ENDPOINT_URL_S3, and run it again\\.");
        }
    }

    @Test
    void noticesAChangeBehindABrokenConnection() throws IOException {
        String etag = store.create("raw", new byte[500_000]).orElseThrow();

        try (LossyConnection lossy = new LossyConnection(s3.endpoint());
                ObjectStore far = open(store.location(), environment(lossy))) {
            lossy.breakAnswersAfter(200_000);
            try (InputStream stream = far.open("raw", etag, 0)) {
                stream.readNBytes(10);
                store.replace("raw", etag, new byte[10]);

                assertThatThrownBy(stream::readAllBytes)
                        .isInstanceOf(Failure.class)
                        .hasMessage("Cannot read " + store.location() + "raw: it has changed since it was planned."
                                + " Abandon the batch that holds it with --return, and run again.");
            }
        }
    }

    @Test
    void closesALargeObjectWithoutReadingIt() throws IOException {
        String etag = store.create("large", new byte[20_000_000]).orElseThrow();

        for (int i = 0; i < 100; i++) {
            try (InputStream stream = store.open("large", etag, 0)) {
                assertThat(stream.read()).isZero();
            }
        }
    }

    @Test
    void saysThatThereIsNoBucket() {
        try (ObjectStore missing = open(Location.of("s3://missing/raw/"), s3.environment())) {
            String reason = "there is no bucket missing. Create it, or name another location.";
            refuses(
                    missing,
                    store -> store.list("", "").toList(),
                    Failure.Kind.INPUT,
                    "Cannot list s3://missing/raw/: " + reason);
            refuses(missing, store -> store.read("x"), Failure.Kind.INPUT, "Cannot read s3://missing/raw/x: " + reason);
            refuses(
                    missing,
                    store -> store.create("x", bytes("x")),
                    Failure.Kind.INPUT,
                    "Cannot write s3://missing/raw/x: " + reason);
            assertThatThrownBy(missing::prepare).hasMessage("Cannot list s3://missing/raw/: " + reason);
        }
    }

    @Test
    void saysThatTheCredentialsAreWrong() {
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("AWS_SECRET_ACCESS_KEY", "guessed");

        try (ObjectStore denied = open(store.location(), environment)) {
            refuses(
                    denied,
                    store -> store.list("", "").toList(),
                    Failure.Kind.INPUT,
                    "Cannot list " + store.location() + ": S3 does not accept the credentials (SignatureDoesNotMatch)."
                            + " Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the profile or the role.");
        }
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + port);

        try (ObjectStore nowhere = open(store.location(), environment)) {
            assertThatThrownBy(() -> nowhere.read("x"))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TRANSIENT))
                    .hasMessageMatching("Cannot read s3://lakes/.*/x: S3 cannot be reached \\(.*refused.*\\)\\."
                            + " Check the network and AWS_ENDPOINT_URL_S3, and run it again\\.");
        }
    }

    @Test
    void saysThatTheEnvironmentMakesNoSense() {
        Location location = Location.of("s3://lakes/a/");

        assertThatThrownBy(() -> open(location, Map.of("AWS_ENDPOINT_URL", "localhost:9000")))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot open s3://lakes/a/: the endpoint localhost:9000 is no address."
                        + " Set AWS_ENDPOINT_URL_S3 to one like http://127.0.0.1:9000.");
        assertThatThrownBy(() -> open(location, Map.of("AWS_REGION", "eu-west-1", "AWS_ACCESS_KEY_ID", "only the id")))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot open s3://lakes/a/: only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                        + " is set. Set both or none.");
    }

    private static void refuses(
            ObjectStore store, Function<ObjectStore, Object> access, Failure.Kind kind, String message) {
        assertThatThrownBy(() -> access.apply(store))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessage(message);
    }

    private static Map<String, String> environment(LossyConnection lossy) {
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("AWS_ENDPOINT_URL_S3", lossy.endpoint().toString());
        return environment;
    }

    private static S3Client client() {
        return S3Client.builder()
                .endpointOverride(s3.endpoint())
                .forcePathStyle(true)
                .region(Region.of(s3.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .httpClientBuilder(software.amazon.awssdk.http.apache.ApacheHttpClient.builder())
                .build();
    }
}

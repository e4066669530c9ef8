package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalS3;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListedS3Test {
    private static final int OBJECTS = 2_400;
    private static final FirehoseListing LISTING =
            new FirehoseListing("raw", Instant.parse("2024-11-04T20:00:00Z"), Duration.ofHours(4), 2, OBJECTS);

    private LocalS3 s3;
    private ListedS3 listed;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws IOException {
        s3 = LocalS3.start();
        s3.createBucket("lake");
        listed = ListedS3.start(LISTING, Duration.ZERO, s3.endpoint());
        environment = new HashMap<>(s3.environment());
        environment.put("AWS_ENDPOINT_URL_S3", listed.endpoint().toString());
    }

    @AfterEach
    void stop() {
        listed.close();
        s3.close();
    }

    @Test
    void listsEveryKeyOnceInOrder() {
        List<StoredObject> all = list("", "");

        assertThat(all).hasSize(2 * OBJECTS);
        assertThat(all).extracting(StoredObject::key).isSorted().doesNotHaveDuplicates();
        assertThat(all)
                .extracting(StoredObject::etag)
                .doesNotHaveDuplicates()
                .allMatch(tag -> tag.matches("[0-9a-f]{32}"));
        assertThat(all)
                .extracting(StoredObject::key)
                .allMatch(key -> key.matches(
                        "2024/11/0[45]/[0-9]{2}/clicks-1-2024-11-0[45]-[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}-[0-9a-f]{4}"
                                + "-4[0-9a-f]{3}-9[0-9a-f]{3}-[0-9a-f]{12}"));
    }

    @Test
    void listsBelowAPrefixAndAfterAKey() {
        List<StoredObject> all = list("", "");
        String some = all.get(1_234).key();

        assertThat(list("2024/11/05/", "")).isEqualTo(all.subList(OBJECTS, 2 * OBJECTS));
        assertThat(list("2024/11/04/21/", "")).hasSize(OBJECTS / 4).allMatch(one -> one.key()
                .startsWith("2024/11/04/21/"));
        assertThat(list("", some)).isEqualTo(all.subList(1_235, 2 * OBJECTS));
        assertThat(list("", "2024/11/05/")).isEqualTo(all.subList(OBJECTS, 2 * OBJECTS));
        assertThat(list("2025/", "")).isEmpty();
    }

    @Test
    void passesOnWhatConcernsOtherBuckets() {
        try (ObjectStore lake = ObjectStores.open(Location.of("s3://lake/a/"), environment)) {
            assertThat(lake.create("one", new byte[] {1, 2, 3})).isPresent();
            assertThat(lake.create("one", new byte[] {4})).isEmpty();
            assertThat(lake.find("one").orElseThrow().bytes()).isEqualTo(3);
            assertThat(lake.find("two")).isEmpty();
            assertThat(lake.read("one").orElseThrow().bytes()).containsExactly(1, 2, 3);
            try (Stream<StoredObject> objects = lake.list("", "")) {
                assertThat(objects).extracting(StoredObject::key).containsExactly("one");
            }
            lake.delete("one");
            assertThat(lake.read("one")).isEmpty();
        }
    }

    private List<StoredObject> list(String prefix, String startAfter) {
        try (ObjectStore raw = ObjectStores.open(Location.of("s3://raw/"), environment);
                Stream<StoredObject> objects = raw.list(prefix, startAfter)) {
            return objects.toList();
        }
    }
}

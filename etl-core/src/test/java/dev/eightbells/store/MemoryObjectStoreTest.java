package dev.eightbells.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreContract {
    private final MemoryObjectStore store = new MemoryObjectStore();

    @Override
    ObjectStore store() {
        return store;
    }

    @Test
    void tellsTheTimeByItsClock() {
        Instant noon = Instant.parse("2026-11-22T12:00:00Z");
        try (MemoryObjectStore dated =
                new MemoryObjectStore(Location.of("s3://raw/"), Clock.fixed(noon, ZoneOffset.UTC))) {
            dated.create("a", bytes("x"));

            assertThat(dated.find("a"))
                    .hasValueSatisfying(found -> assertThat(found.modified()).isEqualTo(noon));
        }
    }
}

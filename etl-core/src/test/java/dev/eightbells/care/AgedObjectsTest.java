package dev.eightbells.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgedObjectsTest {
    private static final Instant BEFORE = Instant.parse("2026-02-01T00:00:00Z");

    private static StoredObject object(String key, String modified) {
        return new StoredObject("quarantine/" + key, "e", 10, Instant.parse(modified + "T00:00:00Z"));
    }

    private static AgedObjects aged(Set<String> open, StoredObject... objects) {
        return AgedObjects.of("quarantine", "quarantine/", Stream.of(objects), BEFORE, open);
    }

    @Test
    void aBatchesObjectsGoTogetherOnceTheNewestIsTooOld() {
        AgedObjects aged = aged(
                Set.of(),
                object("20260101T0400Z/1/a.gz", "2026-01-01"),
                object("20260101T0400Z/2/b.gz", "2026-01-31"),
                object("20260101T0800Z/1/a.gz", "2026-01-01"),
                object("20260101T0800Z/2/b.gz", "2026-02-01"));
        assertThat(aged)
                .isEqualTo(new AgedObjects(
                        "quarantine",
                        List.of("quarantine/20260101T0400Z/1/a.gz", "quarantine/20260101T0400Z/2/b.gz"),
                        20,
                        1));
    }

    @Test
    void whatWasWrittenLatelyOfOldWindowsStays() {
        assertThat(aged(Set.of(), object("20200101T0400Z-r1/1/a.gz", "2026-02-02"))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void batchesThatAreNotDoneKeepTheirs() {
        assertThat(aged(Set.of("20260101T0400Z"), object("20260101T0400Z/1/a.gz", "2026-01-01"))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void whatIsOfNoBatchIsNotTouched() {
        assertThat(aged(Set.of(), object("notes/a.txt", "2020-01-01"), object("a.txt", "2020-01-01"))
                        .isEmpty())
                .isTrue();
    }
}

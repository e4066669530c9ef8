package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DigestsTest {
    @Test
    void anEmptySetHasNothing() {
        assertThat(Digests.NONE.contains("a", "1")).isFalse();
        assertThat(Digests.NONE.and(List.of()).contains("a", "1")).isFalse();
    }

    @Test
    void theSameKeyWithAnotherTagIsAnotherObject() {
        Digests digests = Digests.NONE.and(List.of(digest("a", "1")));

        assertThat(digests.contains("a", "1")).isTrue();
        assertThat(digests.contains("a", "2")).isFalse();
        assertThat(digests.contains("a1", "")).isFalse();
    }

    @Property(tries = 50)
    void hasWhatWasAddedInAnyPortionsAndNothingElse(
            @ForAll @IntRange(max = 3_000) int count, @ForAll @IntRange(min = 1, max = 700) int portion) {
        Digests digests = Digests.NONE;
        for (int first = 0; first < count; first += portion) {
            List<long[]> more = new ArrayList<>();
            for (int key = first; key < Math.min(count, first + portion); key++) {
                more.add(digest("key" + key, "tag"));
            }
            // What is there already changes nothing.
            digests = digests.and(more).and(more.subList(0, 1));
        }

        for (int key = 0; key < 2 * count; key++) {
            assertThat(digests.contains("key" + key, "tag")).isEqualTo(key < count);
        }
    }

    private static long[] digest(String key, String etag) {
        return Digests.of(key, etag).toArray();
    }
}

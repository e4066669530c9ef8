package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LosersTest {
    private static final int PLACE_BYTES = 16;

    @TempDir
    private Path folder;

    private final List<File> files = new ArrayList<>();

    private Losers losers(int mostInMemory) {
        return new Losers(
                user -> {
                    files.add(folder.resolve("places-" + files.size()).toFile());
                    return files.get(files.size() - 1);
                },
                mostInMemory * PLACE_BYTES);
    }

    private static EventRow row(int ordinal, long offset) {
        UnsafeRow columns = new UnsafeRow(0);
        columns.pointTo(new byte[0], 0);
        return EventRow.of(EventRow.encode(0, ordinal, offset, columns));
    }

    private static Key key(String key) {
        return Key.ofBytes(key.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> pairs(Losers losers, Map<Key, EventRow> winners) {
        List<String> pairs = new ArrayList<>();
        losers.against(winners)
                .forEachRemaining(lost -> pairs.add(lost.ordinal() + "@" + lost.offset() + " "
                        + lost.winner().ordinal() + "@" + lost.winner().offset()));
        return pairs;
    }

    @Test
    void allRowsOfAKeyLoseAgainstTheOneThatIsFirstInTheEnd() {
        Losers losers = losers(10);
        losers.add(key("x"), row(3, 7));
        losers.add(key("y"), row(3, 8));
        losers.add(key("x"), row(2, 1L << 40));
        assertThat(pairs(losers, Map.of(key("x"), row(0, 5), key("y"), row(1, 0))))
                .containsExactly("3@7 0@5", "3@8 1@0", "2@1099511627776 0@5");
        assertThat(files).isEmpty();
    }

    @Test
    void rowsWhoseKeyIsPublishedLoseAgainstNoneOfTheBatch() {
        Losers losers = losers(10);
        losers.add(key("x"), row(0, 1));
        losers.add(key("y"), row(0, 2));
        losers.add(key("x"), row(0, 3));
        assertThat(pairs(losers, Map.of(key("y"), row(0, 0)))).containsExactly("0@2 0@0");
        assertThat(pairs(losers(10), Map.of())).isEmpty();
    }

    @Test
    void whatIsTooMuchForMemoryIsOnDiskAndComesInItsOrder() throws IOException {
        for (int many : List.of(99, 100, 101, 1000)) {
            files.clear();
            Losers losers = losers(100);
            List<String> expected = new ArrayList<>();
            for (int number = 0; number < many; number++) {
                losers.add(key("x" + number % 7), row(1, number));
                expected.add("1@" + number + " 0@" + number % 7);
            }
            Map<Key, EventRow> winners = new HashMap<>();
            for (int number = 0; number < 7; number++) {
                winners.put(key("x" + number), row(0, number));
            }
            assertThat(pairs(losers, winners)).isEqualTo(expected);
            losers.close();
            assertThat(files).hasSize(many < 100 ? 0 : 1);
            if (many >= 100) {
                assertThat(Files.size(files.get(0).toPath())).isEqualTo((many / 100) * 100L * PLACE_BYTES);
            }
        }
    }

    @Test
    void aDiskThatCannotBeWrittenIsNamed() {
        File nowhere = folder.resolve("gone/places").toFile();
        Losers losers = new Losers(user -> nowhere, PLACE_BYTES);
        EventRow row = row(0, 1);
        assertThatThrownBy(() -> losers.add(key("x"), row))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot keep the places of duplicates in " + nowhere);
    }
}

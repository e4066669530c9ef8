package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.read.Reading.Item;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FramingProperties {
    private static final TableDefinition TABLE = Reading.table(Reading.column("a", Primitive.STRING));
    private static final int LARGE = 1 << 16;

    @Property(tries = 3000)
    void losesNothing(@ForAll("documents") byte[] document, @ForAll("limits") int maxRecord) {
        Reading reading = Reading.of(document, Split.whole(), TABLE, maxRecord, LARGE);
        assertThat(reading.read()).isEqualTo(reading.items().size());
        long position = startsWithMark(document) ? 3 : 0;
        for (Item item : reading.items()) {
            assertThat(item.offset()).isGreaterThanOrEqualTo(position);
            assertThat(item.length()).isPositive();
            assertNothingBetween(document, position, item.offset());
            position = item.end();
            if (item.text() != null) {
                assertThat(item.text()).hasSize((int) item.length());
            }
            assertThat(item.reason() == null || item.text() != null || item.length() > maxRecord)
                    .isTrue();
        }
        assertNothingBetween(document, position, document.length);
        assertThat(reading.coverage()).isEqualTo(new Coverage(0, document.length));
    }

    @Property(tries = 2000)
    void readsTheSameThroughAnyWindow(
            @ForAll("documents") byte[] document,
            @ForAll("limits") int maxRecord,
            @ForAll @IntRange(min = 1, max = 40) int capacity) {
        Reading whole = Reading.of(document, Split.whole(), TABLE, maxRecord, LARGE);
        assertThat(Reading.of(document, Split.whole(), TABLE, maxRecord, capacity))
                .isEqualTo(whole);
    }

    @Property(tries = 3000)
    void readsTheSameInAnySplitsWhoseChainCloses(
            @ForAll("documents") byte[] document,
            @ForAll("limits") int maxRecord,
            @ForAll @Size(max = 6) List<@IntRange(min = 0, max = 400) Integer> cuts) {
        List<Reading> parts = split(document, maxRecord, cuts);
        if (closes(parts)) {
            List<Item> items = new ArrayList<>();
            parts.forEach(part -> items.addAll(part.items()));
            assertThat(items)
                    .isEqualTo(Reading.of(document, Split.whole(), TABLE, maxRecord, LARGE)
                            .items());
        }
    }

    @Property(tries = 1000)
    void closesTheChainOfSplitsOfGoodLines(
            @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 1_000_000) Integer> numbers,
            @ForAll @Size(max = 6) List<@IntRange(min = 0, max = 300) Integer> cuts) {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append("{\"a\":")
                    .append(number)
                    .append(number % 5 == 0 ? "}\r\n\n" : number % 7 == 0 ? ",}\n" : "}\n");
        }
        byte[] document = text.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(closes(split(document, Reading.MAX_RECORD, cuts))).isTrue();
    }

    private static List<Reading> split(byte[] document, int maxRecord, List<Integer> cuts) {
        List<Integer> ends = new ArrayList<>(
                cuts.stream().filter(cut -> cut < document.length).sorted().toList());
        ends.add(document.length);
        List<Reading> parts = new ArrayList<>();
        long start = 0;
        for (int end : ends) {
            parts.add(Reading.of(document, new Split(start, end), TABLE, maxRecord, 16));
            start = end;
        }
        return parts;
    }

    private static boolean closes(List<Reading> parts) {
        for (int i = 1; i < parts.size(); i++) {
            if (parts.get(i - 1).coverage().last() != parts.get(i).coverage().first()) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWithMark(byte[] b) {
        return b.length >= 3 && b[0] == (byte) 0xEF && b[1] == (byte) 0xBB && b[2] == (byte) 0xBF;
    }

    private static void assertNothingBetween(byte[] document, long from, long to) {
        for (int i = (int) from; i < to; i++) {
            assertThat(" \t\r\n[],").contains(String.valueOf((char) (document[i] & 0xFF)));
        }
    }

    @Provide
    Arbitrary<byte[]> documents() {
        return Documents.all();
    }

    @Provide
    Arbitrary<Integer> limits() {
        return Arbitraries.of(1, 5, 7, 20, 50, Reading.MAX_RECORD);
    }
}

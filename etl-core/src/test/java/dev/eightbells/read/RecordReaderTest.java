package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.TableDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {
    private static final TableDefinition TABLE = Reading.table(Reading.column("a", Primitive.INT));

    @Test
    void splitsLinesWhereTheyBegin() {
        byte[] lines = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}".getBytes(StandardCharsets.UTF_8);
        Reading first = split(lines, 0, 9);
        Reading second = split(lines, 9, 16);
        Reading third = split(lines, 16, lines.length);
        assertThat(first.rows()).containsExactly(1, 2);
        assertThat(second.rows()).isEmpty();
        assertThat(third.rows()).containsExactly(3, 4);
        assertThat(first.coverage()).isEqualTo(new Coverage(0, 16));
        assertThat(second.coverage()).isEqualTo(new Coverage(16, 16));
        assertThat(third.coverage()).isEqualTo(new Coverage(16, 31));
    }

    @Test
    void showsAChainThatDoesNotClose() {
        byte[] pretty = "{\n\"a\":\n1\n}\n{\"a\":2}\n".getBytes(StandardCharsets.UTF_8);
        assertThat(split(pretty, 0, 4).coverage().last()).isEqualTo(11);
        assertThat(split(pretty, 4, pretty.length).coverage().first()).isEqualTo(7);

        byte[] array = "[{\"a\":1},\n{\"a\":2},\n{\"a\":3}]\n{\"a\":4}".getBytes(StandardCharsets.UTF_8);
        assertThat(split(array, 0, 5).coverage().last()).isEqualTo(28);
        assertThat(split(array, 5, array.length).coverage().first()).isEqualTo(10);
    }

    @Test
    void endsWithTheObjectWhenNoLineBeginsInASplit() {
        byte[] glued = "{\"a\":1}{\"a\":2}".getBytes(StandardCharsets.UTF_8);
        assertThat(split(glued, 0, 5).coverage()).isEqualTo(new Coverage(0, 14));
        assertThat(split(glued, 5, 10).coverage()).isEqualTo(new Coverage(14, 14));
        assertThat(split(glued, 5, 10).items()).isEmpty();
    }

    @Test
    void putsTheByteOrderMarkIntoTheFirstSplit() {
        byte[] marked = "\uFEFF{\"a\":1}\n{\"a\":2}\n".getBytes(StandardCharsets.UTF_8);
        assertThat(split(marked, 0, 2).rows()).containsExactly(1);
        assertThat(split(marked, 0, 2).coverage()).isEqualTo(new Coverage(0, 11));
        assertThat(split(marked, 2, 19).rows()).containsExactly(2);
        assertThat(split(marked, 2, 19).coverage()).isEqualTo(new Coverage(11, 19));
    }

    @Test
    void givesNoCoverageBeforeTheEnd() throws IOException {
        try (RecordReader reader = RecordReader.open(source("{\"a\":1}\n"), Split.whole(), TABLE, 100)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.coverage()).isEqualTo(new Coverage(0, -1));
            assertThat(reader.next()).isFalse();
            assertThat(reader.coverage()).isEqualTo(new Coverage(0, 8));
            assertThat(reader.next()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}\n", "\uFEFF\n {\"a\":1} \r\n{"})
    void splitsObjectsWhoseFirstRecordIsALine(String head) {
        assertThat(RecordReader.isSplittable(head.getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "[{\"a\":1},\n",
                "{\"a\":1}",
                "{\"a\":1}{\"a\":2}\n",
                "{\"a\":1",
                "{\"a\":x}\n",
                "{\n\"a\": [1]\n}\n",
                "x",
                "\u001f\u008b\n"
            })
    void splitsNoOthers(String head) {
        assertThat(RecordReader.isSplittable(head.getBytes(StandardCharsets.ISO_8859_1)))
                .isFalse();
    }

    @Test
    void refusesAnObjectThatIsNotAsLongAsPlanned() throws IOException {
        byte[] bytes = "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> readAll(bytes, 9))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot read s3://raw/x: it has only 8 bytes and was planned with 9."
                        + " Plan again, or restore the object that was planned.");
        assertThatThrownBy(() -> readAll(bytes, 7))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot read s3://raw/x: it has at least 8 bytes and was planned with 7."
                        + " Plan again, or restore the object that was planned.");
        assertThat(readAll(bytes, 8)).isEqualTo(1);
        assertThat(readAll(bytes, -1)).isEqualTo(1);
    }

    @Test
    void refusesALimitOfNothing() {
        assertThatThrownBy(() -> RecordReader.open(source(""), Split.whole(), TABLE, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid maxRecord: 0 (at least 1 byte)");
        assertThatThrownBy(() -> new Split(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid split: [2, 1) (0 <= start <= end)");
    }

    @Test
    void keepsAccountOfARecordThatDoesNotFitItsColumns() {
        Reading reading = Reading.of("{\"a\":1}{\"a\":\"x\"}{\"a\":3}", TABLE);
        assertThat(reading.rows()).isEqualTo(List.of(1, 3));
        assertThat(reading.items().get(1).offset()).isEqualTo(7);
        assertThat(reading.texts()).containsExactly("{\"a\":\"x\"}");
        assertThat(reading.read()).isEqualTo(3);
    }

    private static Reading split(byte[] bytes, long start, long end) {
        return Reading.of(bytes, new Split(start, end), TABLE, 1000, 8);
    }

    private static RecordSource source(String text) {
        return Reading.source(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long readAll(byte[] bytes, long planned) throws IOException {
        RecordSource source = new RecordSource("s3://raw/x", offset -> new ByteArrayInputStream(bytes), planned);
        try (RecordReader reader = RecordReader.open(source, Split.whole(), TABLE, 100)) {
            while (reader.next()) {
                assertThat(reader.rejection()).isNull();
            }
            return reader.read();
        }
    }
}

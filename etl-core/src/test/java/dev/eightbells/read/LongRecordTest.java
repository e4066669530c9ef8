package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.ColumnType.Primitive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongRecordTest {
    private static final int MAX_RECORD = 1 << 20;
    private static final String MEGABYTE = "x".repeat(1 << 20);

    @Test
    void passesOverALongRecordBetweenGluedOnes() throws IOException {
        List<String> found = read("{\"a\":1}{\"a\":\"", 50, "\",\"b\":[{\"a\":9}]}{\"a\":2}", 0, "");
        assertThat(found)
                .containsExactly("record 0+7", "too-long 7+" + ((50 << 20) + 22), "record " + ((50 << 20) + 29) + "+7");
    }

    @Test
    void passesOverALongElementOfAnArray() throws IOException {
        List<String> found = read("[{\"a\":\"", 3, "\"},\n {\"a\":2},{\"a\":\"", 2, "\"}]\n{\"a\":3}");
        assertThat(found).hasSize(4);
        assertThat(found.get(0)).isEqualTo("too-long 1+" + ((3 << 20) + 8));
        assertThat(found.get(1)).startsWith("record");
        assertThat(found.get(2)).startsWith("too-long").endsWith("+" + ((2 << 20) + 8));
        assertThat(found.get(3)).startsWith("record");
    }

    @Test
    void passesOverALongPrettyRecord() throws IOException {
        List<String> found = read("{\n  \"a\": \"", 5, "\",\n  \"b\": {\n    \"a\": 1\n  }\n}\n{\"a\":2}\n", 0, "");
        assertThat(found).hasSize(2);
        assertThat(found.get(0)).startsWith("too-long 0+");
        assertThat(found.get(1)).startsWith("record");
    }

    @Test
    void keepsALongMalformedStretchByReference() throws IOException {
        List<String> found = read("oops ", 20, " {\"a\":8}\n{\"a\":1}\n", 0, "");
        assertThat(found).containsExactly("not-json 0+" + ((20 << 20) + 13), "record " + ((20 << 20) + 14) + "+7");
    }

    @Test
    void endsALongRecordThatTurnsOutMalformed() throws IOException {
        List<String> found = read("{\"a\":\"", 4, "\" oops,\n  \"b\": {\"a\":9}\n}\n{\"a\":1}\n", 0, "");
        assertThat(found).hasSize(3);
        assertThat(found.get(0)).isEqualTo("too-long 0+" + ((4 << 20) + 28));
        assertThat(found.get(1)).startsWith("not-json").endsWith("+1");
        assertThat(found.get(2)).startsWith("record");
    }

    @Test
    void endsALongRecordThatNeverEnds() throws IOException {
        assertThat(read("{\"a\":\"", 30, "", 0, "")).containsExactly("too-long 0+" + ((30 << 20) + 6));
        assertThat(read("[1", 0, ",1".repeat(1 << 20), 0, "]\n{\"a\":1}"))
                .containsExactly("too-long 0+2097155", "record 2097156+7");
    }

    @Test
    void takesARecordThatIsJustNotTooLong() throws IOException {
        String exact = "{\"a\":\"" + "y".repeat(MAX_RECORD - 8) + "\"}";
        assertThat(read(exact, 0, exact, 0, "")).containsExactly("record 0+1048576", "record 1048576+1048576");
        String longer = exact.replace("\"}", "y\"}");
        assertThat(read(exact, 0, longer, 0, exact))
                .containsExactly("record 0+1048576", "too-long 1048576+1048577", "record 2097153+1048576");
    }

    @Test
    void passesOverBlanksWithoutEnd() throws IOException {
        List<InputStream> parts = new ArrayList<>();
        parts.add(text("{\"a\":1}\n"));
        for (int i = 0; i < 40; i++) {
            parts.add(text(i % 2 == 0 ? " ".repeat(1 << 20) : "\n".repeat(1 << 20)));
        }
        parts.add(text("{\"a\":2}"));
        assertThat(read(parts)).containsExactly("record 0+7", "record " + ((40 << 20) + 8) + "+7");
    }

    @Test
    void quarantinesARecordWhoseNeighbourIsAMegabyteAway() throws IOException {
        String far = " ".repeat((1 << 20) + 1);
        assertThat(read("{\"a\":1}" + far + "{\"a\":2}\n{\"a\":3}\n", 0, "", 0, ""))
                .containsExactly("not-json 0+1048584", "record 1048584+7", "record 1048592+7");
    }

    private static List<String> read(String head, int megabytes, String middle, int more, String tail)
            throws IOException {
        List<InputStream> parts = new ArrayList<>();
        parts.add(text(head));
        parts.addAll(Collections.nCopies(megabytes, MEGABYTE).stream()
                .map(LongRecordTest::text)
                .toList());
        parts.add(text(middle));
        parts.addAll(Collections.nCopies(more, MEGABYTE).stream()
                .map(LongRecordTest::text)
                .toList());
        parts.add(text(tail));
        return read(parts);
    }

    private static List<String> read(List<InputStream> parts) throws IOException {
        RowCaster caster = new RowCaster(Reading.table(Reading.column("a", Primitive.STRING)));
        ByteWindow window = new ByteWindow(new SequenceInputStream(Collections.enumeration(parts)), 0, 1 << 16);
        RecordFramer framer = new RecordFramer(window, caster.tokenizer(), MAX_RECORD, 0, Long.MAX_VALUE);
        List<String> found = new ArrayList<>();
        while (framer.next()) {
            Rejection rejection = framer.rejection();
            assertThat(rejection == null || rejection.text() == null || rejection.text().length <= MAX_RECORD)
                    .isTrue();
            found.add((rejection == null ? "record" : rejection.reason()) + " " + framer.start() + "+"
                    + (framer.end() - framer.start()));
        }
        assertThat(framer.count()).isEqualTo(found.size());
        assertThat(window.bytes().length).isLessThanOrEqualTo(9 << 20);
        return found;
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.eightbells.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumingInputStreamTest {
    private final byte[] content = "0123456789abcdefghij".getBytes(US_ASCII);
    private final List<Long> opened = new ArrayList<>();

    @Test
    void goesOnWhereTheLastOneEnded() throws IOException {
        try (InputStream stream = new ResumingInputStream(offset -> broken(offset, 6), 2, Duration.ZERO)) {
            assertThat(stream.readAllBytes()).asString().isEqualTo("23456789abcdefghij");
        }
        assertThat(opened).containsExactly(2L, 8L, 14L, 20L);
    }

    @Test
    void givesUpWhenNothingComes() throws IOException {
        try (InputStream stream = new ResumingInputStream(offset -> broken(offset, 0), 0, Duration.ZERO)) {
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasMessage("broken at 0");
        }
        assertThat(opened).hasSize(6);
    }

    /** Some bytes and then a failure, but the end of the content is the end. */
    private InputStream broken(long offset, int bytes) {
        opened.add(offset);
        int start = (int) offset;
        if (start == content.length) {
            return InputStream.nullInputStream();
        }
        int count = Math.min(bytes, content.length - start);
        return new SequenceInputStream(new ByteArrayInputStream(content, start, count), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken at " + offset);
            }

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                return read();
            }
        });
    }
}

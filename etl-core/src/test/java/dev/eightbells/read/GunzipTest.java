package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.ColumnType.Primitive;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GunzipTest {
    private static final String LINES = "{\"a\":1}\n{\"a\":2}\n";

    @Test
    void readsGzipByContent() {
        Reading reading = Reading.of(gzip(LINES));
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.items()).extracting(Reading.Item::offset).containsExactly(0L, 8L);
        assertThat(reading.coverage()).isEqualTo(new Coverage(0, LINES.length()));
    }

    @Test
    void readsMembersAsOneObject() {
        byte[] object = join(gzip("{\"a\":"), gzip(""), gzip("1}\n{\"a\":2}"), gzip("{\"a\":3}"));
        assertThat(Reading.of(object).rows()).containsExactly("1", "2", "3");
    }

    @Test
    void readsHeadersWithEverythingInThem() {
        byte[] plain = gzip(LINES);
        byte[] header = {
            0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3, 'n', 'a', 'm', 'e', 0, 'c', 0, 7, 7
        };
        assertThat(Reading.of(join(header, Arrays.copyOfRange(plain, 10, plain.length)))
                        .rows())
                .containsExactly("1", "2");
    }

    @Test
    void takesZerosBehindTheLastMemberForPadding() {
        Reading reading = Reading.of(join(gzip(LINES), new byte[600]));
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.rejected()).isEmpty();
    }

    @Test
    void deliversWhatWasDecodedOfATruncatedObject() {
        String text = (LINES + "x".repeat(3)).repeat(5_000);
        byte[] whole = gzip(text);
        Reading reading = Reading.of(Arrays.copyOf(whole, whole.length / 2));
        assertThat(reading.rows().size()).isGreaterThan(100);
        Reading.Item last = reading.items().get(reading.items().size() - 1);
        assertThat(last.reason()).isEqualTo("truncated-gzip");
        assertThat(last.sentence())
                .isEqualTo("The gzip data end after " + whole.length / 2 + " bytes, before they are complete.");
        assertThat(last.text()).isNull();
        assertThat(last.length()).isZero();
        assertThat(last.offset()).isEqualTo(reading.coverage().last());
        assertThat(reading.read()).isEqualTo(reading.items().size());
    }

    @Test
    void tellsOfATruncatedHeaderAndTrailer() {
        byte[] whole = gzip(LINES);
        for (int size : new int[] {2, 9, whole.length - 1, whole.length - 8}) {
            Reading reading = Reading.of(Arrays.copyOf(whole, size));
            assertThat(reading.reasons()).containsExactly("truncated-gzip");
        }
        assertThat(Reading.of(Arrays.copyOf(whole, whole.length - 3)).rows()).containsExactly("1", "2");
    }

    @Test
    void tellsOfDamage() {
        byte[] checksum = gzip(LINES);
        checksum[checksum.length - 5] ^= 1;
        Reading reading = Reading.of(checksum);
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.reasons()).containsExactly("corrupt-gzip");
        assertThat(reading.rejected().get(0).sentence())
                .isEqualTo("The gzip data cannot be decoded near byte " + checksum.length
                        + ": the checksum of what was decoded does not match.");

        Reading garbage = Reading.of(join(gzip(LINES), "{\"a\":3}".getBytes(StandardCharsets.UTF_8)));
        assertThat(garbage.rows()).containsExactly("1", "2");
        assertThat(garbage.rejected().get(0).sentence()).contains("something else follows the last member");

        assertThat(Reading.of(new byte[] {0x1F, (byte) 0x8B, 9, 0})
                        .rejected()
                        .get(0)
                        .sentence())
                .contains("the compression method is unknown");
    }

    @Test
    void readsTheWholeObjectWhateverTheSplitsEnd() {
        byte[] object = gzip(LINES);
        Reading reading =
                Reading.of(object, new Split(0, 4), Reading.table(Reading.column("a", Primitive.INT)), 100, 10);
        assertThat(reading.rows()).containsExactly(1, 2);
    }

    @Property(tries = 300)
    void neverThrowsOrLosesCountOfDamagedData(
            @ForAll @IntRange(min = 2, max = 400) int at, @ForAll byte value, @ForAll boolean truncated) {
        byte[] object = join(gzip(LINES.repeat(20) + at), gzip(LINES.repeat(3) + "é" + value));
        if (at < object.length) {
            object[at] = value;
            object = truncated ? Arrays.copyOf(object, at) : object;
        }
        Reading reading = Reading.of(object);
        assertThat(reading.read()).isEqualTo(reading.items().size());
    }

    @Property(tries = 100)
    void decodesFromAnyPieces(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 7) int size) throws IOException {
        byte[] object = join(gzip(bytes), gzip(bytes));
        InputStream slow = new ByteArrayInputStream(object) {
            @Override
            public int read(byte[] b, int offset, int length) {
                return super.read(b, offset, Math.min(length, size));
            }
        };
        try (Gunzip gunzip = new Gunzip(slow)) {
            assertThat(gunzip.readAllBytes()).isEqualTo(join(bytes, bytes));
            assertThat(gunzip.damage()).isNull();
        }
    }

    private static byte[] gzip(String text) {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class JsonTokenizerProperties {
    private final JsonTokenizer tokenizer = JsonTokenizer.of(new FieldIndex(), new Fields(0));

    @Property(tries = 5000)
    void acceptsWhatJacksonAcceptsWhenItIsUtf8(@ForAll("documents") byte[] document) throws IOException {
        int end = scan(document);
        boolean accepted = end >= 0 && isBlank(document, end) && tokenizer.flaw() == null;
        boolean unpaired = Rejection.INVALID_UNICODE.equals(tokenizer.flaw());
        if (!unpaired) {
            assertThat(accepted).isEqualTo(isUtf8(document) && jacksonAccepts(document));
        }
    }

    @Property(tries = 5000)
    void endsAndErrsWhereTheSkipperDoes(
            @ForAll("documents") byte[] document, @ForAll @IntRange(min = 1, max = 50) int chunk) {
        Assume.that(document.length > 0 && " \t\r\n".indexOf(document[0]) < 0);
        int end = scan(document);
        JsonSkipper skipper = new JsonSkipper();
        int code = JsonSkipper.MORE;
        int at = 0;
        while (code == JsonSkipper.MORE && at < document.length) {
            int to = Math.min(document.length, at + chunk);
            code = skipper.skip(document, at, to);
            at = to;
        }
        if (end >= 0) {
            assertThat(code == JsonSkipper.MORE && skipper.isComplete() ? document.length : code)
                    .isEqualTo(end);
        } else if (end == JsonTokenizer.NEED_MORE) {
            assertThat(code).isEqualTo(JsonSkipper.MORE);
            assertThat(skipper.isComplete()).isFalse();
        } else {
            assertThat(code).isEqualTo(JsonSkipper.MALFORMED);
            assertThat(skipper.errorAt()).isEqualTo(tokenizer.errorAt());
        }
    }

    @Property(tries = 2000)
    void knowsUtf8(@ForAll("nearlyUtf8") byte[] text) {
        assertThat(Utf8.isValid(text)).isEqualTo(isUtf8(text));
        byte[] quoted = new byte[text.length + 2];
        System.arraycopy(text, 0, quoted, 1, text.length);
        quoted[0] = '"';
        quoted[quoted.length - 1] = '"';
        assertThat(scan(quoted)).isEqualTo(quoted.length);
        assertThat(tokenizer.flaw() == null).isEqualTo(isUtf8(text));
    }

    @Property
    void unescapesAsJacksonDoes(@ForAll @Size(max = 20) String text) throws IOException {
        String plain = text.codePoints()
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        StringBuilder escaped = new StringBuilder();
        plain.chars().forEach(unit -> escaped.append(String.format(Locale.ROOT, "\\u%04x", unit)));
        byte[] bytes = escaped.toString().getBytes(StandardCharsets.US_ASCII);
        assertThat(new String(new Unescaper().unescape(bytes, 0, bytes.length), StandardCharsets.UTF_8))
                .isEqualTo(plain);
    }

    private int scan(byte[] document) {
        byte[] padded = Arrays.copyOf(document, document.length + 8);
        return document.length == 0 ? JsonTokenizer.NEED_MORE : tokenizer.scanValue(padded, 0, document.length);
    }

    private static boolean isBlank(byte[] document, int from) {
        for (int i = from; i < document.length; i++) {
            if (" \t\r\n".indexOf(document[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean jacksonAccepts(byte[] document) throws IOException {
        if (document.length == 0 || " \t\r\n".indexOf(document[0]) >= 0) {
            return false;
        }
        int depth = 0;
        int values = 0;
        try (JsonParser parser = new JsonFactory().createParser(new String(document, StandardCharsets.UTF_8))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                parser.getText();
                values += depth == 0 ? 1 : 0;
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            return values == 1;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Provide
    Arbitrary<byte[]> documents() {
        return Documents.all();
    }

    @Provide
    Arbitrary<byte[]> nearlyUtf8() {
        Arbitrary<Byte> lead = Arbitraries.of(0xC2, 0xC1, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0x61)
                .map(Integer::byteValue);
        Arbitrary<Byte> tail =
                Arbitraries.of(0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF).map(Integer::byteValue);
        return Arbitraries.oneOf(lead, tail, tail).array(byte[].class).ofMaxSize(12);
    }
}

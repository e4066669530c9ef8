package dev.eightbells.batch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.eightbells.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The form in which the ledger's records are kept: JSON objects that say their version. */
final class LedgerJson {
    /** The version that is written, and the newest that is understood. */
    static final int VERSION = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            // Later versions of this program may add fields; what they must not do unseen is change the version.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private LedgerJson() {}

    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException notWritable) {
            throw new IllegalStateException("Cannot write " + value + " as JSON.", notWritable);
        }
    }

    static byte[] bytes(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzip(Object value) {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(buffer)) {
            // A manifest's text can be twenty times as long as what is kept.
            MAPPER.writeValue(out, value);
        } catch (IOException notWritable) {
            throw new UncheckedIOException(notWritable);
        }
        return buffer.toByteArray();
    }

    /**
     * Reads a record.
     *
     * @param name the full name of the object that held it, for the sentence of a failure
     * @throws Failure when it is damaged or of a newer version
     */
    static <T> T read(byte[] content, Class<T> type, String name) {
        return read(() -> new ByteArrayInputStream(content), name, parser -> MAPPER.readValue(parser, type));
    }

    static <T> T readGzip(byte[] content, Class<T> type, String name) {
        return read(() -> unzipped(content), name, parser -> MAPPER.readValue(parser, type));
    }

    /** Reads a manifest, and keeps of the objects that it takes no more than their digests: it may have very many. */
    static Outline readOutline(byte[] content, String name) {
        return read(() -> unzipped(content), name, LedgerJson::outline);
    }

    private static Outline outline(JsonParser parser) throws IOException {
        ObjectNode rest = MAPPER.createObjectNode();
        LongStream.Builder digests = LongStream.builder();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            if (parser.nextToken() == JsonToken.START_ARRAY && field.equals(Manifest.OBJECTS)) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    ManifestObject object = MAPPER.readValue(parser, ManifestObject.class);
                    Digests.of(object.key(), object.etag()).forEach(digests);
                }
            } else {
                rest.set(field, MAPPER.readTree(parser));
            }
        }
        return new Outline(
                MAPPER.treeToValue(rest, Manifest.class).outline(),
                digests.build().toArray());
    }

    /** Reads twice: a newer version may have another form. */
    private static <T> T read(Content content, String name, Form<T> form) {
        try {
            int version = version(content);
            if (version > VERSION) {
                throw Failure.input("Cannot read " + name + ": it has version " + version
                        + ", and this Eightbells knows version " + VERSION + ". Use a newer Eightbells.");
            }
            if (version < 1) {
                throw damaged(name, "it states no version", null);
            }
            try (InputStream in = content.open();
                    JsonParser parser = MAPPER.createParser(in)) {
                return form.read(parser);
            }
        } catch (IOException notReadable) {
            throw damaged(name, firstLine(notReadable), notReadable);
        }
    }

    /** The version that a record states, in general at its very beginning; 0 when it states none. */
    private static int version(Content content) throws IOException {
        try (InputStream in = content.open();
                JsonParser parser = MAPPER.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return 0;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isVersion = parser.currentName().equals("version");
                parser.nextToken();
                if (isVersion) {
                    return parser.getValueAsInt();
                }
                parser.skipChildren();
            }
            return 0;
        }
    }

    private static InputStream unzipped(byte[] content) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(content));
    }

    private interface Content {
        InputStream open() throws IOException;
    }

    private interface Form<T> {
        T read(JsonParser parser) throws IOException;
    }

    private static Failure damaged(String name, String why, Throwable cause) {
        return Failure.of(
                Failure.Kind.DATA,
                "Cannot read " + name + ": " + why + ". Restore it; nothing but Eightbells may write there.",
                cause);
    }

    private static String firstLine(Exception exception) {
        return String.valueOf(exception.getMessage()).lines().findFirst().orElse("");
    }
}

package dev.eightbells.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.eightbells.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
            out.write(bytes(value));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
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
        try {
            JsonNode tree = MAPPER.readTree(content);
            int version = tree == null ? 0 : tree.path("version").asInt();
            if (version > VERSION) {
                throw Failure.input("Cannot read " + name + ": it has version " + version
                        + ", and this Eightbells knows version " + VERSION + ". Use a newer Eightbells.");
            }
            if (version < 1) {
                throw damaged(name, "it states no version", null);
            }
            return MAPPER.treeToValue(tree, type);
        } catch (IOException notReadable) {
            throw damaged(name, firstLine(notReadable), notReadable);
        }
    }

    static <T> T readGzip(byte[] content, Class<T> type, String name) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
            return read(in.readAllBytes(), type, name);
        } catch (IOException notReadable) {
            throw damaged(name, firstLine(notReadable), notReadable);
        }
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

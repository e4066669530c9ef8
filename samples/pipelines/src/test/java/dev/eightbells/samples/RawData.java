package dev.eightbells.samples;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Generated files, read again without knowing how they were written. */
record RawData(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /** All files, in the order of the times in their names. */
    List<Path> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files' bytes as stored, by their names below the folder. */
    Map<String, byte[]> stored() {
        Map<String, byte[]> stored = new TreeMap<>();
        files().forEach(file -> stored.put(folder.relativize(file).toString(), bytes(file)));
        return stored;
    }

    /** One file's bytes, uncompressed. */
    static byte[] content(Path file) {
        try (InputStream stored = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(stored) : stored) {
            return plain.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of one file, without their newlines. */
    static List<byte[]> lines(Path file) {
        byte[] content = content(file);
        List<byte[]> lines = new ArrayList<>();
        int begin = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == '\n') {
                lines.add(Arrays.copyOfRange(content, begin, at));
                begin = at + 1;
            }
        }
        if (begin < content.length) {
            lines.add(Arrays.copyOfRange(content, begin, content.length));
        }
        return lines;
    }

    /** A line as a JSON object in strict UTF-8; empty when it is something else. */
    static Optional<JsonNode> object(byte[] line) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (CharacterCodingException | com.fasterxml.jackson.core.JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The objects of one file that stand one after the other, with no newline needed. */
    static void eachGlued(Path file, Consumer<JsonNode> consumer) {
        try (MappingIterator<JsonNode> objects =
                JSON.readerFor(JsonNode.class).readValues(new ByteArrayInputStream(content(file)))) {
            objects.forEachRemaining(consumer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

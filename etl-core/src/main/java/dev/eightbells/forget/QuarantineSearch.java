package dev.eightbells.forget;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Batches;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Ledger;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** Finds records in all quarantine files of a lake, also in those that no marker names, and takes them out. */
final class QuarantineSearch {
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private final Ledger ledger;
    private final ObjectStore lake;
    private final Function<String, Pipeline> frozen;
    private final QuarantinedLine lines;
    private final Map<String, TableDefinition> tables = new HashMap<>();
    private TableDefinition today;

    /**
     * @param frozen the definition with a SHA-256
     */
    QuarantineSearch(Ledger ledger, Function<String, Pipeline> frozen, QuarantinedLine lines) {
        this.ledger = ledger;
        this.lake = ledger.lake();
        this.frozen = frozen;
        this.lines = lines;
    }

    /** How many records are meant. */
    long count() {
        long records = 0;
        for (String key : keys()) {
            records += lake.read(key)
                    .map(content -> part(key, content.bytes()).taken())
                    .orElse(0L);
        }
        return records;
    }

    /** Takes the records out; a file of which nothing is left stays, without records. */
    void perform() {
        keys().forEach(key -> {
            boolean isSettled = false;
            while (!isSettled) {
                Optional<ObjectStore.Content> content = lake.read(key);
                isSettled = content.isEmpty() || perform(key, content.get());
            }
        });
    }

    private boolean perform(String key, ObjectStore.Content content) {
        Parted parted = part(key, content.bytes());
        return parted.taken() == 0
                || lake.replace(key, content.etag(), parted.left()).isPresent();
    }

    private List<String> keys() {
        try (Stream<StoredObject> objects = lake.list(LakeLayout.QUARANTINE, "")) {
            return objects.map(StoredObject::key)
                    .filter(key -> key.endsWith(".json.gz"))
                    .toList();
        }
    }

    /** A file without the records that are meant, and how many those are. */
    private record Parted(byte[] left, long taken) {}

    private Parted part(String key, byte[] file) {
        TableDefinition definition = definition(key);
        TableDefinition now = today();
        ByteArrayOutputStream left = new ByteArrayOutputStream(file.length);
        long taken = 0;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(new ByteArrayInputStream(file)), StandardCharsets.UTF_8));
                OutputStream out = new GZIPOutputStream(left)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (lines.isMeant(JSON.readTree(line), definition, now)) {
                    taken++;
                } else {
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                    out.write('\n');
                }
            }
        } catch (ZipException | EOFException | com.fasterxml.jackson.core.JacksonException damaged) {
            throw Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot search " + lake.location().resolve(key) + ": it is damaged."
                            + " Restore it, or delete it if nobody needs its records.",
                    damaged);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot search " + lake.location().resolve(key), e);
        }
        return new Parted(left.toByteArray(), taken);
    }

    /** The table of the newest batch that has written into it; null when there is none. */
    private TableDefinition today() {
        if (today == null) {
            try (Stream<BatchState> batches = ledger.batches().newestFirst()) {
                today = batches.filter(batch -> batch.isPublished() || batch.state() == BatchState.State.STOPPED)
                        .findFirst()
                        .map(newest ->
                                frozen.apply(newest.manifest().definition()).table())
                        .orElse(null);
            }
        }
        return today;
    }

    /** The table that a batch's records were read for; null when nobody knows any more. */
    private TableDefinition definition(String key) {
        String rest = key.substring(LakeLayout.QUARANTINE.length());
        String batch = rest.substring(0, Math.max(0, rest.indexOf('/')));
        return tables.computeIfAbsent(batch, name -> {
            Batches batches = ledger.batches();
            return BatchId.find(name)
                    .flatMap(batches::find)
                    .map(BatchState::manifest)
                    .map(manifest -> frozen.apply(manifest.definition()).table())
                    .orElse(null);
        });
    }
}

package dev.eightbells.forget;

import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.HadoopPaths;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/**
 * What is left of a table's past: snapshots, the files that only they hold, and files that nobody holds. What is to be
 * deleted is listed before anything expires; a list can be worked off again.
 */
final class TableRemains {
    private static final String MANIFEST_LIST = "snap-";

    private final Table table;
    private final String name;
    private final ObjectStore lake;
    private final String root;

    /** @param name of the table in its catalog, {@code database.table} */
    TableRemains(Table table, String name, ObjectStore lake) {
        this.table = table;
        this.name = name;
        this.lake = lake;
        this.root = HadoopPaths.relativeTo(lake.location(), table.location()) + "/";
    }

    /**
     * What is to go.
     *
     * @param table the table's name in its catalog
     * @param snapshots that expire
     * @param files that are deleted afterwards, as keys of the lake
     */
    record Doomed(String table, List<Long> snapshots, List<String> files) {}

    /**
     * Writes manifests anew that still tell of files which were removed, with the bounds of their values. Called again it
     * finds nothing to do.
     */
    void rewriteManifests() {
        table.refresh();
        Snapshot head = table.currentSnapshot();
        if (head != null && head.allManifests(table.io()).stream().anyMatch(ManifestFile::hasDeletedFiles)) {
            table.rewriteManifests()
                    .clusterBy(file -> "")
                    .rewriteIf(ManifestFile::hasDeletedFiles)
                    .commit();
        }
        table.refresh();
    }

    /**
     * All files below the table, as keys of the lake. Metadata first: what a manifest names was there before it, and so is
     * found after it, whoever writes meanwhile.
     */
    Set<String> files() {
        Set<String> keys = new TreeSet<>();
        for (String folder : List.of(root + "metadata/", root)) {
            try (Stream<StoredObject> objects = lake.list(folder, "")) {
                objects.map(StoredObject::key)
                        .filter(key -> folder.endsWith("metadata/") || !key.startsWith(root + "metadata/"))
                        .forEach(keys::add);
            }
        }
        return keys;
    }

    /**
     * Decides what is to go: all snapshots but the newest and those that are held, as of the last look; the files that only
     * they have; and of the files that nobody has those that are meant, with the manifests that tell of a file that goes.
     *
     * @param there all files below the table, listed when nobody was writing
     * @param isMeant whether a data file that nobody has holds what is to be forgotten
     */
    Doomed doomed(Set<String> there, Predicate<String> isMeant) {
        Set<Long> kept = new HashSet<>();
        table.refs().values().forEach(ref -> kept.add(ref.snapshotId()));
        List<Long> expired = new ArrayList<>();
        Map<String, Set<String>> read = new HashMap<>();
        Set<String> held = new HashSet<>();
        Set<String> past = new HashSet<>();
        for (Snapshot snapshot : table.snapshots()) {
            boolean isKept = kept.contains(snapshot.snapshotId());
            if (!isKept) {
                expired.add(snapshot.snapshotId());
            }
            gather(snapshot, isKept ? held : past, read);
        }
        Set<String> doomed = new TreeSet<>(past);
        doomed.removeAll(held);
        Set<String> unknown = new TreeSet<>(there);
        unknown.removeAll(held);
        unknown.removeAll(past);
        unknown.stream().filter(key -> key.endsWith(".parquet")).filter(isMeant).forEach(doomed::add);
        unknown.stream()
                .filter(key -> key.endsWith(".avro") && !name(key).startsWith(MANIFEST_LIST))
                .filter(key -> namesOneThatGoes(key, there, doomed))
                .toList()
                .forEach(doomed::add);
        expired.sort(Comparator.naturalOrder());
        return new Doomed(name, expired, List.copyOf(doomed));
    }

    private void gather(Snapshot snapshot, Set<String> keys, Map<String, Set<String>> read) {
        keys.add(key(snapshot.manifestListLocation()));
        for (ManifestFile manifest : snapshot.allManifests(table.io())) {
            keys.add(key(manifest.path()));
            keys.addAll(read.computeIfAbsent(manifest.path(), path -> dataFiles(manifest)));
        }
    }

    private Set<String> dataFiles(ManifestFile manifest) {
        Set<String> keys = new HashSet<>();
        try (CloseableIterable<String> paths = ManifestFiles.readPaths(manifest, table.io())) {
            paths.forEach(path -> keys.add(key(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys;
    }

    private String key(String location) {
        return HadoopPaths.relativeTo(lake.location(), location);
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** A commit that never happened can have left manifests, with the bounds of what it was to remove. */
    private boolean namesOneThatGoes(String key, Set<String> there, Set<String> doomed) {
        try (InputStream in = table.io()
                        .newInputFile(HadoopPaths.of(lake.location()) + key)
                        .newStream();
                DataFileStream<GenericRecord> entries = new DataFileStream<>(in, new GenericDatumReader<>())) {
            while (entries.hasNext()) {
                GenericRecord file = (GenericRecord) entries.next().get("data_file");
                String named = key(file.get("file_path").toString());
                if (doomed.contains(named) || !there.contains(named)) {
                    return true;
                }
            }
            return false;
        } catch (IOException half) {
            // Somebody may be writing it; if not, it is an orphan like others, and goes with its age.
            return false;
        }
    }

    /** Lets snapshots expire, as far as they are still there, and leaves their files. */
    void expire(List<Long> snapshots) {
        table.refresh();
        ExpireSnapshots expire =
                table.expireSnapshots().cleanExpiredFiles(false).expireOlderThan(0);
        Set<Long> held = new HashSet<>();
        table.refs().values().forEach(ref -> held.add(ref.snapshotId()));
        List<Long> there = snapshots.stream()
                .filter(snapshot -> table.snapshot(snapshot) != null && !held.contains(snapshot))
                .toList();
        if (!there.isEmpty()) {
            there.forEach(expire::expireSnapshotId);
            expire.commit();
        }
    }

    /** Whether a row of a data file is one of these, of which only some columns are looked at. */
    boolean holds(String key, Schema columns, Predicate<Record> isMeant) {
        try (CloseableIterable<Record> rows = Parquet.read(
                        table.io().newInputFile(HadoopPaths.of(lake.location()) + key))
                .project(columns)
                .createReaderFunc(message -> GenericParquetReaders.buildReader(columns, message))
                .build()) {
            for (Record row : rows) {
                if (isMeant.test(row)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException half) {
            if (String.valueOf(half.getMessage()).contains("is not a Parquet file")) {
                // Somebody may be writing it; if not, it is an orphan like others, and goes with its age.
                return false;
            }
            throw half;
        }
    }
}

package dev.eightbells.write;

import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Manifest.ReplayedRecord;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Which of the records in a batch's objects it takes: all of them, or those that begin at certain places. */
public final class RecordSelection implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final RecordSelection ALL = new RecordSelection(null);

    /** By the object's key, sorted; null when all records are taken. */
    private final HashMap<String, long[]> offsets;

    private RecordSelection(Map<String, long[]> offsets) {
        this.offsets = offsets == null ? null : new HashMap<>(offsets);
    }

    /** Every record. */
    public static RecordSelection all() {
        return ALL;
    }

    /** The records that a manifest names; all of them when it is no replay's. */
    public static RecordSelection of(Manifest manifest) {
        if (!manifest.isReplay()) {
            return ALL;
        }
        Map<String, long[]> offsets = new HashMap<>();
        manifest.records().stream()
                .collect(Collectors.groupingBy(ReplayedRecord::key))
                .forEach((key, records) -> offsets.put(
                        key,
                        records.stream()
                                .mapToLong(ReplayedRecord::offset)
                                .sorted()
                                .distinct()
                                .toArray()));
        return new RecordSelection(offsets);
    }

    /** Whether every record is taken, however many there are. */
    boolean isOfAll() {
        return offsets == null;
    }

    /** Whether the record that begins at this place is taken. */
    boolean takes(String key, long offset) {
        if (offsets == null) {
            return true;
        }
        long[] places = offsets.get(key);
        return places != null && Arrays.binarySearch(places, offset) >= 0;
    }

    /** How many records there are to find; 0 when all are taken. */
    long size() {
        return offsets == null
                ? 0
                : offsets.values().stream().mapToLong(places -> places.length).sum();
    }
}

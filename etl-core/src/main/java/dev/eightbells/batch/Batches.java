package dev.eightbells.batch;

import dev.eightbells.batch.BatchState.State;
import dev.eightbells.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The batches of a lake as one listing showed them. Manifests are read when they are asked for. */
public final class Batches {
    private static final BatchFolder UNTOUCHED = new BatchFolder();

    private final Ledger ledger;
    private final int newest;
    private final Map<BatchId, BatchFolder> folders;

    private Batches(Ledger ledger, int newest, Map<BatchId, BatchFolder> folders) {
        this.ledger = ledger;
        this.newest = newest;
        this.folders = folders;
    }

    /** One batch, by a listing of its own folder. */
    static BatchState one(Ledger ledger, Manifest manifest) {
        BatchFolder folder = new BatchFolder();
        String prefix = LakeLayout.batch(manifest.batch());
        try (Stream<StoredObject> objects = ledger.lake().list(prefix, "")) {
            objects.forEach(object -> folder.add(object.key(), object.key().substring(prefix.length())));
        }
        return state(manifest, folder);
    }

    static Batches of(Ledger ledger) {
        // Manifests first: a batch that is planned meanwhile is not seen, rather than seen in part.
        int newest = ledger.newestNumber();
        return new Batches(ledger, newest, folders(ledger));
    }

    /** How many batches there are. */
    public int size() {
        return newest;
    }

    /** All batches, the oldest first. Reads every manifest. */
    public List<BatchState> all() {
        return newest(newest);
    }

    /** So many of the newest batches, the oldest of them first. */
    public List<BatchState> newest(int limit) {
        try (Stream<Manifest> manifests = ledger.manifestsBackFrom(newest)) {
            return oldestFirst(manifests.limit(limit).map(this::state).toList());
        }
    }

    /** All batches, the newest first, read ahead while the stream is consumed, so that nobody holds all. Close it. */
    public Stream<BatchState> newestFirst() {
        return ledger.manifestsBackFrom(newest).map(this::state);
    }

    /** The batch with this name; empty when there is none. */
    public Optional<BatchState> find(BatchId batch) {
        BatchFolder folder = folders.getOrDefault(batch, UNTOUCHED);
        if (folder.attempts() > 0) {
            Optional<Attempt> attempt = ledger.attempts(batch).find(folder.attempts());
            if (attempt.isPresent()) {
                return Optional.of(state(ledger.existingManifest(attempt.get().number())));
            }
        }
        try (Stream<Manifest> manifests = ledger.manifestsBackFrom(newest)) {
            return manifests
                    .filter(manifest -> manifest.batch().equals(batch))
                    .findFirst()
                    .map(this::state);
        }
    }

    /** Which of a batch's quarantined records its replays have taken. Reads every later manifest, and keeps none. */
    public TakenRecords takenFrom(Manifest original) {
        try (Stream<BatchState> later = backTo(original.number())) {
            return TakenRecords.of(original.batch(), later);
        }
    }

    /** The batches from the newest back to the one with this number, the newest first; to be closed. */
    private Stream<BatchState> backTo(int number) {
        return ledger.manifestsBackFrom(newest)
                .takeWhile(manifest -> manifest.number() >= number)
                .map(this::state);
    }

    /**
     * The batches from the newest back to the first of a window, the newest first; to be closed. Only those of the window
     * that somebody has worked on say where that is; at least one must be there.
     */
    Stream<BatchState> backToWindow(Instant windowEnd) {
        int first = folders.keySet().stream()
                .filter(batch -> batch.windowEnd().equals(windowEnd))
                .flatMap(batch -> find(batch).stream())
                .mapToInt(state -> state.manifest().number())
                .min()
                .orElseThrow();
        return backTo(first);
    }

    /**
     * The batches to finish, the oldest first: those that miss a step which both their own definition and today's have,
     * without those that wait for a decision. Their manifests are without objects and records, which may be very many in
     * all; {@link Ledger#existingManifest} has them.
     *
     * @param today the steps that the pipeline has today
     * @param frozen the steps of a batch's own definition, given its SHA-256
     */
    public List<BatchState> open(Set<Step> today, Function<String, Set<Step>> frozen) {
        Set<BatchId> settled = new HashSet<>();
        folders.forEach((batch, folder) -> {
            if (folder.state() == State.STOPPED || BatchState.isDone(folder.state(), folder.finished(), today)) {
                settled.add(batch);
            }
        });
        int unsettled = newest - settled.size();
        List<BatchState> open = new ArrayList<>();
        try (Stream<Outline> manifests = ledger.outlinesBackFrom(unsettled > 0 ? newest : 0)) {
            manifests
                    .map(Outline::manifest)
                    .filter(manifest -> !settled.contains(manifest.batch()))
                    .limit(Math.max(0, unsettled))
                    .map(this::state)
                    .filter(batch -> !batch.isDone(frozen.apply(batch.manifest().definition())))
                    .forEach(open::add);
        }
        return oldestFirst(open);
    }

    /** Why batches wait for a decision, the oldest first. */
    public List<Stopped> stopped() {
        return folders.entrySet().stream()
                .filter(entry -> entry.getValue().state() == State.STOPPED)
                .flatMap(entry -> ledger.markers(entry.getKey()).stopped().stream())
                .sorted(Comparator.comparingInt(Stopped::number))
                .toList();
    }

    /** The batches that were given up with their objects. A replay has none to return. */
    List<Returned> returned() {
        List<Returned> returned = new ArrayList<>();
        folders.forEach((batch, folder) -> {
            if (folder.state() == State.ABANDONED && batch.kind() == BatchId.Kind.OBJECTS) {
                ledger.markers(batch)
                        .abandoned()
                        .filter(Abandoned::returned)
                        .ifPresent(marker -> returned.add(new Returned(marker, folder.isReplanned())));
            }
        });
        return returned;
    }

    /** A batch that was given up with its objects, and whether those have been offered to a plan since. */
    record Returned(Abandoned marker, boolean replanned) {}

    private BatchState state(Manifest manifest) {
        return state(manifest, folders.getOrDefault(manifest.batch(), UNTOUCHED));
    }

    private static BatchState state(Manifest manifest, BatchFolder folder) {
        return new BatchState(manifest, folder.state(), folder.finished(), folder.attempts(), folder.submissions());
    }

    private static List<BatchState> oldestFirst(List<BatchState> newestFirst) {
        List<BatchState> turned = new ArrayList<>(newestFirst);
        Collections.reverse(turned);
        return List.copyOf(turned);
    }

    private static Map<BatchId, BatchFolder> folders(Ledger ledger) {
        Map<BatchId, BatchFolder> folders = new HashMap<>();
        if (!ledger.isOwned()) {
            return folders;
        }
        try (Stream<StoredObject> objects = ledger.lake().list(LakeLayout.BATCHES, "")) {
            objects.forEach(object -> {
                String rest = object.key().substring(LakeLayout.BATCHES.length());
                int slash = rest.indexOf('/');
                BatchId.find(rest.substring(0, Math.max(slash, 0)))
                        .ifPresent(batch -> folders.computeIfAbsent(batch, named -> new BatchFolder())
                                .add(object.key(), rest.substring(slash + 1)));
            });
        }
        return folders;
    }
}

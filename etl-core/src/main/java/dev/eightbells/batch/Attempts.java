package dev.eightbells.batch;

import dev.eightbells.Failure;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The attempts at one batch. */
public final class Attempts {
    private static final Pattern KEY = Pattern.compile(".*/attempts/([1-9][0-9]{0,8})\\.json");
    /** How often others may be first before this process gives way. */
    private static final int PATIENCE = 20;

    private final ObjectStore lake;
    private final BatchId batch;

    Attempts(ObjectStore lake, BatchId batch) {
        this.lake = lake;
        this.batch = batch;
    }

    /** All attempts, the first first. */
    public List<Attempt> all() {
        return IntStream.rangeClosed(1, newestNumber())
                .mapToObj(this::find)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The newest attempt; empty when nobody has worked on the batch. */
    public Optional<Attempt> newest() {
        return find(newestNumber());
    }

    /** The attempt with this number; empty when there is none. */
    public Optional<Attempt> find(int attempt) {
        return read(attempt).map(Held::attempt);
    }

    /**
     * Claims the next attempt at a batch and keeps its lease until it is closed.
     *
     * @param manifest the batch's
     * @param owner the process that will work on it
     * @throws Failure of kind CONFLICT when another attempt holds the lease
     */
    public Lease claim(Manifest manifest, Owner owner, LeaseTerms terms) {
        return claim(manifest, owner, null, terms);
    }

    /**
     * The same for a process that a compute service started.
     *
     * @param submission which submission of the batch it belongs to; null for none
     */
    public Lease claim(Manifest manifest, Owner owner, Integer submission, LeaseTerms terms) {
        for (int round = 0; round < PATIENCE; round++) {
            int newest = newestNumber();
            Instant now = terms.clock().instant();
            Optional<Held> before = read(newest);
            if (before.isPresent() && !release(before.get(), now, terms)) {
                continue;
            }
            Attempt attempt = new Attempt(
                    LedgerJson.VERSION,
                    manifest.pipeline(),
                    batch,
                    manifest.number(),
                    newest + 1,
                    owner,
                    submission,
                    UUID.randomUUID().toString(),
                    now,
                    now.plus(terms.expiry()),
                    null,
                    null);
            Optional<String> etag =
                    lake.create(LakeLayout.attempt(batch, attempt.attempt()), LedgerJson.bytes(attempt));
            if (etag.isPresent()) {
                return Lease.start(lake, attempt, etag.get(), terms);
            }
        }
        throw Failure.conflict("Cannot work on batch " + batch
                + ": other processes claimed it first, again and again. Wait for them to end.");
    }

    /** Whether the way is free after an earlier attempt; false when it has changed meanwhile and is to be read again. */
    private boolean release(Held before, Instant now, LeaseTerms terms) {
        Attempt attempt = before.attempt();
        if (attempt.end() != null || attempt.supersededBy() != null) {
            return true;
        }
        if (attempt.holdsAt(now) && !terms.isGone().test(attempt.owner())) {
            throw Failure.conflict("Cannot work on batch " + batch + ": attempt " + attempt.attempt() + " ("
                    + attempt.owner() + ") holds it until " + attempt.until()
                    + ". Wait for it to end, or stop it, and run this again.");
        }
        return supersede(before);
    }

    /**
     * The newest attempt that a submission came to; empty when it came to none. One that never said how it ended, though its
     * service says that it is over, gives its lease back.
     *
     * @param submission which one, whose job has ended
     * @param newest the number of the batch's newest attempt
     */
    public Optional<Attempt> lastOf(int submission, int newest) {
        for (int number = newest; number > 0; number--) {
            Optional<Held> held = read(number);
            if (held.isPresent() && Objects.equals(held.get().attempt().submission(), submission)) {
                Attempt last = held.get().attempt();
                boolean isSettled = last.end() != null || last.supersededBy() != null || supersede(held.get());
                // It may have said how it ended at the last moment.
                return isSettled ? Optional.of(last) : find(number);
            }
        }
        return Optional.empty();
    }

    /** Takes the lease from an attempt; false when that has changed meanwhile. */
    private boolean supersede(Held held) {
        Attempt superseded = held.attempt().superseded(held.attempt().attempt() + 1);
        return lake.replace(LakeLayout.attempt(batch, superseded.attempt()), held.etag(), LedgerJson.bytes(superseded))
                .isPresent();
    }

    private int newestNumber() {
        try (Stream<StoredObject> objects = lake.list(LakeLayout.attempts(batch), "")) {
            return objects.map(object -> number(object.key()))
                    .flatMapToInt(OptionalInt::stream)
                    .max()
                    .orElse(0);
        }
    }

    /** The attempt's number in a key; empty when the key is no attempt's. */
    static OptionalInt number(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    private Optional<Held> read(int attempt) {
        String key = LakeLayout.attempt(batch, attempt);
        return lake.read(key)
                .map(content -> new Held(
                        LedgerJson.read(
                                content.bytes(), Attempt.class, lake.location().resolve(key)),
                        content.etag()));
    }

    private record Held(Attempt attempt, String etag) {}
}

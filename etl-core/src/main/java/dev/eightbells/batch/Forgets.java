package dev.eightbells.batch;

import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What somebody asked to be forgotten in a lake. Each is an object that is created once, under the next free number, and
 * then only replaced by who has just read it.
 */
public final class Forgets {
    private final ObjectStore lake;
    private final String pipeline;

    Forgets(ObjectStore lake, String pipeline) {
        this.lake = lake;
        this.pipeline = pipeline;
    }

    /**
     * Notes under the next number that rows are to be forgotten. Asked twice it makes two; look first whether one is open.
     *
     * @param where which rows, as it was asked
     * @param predicate the same as JSON, in the form of Iceberg's expressions
     */
    public Held open(String where, String predicate, Instant now) {
        int number = newestNumber() + 1;
        while (true) {
            Forget forget = new Forget(
                    LedgerJson.VERSION,
                    number,
                    pipeline,
                    UUID.randomUUID().toString(),
                    now,
                    where,
                    predicate,
                    Forget.State.OPEN);
            Optional<String> etag = lake.create(LakeLayout.forget(number), LedgerJson.bytes(forget));
            if (etag.isPresent()) {
                return new Held(forget, etag.get());
            }
            // Another process was first with this number.
            number++;
        }
    }

    /** What has this number; empty when there is none. */
    public Optional<Held> find(int number) {
        String key = LakeLayout.forget(number);
        return lake.read(key)
                .map(content -> new Held(
                        LedgerJson.read(
                                content.bytes(), Forget.class, lake.location().resolve(key)),
                        content.etag()));
    }

    /**
     * What a commit names.
     *
     * @param reference as {@link Forget#reference} gives it
     * @return empty when there is no such object, or the text is no such name
     */
    public Optional<Held> find(String reference) {
        OptionalInt number = LakeLayout.forgetNumber(reference + ".json");
        return number.isPresent() ? find(number.getAsInt()) : Optional.empty();
    }

    /** Whether a text is the name of something to be forgotten, there or not. */
    public static boolean isReference(String text) {
        return LakeLayout.forgetNumber(text + ".json").isPresent();
    }

    /** All of them, the first one first. */
    public List<Held> list() {
        List<Held> all = new ArrayList<>();
        try (Stream<StoredObject> objects = lake.list(LakeLayout.FORGETS, "")) {
            objects.map(object -> LakeLayout.forgetNumber(object.key()))
                    .flatMapToInt(OptionalInt::stream)
                    .forEach(number -> find(number).ifPresent(all::add));
        }
        return all;
    }

    /**
     * Puts another content in its place: the receipt, or what has been done so far. It must be readable as a
     * {@link Forget}, with the same number, and may hold more.
     *
     * @param content JSON that only this process has
     * @return what is there now; empty when another process has replaced it meanwhile
     */
    public Optional<Held> replace(Held held, byte[] content) {
        String key = LakeLayout.forget(held.forget().number());
        Forget next = LedgerJson.read(content, Forget.class, lake.location().resolve(key));
        if (next.number() != held.forget().number()) {
            throw new IllegalArgumentException("Invalid content for " + key + ": it has the number " + next.number());
        }
        return lake.replace(key, held.etag(), content).map(etag -> new Held(next, etag));
    }

    /** The object as it is stored, with all that a receipt may hold beside; empty when there is none. */
    public Optional<byte[]> content(int number) {
        return lake.read(LakeLayout.forget(number)).map(ObjectStore.Content::bytes);
    }

    private int newestNumber() {
        try (Stream<StoredObject> objects = lake.list(LakeLayout.FORGETS, "")) {
            return objects.map(object -> LakeLayout.forgetNumber(object.key()))
                    .flatMapToInt(OptionalInt::stream)
                    .max()
                    .orElse(0);
        }
    }

    /**
     * One as it was read or written.
     *
     * @param etag the tag to replace it by
     */
    public record Held(Forget forget, String etag) {}
}

package dev.eightbells.batch;

import dev.eightbells.Failure;
import dev.eightbells.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The submissions of one batch. Each is an object that is created once and then only replaced by who has just read it, so
 * that of two processes one knows that it was late.
 */
public final class Submissions {
    /** How long a process that has claimed may take until it has begun to send. */
    private static final Duration TO_SEND = Duration.ofMinutes(1);

    private static final Pattern NAME = Pattern.compile("submissions/([1-9][0-9]{0,8})\\.json");

    private final ObjectStore lake;
    private final BatchId batch;

    Submissions(ObjectStore lake, BatchId batch) {
        this.lake = lake;
        this.batch = batch;
    }

    /** The submission with this number; empty when there is none. */
    public Optional<Held> find(int submission) {
        String key = LakeLayout.submission(batch, submission);
        return lake.read(key)
                .map(content -> new Held(
                        LedgerJson.read(
                                content.bytes(),
                                Submission.class,
                                lake.location().resolve(key)),
                        content.etag()));
    }

    /**
     * Claims a submission.
     *
     * @param manifest the batch's
     * @param submission its number, one after the newest
     * @param attempt which try it is since the batch last succeeded or a person asked for it
     * @return the claim; empty when another process was first
     */
    public Optional<Held> claim(
            Manifest manifest,
            int submission,
            int attempt,
            Set<Step> steps,
            String service,
            String place,
            Instant now) {
        Submission claim = new Submission(
                LedgerJson.VERSION,
                manifest.pipeline(),
                batch,
                manifest.number(),
                submission,
                attempt,
                UUID.randomUUID().toString(),
                now,
                now.plus(TO_SEND),
                List.copyOf(steps),
                service,
                place,
                List.of(),
                null);
        return lake.create(LakeLayout.submission(batch, submission), LedgerJson.bytes(claim))
                .map(etag -> new Held(claim, etag));
    }

    /**
     * Takes over a claim that its holder did not use in time, or that was refused; empty when it has changed meanwhile.
     *
     * @param steps what it runs; those of the claim unless it was refused, for it may have been sent
     */
    public Optional<Held> takeOver(Held held, Set<Step> steps, String place, Instant now) {
        return replace(
                held,
                held.submission()
                        .takenOver(UUID.randomUUID().toString(), now.plus(TO_SEND), List.copyOf(steps), place));
    }

    /** Writes what the service calls the job; empty when the submission has changed meanwhile. */
    public Optional<Held> sent(Held held, List<String> job) {
        return replace(held, held.submission().sent(job));
    }

    /** Writes how the submission ended; empty when it has changed meanwhile. */
    public Optional<Held> ended(Held held, Instant at, Failure.Kind kind, String sentence) {
        return replace(held, held.submission().ended(new Submission.End(at, kind, sentence)));
    }

    private Optional<Held> replace(Held held, Submission next) {
        String key = LakeLayout.submission(batch, next.submission());
        return lake.replace(key, held.etag(), LedgerJson.bytes(next)).map(etag -> new Held(next, etag));
    }

    /** The submission's number in a name within the batch's folder; empty when the name is no submission's. */
    static OptionalInt number(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    /**
     * A submission as it was read or written.
     *
     * @param etag the tag to replace it by
     */
    public record Held(Submission submission, String etag) {}
}

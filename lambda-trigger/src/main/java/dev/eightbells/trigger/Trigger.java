package dev.eightbells.trigger;

import dev.eightbells.Failure;
import dev.eightbells.batch.Attempt;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Planning;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.batch.Stragglers;
import dev.eightbells.batch.Submission;
import dev.eightbells.batch.Submissions.Held;
import dev.eightbells.job.Job;
import dev.eightbells.job.JobService;
import dev.eightbells.job.JobState;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.trigger.Watched.Became;
import dev.eightbells.trigger.Watched.Sentence;
import dev.eightbells.trigger.Watched.Told;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one pipeline when it is fired: finishes open batches, plans what is new, gives both to the compute service.
 *
 * <p>Everything that it does may happen twice, at the same moment too, or stop anywhere. It keeps no state of its own: what
 * it finds in the lake decides. Where it stops, the next firing goes on:
 *
 * <table>
 * <caption>What is there when a firing stops, and what the next one makes of it</caption>
 * <tr><th>stopped after</th><th>what is there</th><th>the next firing</th></tr>
 * <tr><td>nothing</td><td>nothing new</td><td>plans it all</td></tr>
 * <tr><td>the lake's {@code eightbells.json}, the frozen definition</td><td>the same, and names of what was there
 *     already</td><td>plans it all; both are created once</td></tr>
 * <tr><td>the manifest</td><td>a batch without a submission</td><td>submits it, and plans what came since</td></tr>
 * <tr><td>the claim</td><td>a submission without a job</td><td>looks for the job by its name once the claim is two minutes
 *     old, finds none, takes the claim over and sends; a service that knows tokens is just sent the same again</td></tr>
 * <tr><td>sending, the answer lost or not recorded</td><td>the same, and a job</td><td>looks for the job by its name, finds
 *     it, and records it; a service that knows tokens answers with the same job</td></tr>
 * <tr><td>a refusal, recorded</td><td>a submission that says so</td><td>takes the claim over and sends</td></tr>
 * <tr><td>the record</td><td>a submission with a job</td><td>asks the service how it goes</td></tr>
 * <tr><td>the job's failing end, seen but not recorded</td><td>the same</td><td>sees it again</td></tr>
 * <tr><td>the end, recorded</td><td>a submission with its end</td><td>submits once more, or leaves it to a person</td></tr>
 * <tr><td>the lease taken from an attempt that died</td><td>an attempt without lease</td><td>goes on as without it</td></tr>
 * <tr><td>the day's look for late objects, unrecorded</td><td>nothing</td><td>looks again</td></tr>
 * </table>
 *
 * <p>Should a claim be sent twice after all (a process that slept between its look at the clock and its call), both jobs
 * work on one batch: one holds the lease, the other ends with a conflict, and of two commits the table takes one.
 */
public final class Trigger {
    private static final Logger LOG = LoggerFactory.getLogger(Trigger.class);

    /** How far below the listings late objects are looked for. */
    private static final Duration REACH = Duration.ofDays(7);

    /** How long that may take. */
    private static final Duration LOOK = Duration.ofMinutes(3);

    private final Pipeline pipeline;
    private final Ledger ledger;
    private final Planning planning;
    private final JobService service;
    private final Submitter submitter;
    private final Clock clock;
    private final Map<String, Set<Step>> stepsOf = new HashMap<>();

    /**
     * @param pipeline today's definition
     * @param source its raw objects
     * @param ledger of its lake
     * @param service where its batches run
     * @param jar the location of the steps' jar, where the pipeline file names none; null when it must name one
     */
    public Trigger(Pipeline pipeline, ObjectStore source, Ledger ledger, JobService service, String jar, Clock clock) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.planning = new Planning(pipeline, PipelineFile.freeze(pipeline), source, ledger, clock);
        this.service = service;
        this.submitter = new Submitter(pipeline, ledger, service, jar, clock);
        this.clock = clock;
    }

    /**
     * Looks after the pipeline once. What fails is told in the result, and keeps nothing else from being done.
     *
     * @param until begins nothing after this
     */
    public Watched fire(Firing firing, Instant until) {
        Round round = new Round(firing, until);
        round.attempt(round::finishOpen);
        round.attempt(round::planNew);
        round.attempt(round::tellStopped);
        round.attempt(round::lookForStragglers);
        return round.watched();
    }

    /** One firing, on its way. */
    private final class Round {
        private final Firing firing;
        private final Instant until;
        private final List<Told> told = new ArrayList<>();
        private final List<Sentence> failures = new ArrayList<>();
        private Instant oldest;
        private Stragglers stragglers;

        Round(Firing firing, Instant until) {
            this.firing = firing;
            this.until = until;
        }

        /** What goes wrong with one part keeps no other from being done. */
        void attempt(Runnable part) {
            try {
                requireTime();
                part.run();
            } catch (Failure failure) {
                tell(failure);
            } catch (RuntimeException bug) {
                LOG.error("Cannot look after pipeline {}", pipeline.name(), bug);
                tell(unexpected("look after pipeline " + pipeline.name(), bug));
            }
        }

        /** Once, should several parts meet the same. */
        private void tell(Failure failure) {
            Sentence sentence = Sentence.of(failure);
            if (!failures.contains(sentence)) {
                failures.add(sentence);
            }
        }

        private void requireTime() {
            if (clock.instant().isAfter(until)) {
                throw Failure.transientFailure(
                        "Cannot finish looking after pipeline " + pipeline.name()
                                + ": the time of this firing is up. Fire again; it goes on where this one stopped.",
                        null);
            }
        }

        void finishOpen() {
            Set<Step> today = Step.of(pipeline);
            for (BatchState open : ledger.batches().open(today, this::stepsIfKnown)) {
                tell(open.manifest(), () -> finish(open));
            }
        }

        /** A batch whose definition is damaged is open, and told of when its turn comes. */
        private Set<Step> stepsIfKnown(String definition) {
            try {
                return steps(definition);
            } catch (Failure damaged) {
                return Step.of(pipeline);
            }
        }

        void planNew() {
            boolean more = true;
            while (more) {
                requireTime();
                Optional<Manifest> manifest = planning.claim(firing.at(), firing.from());
                manifest.ifPresent(batch -> tell(batch, () -> submit(batch, new Course.Submit(1, 1))));
                more = manifest.isPresent() && manifest.get().left().objects() > 0;
            }
        }

        void tellStopped() {
            for (Stopped stopped : ledger.batches().stopped()) {
                told.add(new Told(stopped.batch().toString(), Became.STOPPED, stopped.sentence()));
            }
        }

        void lookForStragglers() {
            LocalDate day = firing.at().atOffset(ZoneOffset.UTC).toLocalDate();
            if (ledger.newestNumber() == 0 || ledger.stragglers(day).isPresent()) {
                return;
            }
            // A listing of millions must not keep what was done from being told.
            Instant enough = Stream.of(until, clock.instant().plus(LOOK))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            planning.stragglers(firing.at(), REACH, enough).ifPresent(found -> {
                this.stragglers = found;
                ledger.keep(day, found);
            });
        }

        /** A batch that cannot be helped now does not keep the next one from being helped. */
        private void tell(Manifest manifest, Supplier<Told> work) {
            try {
                requireTime();
                Told what = work.get();
                if (what != null) {
                    told.add(what);
                    isOpen(manifest);
                }
            } catch (Failure failure) {
                remainsOpen(manifest, failure);
            } catch (RuntimeException bug) {
                LOG.error("Cannot look after batch {}", manifest.batch(), bug);
                remainsOpen(manifest, unexpected("look after batch " + manifest.batch(), bug));
            }
        }

        private void remainsOpen(Manifest manifest, Failure failure) {
            tell(failure);
            told.add(new Told(manifest.batch().toString(), Became.OPEN, failure.getMessage()));
            isOpen(manifest);
        }

        private void isOpen(Manifest manifest) {
            Instant end = manifest.window().end();
            this.oldest = oldest == null || end.isBefore(oldest) ? end : oldest;
        }

        /** Null when the batch is done, or stopped, by now. */
        private Told finish(BatchState listed) {
            Manifest manifest = listed.manifest();
            Set<Step> steps = steps(manifest.definition());
            BatchState batch = listed;
            Held newest =
                    ledger.submissions(batch.batch()).find(batch.submissions()).orElse(null);
            String said = null;
            if (newest != null && isUnderway(newest.submission())) {
                JobState state = state(newest.submission());
                said = state.said();
                if (isOver(state, batch)) {
                    // The job may have finished the batch since it was listed.
                    batch = ledger.state(manifest);
                    if (batch.isDone(steps) || batch.state() == BatchState.State.STOPPED) {
                        return null;
                    }
                    newest = end(batch, newest, state);
                }
            }
            Submission submission = newest == null ? null : newest.submission();
            Course.Facts facts = new Course.Facts(batch, steps, submission, said, working(batch));
            Course.Terms terms = new Course.Terms(
                    service(), service.repeats(), pipeline.compute().maxAttempts());
            Course course = Course.of(facts, terms, firing.by(), clock.instant());
            return follow(manifest, newest, course);
        }

        private Told follow(Manifest manifest, Held newest, Course course) {
            if (course instanceof Course.Submit submit) {
                return submit(whole(manifest), submit);
            }
            if (course instanceof Course.Resume) {
                return submitter
                        .resume(whole(manifest), steps(manifest.definition()), newest)
                        .map(sent -> submitted(manifest, sent))
                        .orElseGet(() -> byAnother(manifest));
            }
            if (course instanceof Course.Unsettled unsettled) {
                throw Failure.transientFailure(unsettled.sentence(), null);
            }
            return course instanceof Course.GiveUp giveUp
                    ? new Told(manifest.batch().toString(), Became.FAILED, giveUp.sentence())
                    : new Told(manifest.batch().toString(), Became.RUNNING, ((Course.Wait) course).sentence());
        }

        /** A manifest with what it takes: the job is sized by that. */
        private Manifest whole(Manifest outline) {
            return ledger.existingManifest(outline.number());
        }

        private Told submit(Manifest manifest, Course.Submit course) {
            return submitter
                    .submit(manifest, steps(manifest.definition()), course)
                    .map(sent -> submitted(manifest, sent))
                    .orElseGet(() -> byAnother(manifest));
        }

        private static Told submitted(Manifest manifest, Submission sent) {
            return new Told(
                    manifest.batch().toString(),
                    Became.SUBMITTED,
                    name(manifest) + " was given to " + sent.service() + " " + sent.place() + " (submission "
                            + sent.submission() + ").");
        }

        private static Told byAnother(Manifest manifest) {
            return new Told(
                    manifest.batch().toString(), Became.RUNNING, name(manifest) + " is submitted by another firing.");
        }

        private static String name(Manifest manifest) {
            return "Batch " + manifest.batch() + " of " + manifest.pipeline();
        }

        Watched watched() {
            long backlog = oldest == null
                    ? 0
                    : Math.max(0, Duration.between(oldest, clock.instant()).toSeconds());
            return new Watched(pipeline.name(), told, backlog, stragglers, failures);
        }
    }

    /** Whoever holds the batch's lease knows better than a service that does not know the job. */
    private boolean isOver(JobState state, BatchState batch) {
        return state.phase() == JobState.Phase.GONE
                ? working(batch) == null
                : state.phase().isEnded();
    }

    private String service() {
        return pipeline.compute().target().type();
    }

    /** What nobody foresaw, as a failure. */
    static Failure unexpected(String doing, RuntimeException bug) {
        return Failure.of(
                Failure.Kind.BUG,
                "Cannot " + doing + ": " + bug.getClass().getSimpleName() + " (" + bug.getMessage()
                        + "). This was not expected: report it with its log.",
                bug);
    }

    private static boolean isUnderway(Submission submission) {
        return submission.isSent() && submission.end() == null;
    }

    /** How a job goes; one that was given to another kind of service than today's is asked by its attempts alone. */
    private JobState state(Submission submission) {
        if (!submission.service().equals(service())) {
            return new JobState(
                    JobState.Phase.GONE,
                    "it was given to " + submission.service() + " " + submission.place()
                            + ", which the pipeline file does not name any more");
        }
        return service.state(new Job(submission.place(), submission.job()));
    }

    /** Notes how a job ended, and takes the lease from an attempt of it that died. */
    private Held end(BatchState batch, Held held, JobState state) {
        Submission submission = held.submission();
        Attempt last = ledger.attempts(batch.batch())
                .lastOf(submission.submission(), batch.attempts())
                .orElse(null);
        Submission.End end = Course.end(batch, state, last, clock.instant());
        return ledger.submissions(batch.batch())
                .ended(held, end.at(), end.kind(), end.sentence())
                .or(() -> ledger.submissions(batch.batch()).find(submission.submission()))
                .orElse(held);
    }

    private Attempt working(BatchState batch) {
        return batch.attempts() == 0
                ? null
                : ledger.attempts(batch.batch())
                        .find(batch.attempts())
                        .filter(attempt -> attempt.holdsAt(clock.instant()))
                        .orElse(null);
    }

    private Set<Step> steps(String definition) {
        return stepsOf.computeIfAbsent(
                definition,
                sha256 -> Step.of(
                        PipelineFile.parse(ledger.definition(sha256), "definitions/" + sha256 + ".yaml", Map.of()),
                        pipeline));
    }
}

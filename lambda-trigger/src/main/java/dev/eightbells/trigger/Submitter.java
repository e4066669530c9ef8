package dev.eightbells.trigger;

import dev.eightbells.Failure;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Submission;
import dev.eightbells.batch.Submissions;
import dev.eightbells.batch.Submissions.Held;
import dev.eightbells.job.Job;
import dev.eightbells.job.JobRequest;
import dev.eightbells.job.JobService;
import dev.eightbells.pipeline.Compute;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives batches to a compute service, each once: claim, send, record. */
final class Submitter {
    private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);

    private final Pipeline pipeline;
    private final Ledger ledger;
    private final JobService service;
    private final String jar;
    private final Clock clock;
    /** The SHA-256 of today's definition, once it is in the lake. */
    private String definition;

    /**
     * @param pipeline today's definition
     * @param jar the location of the steps' jar, where the pipeline file names none
     */
    Submitter(Pipeline pipeline, Ledger ledger, JobService service, String jar, Clock clock) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.service = service;
        this.jar = pipeline.compute().jar() == null ? jar : pipeline.compute().jar();
        this.clock = clock;
    }

    /**
     * Claims a submission and sends it.
     *
     * @return the submission; empty when another firing was first
     * @throws Failure as {@link JobService#send} does; the claim stays, and says what became of it as far as that is known
     */
    Optional<Submission> submit(Manifest manifest, Set<Step> steps, Course.Submit course) {
        requireJar(manifest);
        String place = service.place();
        return submissions(manifest)
                .claim(
                        manifest,
                        course.submission(),
                        course.attempt(),
                        steps,
                        pipeline.compute().target().type(),
                        place,
                        clock.instant())
                .map(claim -> send(manifest, claim));
    }

    /**
     * Looks for what was claimed and perhaps sent, and sends it if it was not.
     *
     * @return the submission; empty when another firing was first
     * @throws Failure as {@link #submit} does
     */
    Optional<Submission> resume(Manifest manifest, Set<Step> steps, Held held) {
        requireJar(manifest);
        boolean wasRefused = held.submission().isRefused();
        if (service.repeats() == JobService.Repeats.TWO_JOBS && !wasRefused) {
            Optional<Job> lost = service.find(request(manifest, held.submission()));
            if (lost.isPresent()) {
                return submissions(manifest).sent(held, lost.get().ids()).map(Held::submission);
            }
        }
        return submissions(manifest)
                .takeOver(
                        held,
                        wasRefused ? steps : EnumSet.copyOf(held.submission().steps()),
                        service.place(),
                        clock.instant())
                .map(claim -> send(manifest, claim));
    }

    private Submission send(Manifest manifest, Held claim) {
        Submission submission = claim.submission();
        JobRequest request = request(manifest, submission);
        if (!clock.instant().isBefore(submission.sendBy())) {
            throw Failure.transientFailure(
                    "Cannot submit batch " + manifest.batch() + " of " + manifest.pipeline()
                            + " any more: between claiming and sending it more than a minute passed. Fire again.",
                    null);
        }
        Job job;
        try {
            job = service.send(request);
        } catch (Failure failure) {
            job = afterFailing(manifest, claim, request, failure);
        }
        Optional<Held> recorded = submissions(manifest).sent(claim, job.ids());
        if (recorded.isEmpty()) {
            LOG.warn(
                    "Submission {} of batch {} was taken over by another firing",
                    submission.submission(),
                    manifest.batch());
        }
        return submission;
    }

    /** The job, if it was taken all the same. */
    private Job afterFailing(Manifest manifest, Held claim, JobRequest request, Failure failure) {
        if (failure.kind() == Failure.Kind.UNKNOWN) {
            return service.find(request).orElseThrow(() -> failure);
        }
        Optional<Held> recorded =
                submissions(manifest).ended(claim, clock.instant(), failure.kind(), failure.getMessage());
        LOG.debug("Noted the refusal of batch {} ({})", manifest.batch(), recorded.isPresent());
        throw failure;
    }

    private JobRequest request(Manifest manifest, Submission submission) {
        if (definition == null) {
            this.definition = ledger.freeze(PipelineFile.freeze(pipeline));
        }
        return new JobRequest(
                manifest.pipeline(),
                manifest.batch(),
                submission.submission(),
                submission.place(),
                submission.claimed(),
                ledger.lake().location().resolve(LakeLayout.definition(definition)),
                jar,
                submission.steps(),
                manifest.bytes());
    }

    private void requireJar(Manifest manifest) {
        if (jar == null && !(pipeline.compute().target() instanceof Compute.Local)) {
            throw Failure.input("Cannot submit batch " + manifest.batch() + " of " + manifest.pipeline()
                    + ": nothing says where the steps' jar is. Set EIGHTBELLS_STEPS_JAR, or compute.jar in the pipeline"
                    + " file, to s3://bucket/….jar.");
        }
    }

    private Submissions submissions(Manifest manifest) {
        return ledger.submissions(manifest.batch());
    }
}

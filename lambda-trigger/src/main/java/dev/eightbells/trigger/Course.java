package dev.eightbells.trigger;

import dev.eightbells.Failure;
import dev.eightbells.batch.Attempt;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Submission;
import dev.eightbells.job.JobService.Repeats;
import dev.eightbells.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** What is to be done about a batch that is not done. */
sealed interface Course {
    /** How long after its last moment to send a claim may still be on its way: as long as a call takes, and clocks differ. */
    Duration ON_ITS_WAY = Duration.ofMinutes(1);

    /** Failures that another try may not meet. What nobody foresaw is among them: it may have been the machine. */
    Set<Failure.Kind> WORTH_ANOTHER =
            EnumSet.of(Failure.Kind.TRANSIENT, Failure.Kind.UNKNOWN, Failure.Kind.CONFLICT, Failure.Kind.BUG);

    /**
     * Claim a new submission and send it.
     *
     * @param submission its number
     * @param attempt which try it is
     */
    record Submit(int submission, int attempt) implements Course {}

    /** Look for what was claimed and perhaps sent, and send it if it was not. */
    record Resume() implements Course {}

    /** Leave it alone: somebody works on it. */
    record Wait(String sentence) implements Course {}

    /** Leave it alone until it is known whether it was sent; soon is soon enough. */
    record Unsettled(String sentence) implements Course {}

    /** Leave it to a person. */
    record GiveUp(String sentence) implements Course {}

    /**
     * What is known about a batch.
     *
     * @param batch as the lake tells
     * @param steps those it goes through
     * @param newest its newest submission, with its end if the job has ended; null when it was never submitted
     * @param said what the service says of a job that has not ended; null when nobody asked
     * @param working the attempt that holds the batch's lease now; null when nobody does
     */
    record Facts(BatchState batch, Set<Step> steps, Submission newest, String said, Attempt working) {}

    /**
     * Decides.
     *
     * @param repeats what the service makes of a request that it gets twice
     * @param maxAttempts how often a failed batch is submitted
     */
    static Course of(Facts facts, Repeats repeats, int maxAttempts, Firing.By by, Instant now) {
        String name = "Batch " + facts.batch().batch() + " of "
                + facts.batch().manifest().pipeline();
        Submission newest = facts.newest();
        if (facts.working() != null) {
            return new Wait(name + " is worked on by " + facts.working().owner() + ", whose lease holds until "
                    + facts.working().until() + ".");
        }
        if (newest == null) {
            return new Submit(1, 1);
        }
        if (newest.isRefused()) {
            // A new number is a new token, should the service hold the old one to be another request's.
            return by == Firing.By.PERSON ? new Submit(newest.submission() + 1, 1) : new Resume();
        }
        if (!newest.isSent()) {
            return repeats == Repeats.ONE_JOB || now.isAfter(newest.sendBy().plus(ON_ITS_WAY))
                    ? new Resume()
                    : new Unsettled(name + " was being submitted a moment ago (claimed at " + newest.claimed()
                            + "), and nobody has said yet that it was. Fire again in two minutes.");
        }
        if (newest.end() == null) {
            return new Wait(name + " runs as submission " + newest.submission() + " on " + newest.service() + " "
                    + newest.place() + ": " + facts.said() + ".");
        }
        return afterItsEnd(name, facts, maxAttempts, by);
    }

    private static Course afterItsEnd(String name, Facts facts, int maxAttempts, Firing.By by) {
        Submission newest = facts.newest();
        int next = newest.submission() + 1;
        boolean hadAll = newest.steps().containsAll(facts.steps());
        if (by == Firing.By.PERSON || (newest.end().kind() == null && !hadAll)) {
            return new Submit(next, 1);
        }
        boolean isWorthAnother = newest.end().kind() == null
                || WORTH_ANOTHER.contains(newest.end().kind());
        if (isWorthAnother && newest.attempt() < maxAttempts) {
            return new Submit(next, newest.attempt() + 1);
        }
        return new GiveUp(name + " failed "
                + (newest.attempt() == 1 ? "" : newest.attempt() + " times, the last time ")
                + "on " + newest.service() + " " + newest.place() + ": "
                + newest.end().sentence().replaceFirst("\\.?$", ".")
                + " Mend that and fire for pipeline " + newest.pipeline()
                + " by hand, which submits it once more; or abandon the batch.");
    }

    /**
     * How a submission ended.
     *
     * @param job how its job has ended
     * @param last the last attempt that the job came to; null when it came to none
     */
    static Submission.End end(JobState job, Attempt last, Instant now) {
        if (job.phase() == JobState.Phase.SUCCEEDED) {
            return new Submission.End(now, null, job.said());
        }
        boolean told = last != null && last.end() != null && last.end().kind() != null;
        // Without a word of its own it was stopped from outside, or never began.
        return told
                ? new Submission.End(now, last.end().kind(), last.end().sentence())
                : new Submission.End(now, Failure.Kind.TRANSIENT, job.said());
    }
}

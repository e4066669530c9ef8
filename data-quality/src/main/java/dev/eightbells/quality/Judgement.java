package dev.eightbells.quality;

/** What became of a batch by its rules, and by the people who looked at it. */
public enum Judgement {
    /** It fulfils its rules. */
    PASSED,
    /** It does not fulfil them, and was published with a warning. */
    WARNED,
    /** It does not fulfil them, and was stopped. */
    FAILED,
    /** It does not fulfil them, and a person published it as it is. */
    ACCEPTED,
    /** Rules could not be evaluated. */
    ERROR;

    /** Whether later batches are compared with such a batch. */
    public boolean isBaseline() {
        return this == PASSED || this == ACCEPTED;
    }
}

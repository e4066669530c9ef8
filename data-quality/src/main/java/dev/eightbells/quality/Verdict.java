package dev.eightbells.quality;

import com.fasterxml.jackson.annotation.JsonValue;

/** What came out of a rule, or of all rules. */
public enum Verdict {
    /** The data fulfils it. */
    PASSED,
    /** The data does not fulfil it. */
    FAILED,
    /** It could not be evaluated, which says nothing about the data. */
    ERROR;

    /** The verdict as it is told and stored. */
    @JsonValue
    public String text() {
        return name();
    }
}

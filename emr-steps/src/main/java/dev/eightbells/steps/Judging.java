package dev.eightbells.steps;

/** By what a batch is judged before it is published. */
enum Judging {
    /** The rules that were frozen with it; none, if it was planned without. */
    ITS_OWN_RULES,
    /** The rules of today's pipeline file. When they stop it again, that is told, and the marker that is there stays. */
    TODAYS_RULES,
    /** A person, who publishes it as convert has staged it. */
    NO_RULES
}

/**
 * The quality of a data set: rules in DQDL, what is measured for them in as few passes as can be, their verdicts down to
 * the row, and the history of what was measured. Begin with {@link dev.eightbells.quality.QualityCheck}.
 *
 * <p>Text becomes a {@code Ruleset} (package {@code dqdl}), that an {@code Understanding} of what is to be measured,
 * which an {@code Inspection} turns into {@code Facts}, and a {@code Judge} into outcomes.
 */
package dev.eightbells.quality;

package dev.eightbells.quality;

/** What was judged and measured in the batches of a pipeline, for later batches to be compared with. */
public interface QualityHistory {
    /**
     * Keeps an evaluation, with a row for each of its metrics. Called again for the same attempt at the same batch it does
     * nothing.
     *
     * @throws dev.eightbells.Failure when the history cannot be used, or it is unknown whether the evaluation is kept
     */
    void append(Evaluation evaluation);

    /**
     * What batches with smaller manifest numbers measured, as it is known now. Of each regular batch it is the newest
     * attempt that {@linkplain Judgement#isBaseline counts}; replays and further batches of a window are left out, because
     * they hold what was left over. Looks at the newest 300 such batches, or as many as are asked for: a metric that is in
     * none of them has no history.
     *
     * @param number the manifest number of the batch that is to be compared
     * @throws dev.eightbells.Failure when the history cannot be used; also later, when values are asked for
     */
    MetricHistory before(int number);
}

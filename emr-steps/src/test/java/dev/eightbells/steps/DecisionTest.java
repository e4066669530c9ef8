package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Marker;
import dev.eightbells.pipeline.Quality;
import dev.eightbells.pipeline.Quality.OnFailure;
import dev.eightbells.pipeline.Quality.OnRowFailure;
import dev.eightbells.quality.QualityReport;
import dev.eightbells.quality.RuleOutcome;
import dev.eightbells.quality.RuleOutcome.Scope;
import dev.eightbells.quality.Verdict;
import dev.eightbells.steps.Decision.Publish;
import dev.eightbells.steps.Decision.Stop;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
    /** Of 100 records 90 were written, 6 are duplicates and 4 were rejected. */
    private static final Marker.Records CONVERTED = Marker.Records.converted(100, 90, 6, 4);

    private static final BatchId REGULAR = BatchId.parse("20261122T0800Z");

    private static final RuleOutcome FEW = outcome("RowCount > 100", Verdict.FAILED, Scope.DATASET, "RowCount is 90.");
    private static final RuleOutcome ROWS = outcome("IsComplete \"id\"", Verdict.FAILED, Scope.ROWS, "2 rows do not.");
    private static final RuleOutcome GOOD = outcome("ColumnCount > 1", Verdict.PASSED, Scope.DATASET, "It is 3.");

    private static RuleOutcome outcome(String rule, Verdict verdict, Scope scope, String sentence) {
        return new RuleOutcome(rule, verdict, scope, sentence, null, List.of(), Map.of(), Map.of(), null);
    }

    private static Decision decide(Quality quality, long failingRows, RuleOutcome... outcomes) {
        return Decision.of(
                new QualityReport(90, failingRows, List.of(outcomes), Map.of()), CONVERTED, quality, REGULAR);
    }

    private static Decision decide(String batch, Quality quality, long failingRows, RuleOutcome... outcomes) {
        return Decision.of(
                new QualityReport(90, failingRows, List.of(outcomes), Map.of()),
                CONVERTED,
                quality,
                BatchId.parse(batch));
    }

    private static Quality quality(OnRowFailure onRowFailure, OnFailure onFailure, String maxQuarantined) {
        return new Quality(
                "Rules = []",
                onRowFailure,
                onFailure,
                maxQuarantined == null ? null : new BigDecimal(maxQuarantined),
                Map.of(),
                true);
    }

    private static final Quality USUAL = quality(OnRowFailure.QUARANTINE, OnFailure.STOP, null);

    @Test
    void whatPassesIsPublishedAsItIs() {
        assertThat(decide(USUAL, 0, GOOD)).isEqualTo(new Publish(0));
    }

    @Test
    void rowsThatFailAreMovedAndTheRestIsPublished() {
        assertThat(decide(USUAL, 2, ROWS, GOOD)).isEqualTo(new Publish(2));
    }

    @Test
    void aFailedRuleAboutTheDataSetStops() {
        assertThat(decide(USUAL, 2, ROWS, FEW, GOOD))
                .isEqualTo(new Stop("1 of 3 rules failed: RowCount > 100 (RowCount is 90)"));
    }

    @Test
    void ofManyFailedRulesSomeAreTold() {
        assertThat(decide(USUAL, 0, FEW, FEW, FEW, FEW, FEW))
                .isEqualTo(new Stop(
                        "5 of 5 rules failed: RowCount > 100 (RowCount is 90); RowCount > 100 (RowCount is 90);"
                                + " RowCount > 100 (RowCount is 90); and 2 more"));
    }

    @Test
    void warningPublishesWhateverFails() {
        assertThat(decide(quality(OnRowFailure.QUARANTINE, OnFailure.WARN, null), 2, ROWS, FEW))
                .isEqualTo(new Publish(2));
        assertThat(decide(quality(OnRowFailure.KEEP, OnFailure.WARN, null), 2, ROWS, FEW))
                .isEqualTo(new Publish(0));
    }

    @Test
    void whereRowsAreKeptEveryFailedRuleStops() {
        assertThat(decide(quality(OnRowFailure.KEEP, OnFailure.STOP, null), 2, ROWS, GOOD))
                .isEqualTo(new Stop("1 of 2 rules failed: IsComplete \"id\" (2 rows do not)"));
    }

    @Test
    void aBatchOfWhichNothingWouldBeLeftStopsEvenWhenOnlyWarned() {
        Stop stop = new Stop("every one of its 90 rows fails a rule, e.g. IsComplete \"id\"");
        assertThat(decide(USUAL, 90, ROWS)).isEqualTo(stop);
        assertThat(decide(quality(OnRowFailure.QUARANTINE, OnFailure.WARN, null), 90, ROWS))
                .isEqualTo(stop);
        assertThat(decide(USUAL, 89, ROWS)).isEqualTo(new Publish(89));
    }

    @ParameterizedTest
    @CsvSource({"0.06, 2, true", "0.06, 3, false", "0.0599, 2, false", "1, 90, true", "0, 0, false"})
    void moreRejectedThanIsAllowedStops(String most, long failingRows, boolean goesOn) {
        Decision decision = decide(quality(OnRowFailure.QUARANTINE, OnFailure.WARN, most), failingRows, ROWS);
        assertThat(decision instanceof Publish).isEqualTo(goesOn);
    }

    @Test
    void whatConvertRejectedCountsToo() {
        assertThat(decide(quality(OnRowFailure.KEEP, OnFailure.WARN, "0.035"), 0, GOOD))
                .isEqualTo(new Stop("4 of its 100 records are rejected, 4%, and at most 3.5% may be"));
    }

    @Test
    void allThatSpeaksAgainstItIsTold() {
        assertThat(decide(quality(OnRowFailure.QUARANTINE, OnFailure.STOP, "0.05"), 30, ROWS, FEW))
                .isEqualTo(new Stop("1 of 2 rules failed: RowCount > 100 (RowCount is 90); 34 of its 100 records are"
                        + " rejected, 34%, and at most 5% may be"));
    }

    @Test
    void aBatchThatReadNothingHasNothingToLose() {
        assertThat(Decision.of(
                        new QualityReport(0, 0, List.of(GOOD), Map.of()),
                        Marker.Records.converted(0, 0, 0, 0),
                        quality(OnRowFailure.QUARANTINE, OnFailure.STOP, "0"),
                        REGULAR))
                .isEqualTo(new Publish(0));
    }

    @Test
    void rulesAboutTheDataSetStopAFurtherBatchAndNoReplay() {
        String replay = "20261122T0800Z-r1";
        assertThat(decide("20261122T0800Z-2", USUAL, 2, ROWS, FEW, GOOD))
                .isEqualTo(new Stop("1 of 3 rules failed: RowCount > 100 (RowCount is 90)"));
        assertThat(decide(replay, USUAL, 2, ROWS, FEW, GOOD)).isEqualTo(new Publish(2));
        assertThat(decide(replay, quality(OnRowFailure.KEEP, OnFailure.STOP, null), 2, ROWS, FEW))
                .isEqualTo(new Stop("1 of 2 rules failed: IsComplete \"id\" (2 rows do not)"));
    }

    @Test
    void whatIsRejectedStopsAFurtherBatchAndNoReplay() {
        String further = "20261122T0800Z-2";
        String replay = "20261122T0800Z-r1";
        assertThat(decide(further, USUAL, 90, ROWS))
                .isEqualTo(new Stop("every one of its 90 rows fails a rule, e.g. IsComplete \"id\""));
        assertThat(decide(replay, USUAL, 90, ROWS)).isEqualTo(new Publish(90));
        Quality limited = quality(OnRowFailure.QUARANTINE, OnFailure.STOP, "0.05");
        assertThat(decide(further, limited, 6, ROWS))
                .isEqualTo(new Stop("10 of its 100 records are rejected, 10%, and at most 5% may be"));
        assertThat(decide(replay, limited, 6, ROWS)).isEqualTo(new Publish(6));
    }

    @Test
    void aRuleOverSeveralLinesIsToldInOne() {
        RuleOutcome sql =
                outcome("CustomSql \"select count(*)\n  from primary\" > 0", Verdict.FAILED, Scope.DATASET, "No.");
        assertThat(decide(USUAL, 0, sql))
                .isEqualTo(new Stop("1 of 1 rules failed: CustomSql \"select count(*) from primary\" > 0 (No)"));
    }
}

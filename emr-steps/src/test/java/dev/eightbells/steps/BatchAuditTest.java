package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.quality.RuleOutcome;
import dev.eightbells.quality.RuleOutcome.Scope;
import dev.eightbells.quality.Verdict;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of rules that could not be evaluated. */
class BatchAuditTest {
    private static final String CANNOT = "Cannot judge batch b1 by the rule FileUniqueness > 0.9: ";

    private static void assertTold(Throwable error, Judging judging, Failure.Kind kind, String sentence) {
        RuleOutcome outcome = new RuleOutcome(
                "FileUniqueness\n  > 0.9",
                Verdict.ERROR,
                Scope.DATASET,
                error.getMessage() + ".",
                null,
                List.of(),
                Map.of(),
                Map.of(),
                error);
        Failure told = BatchAudit.refusal("b1", outcome, judging);
        assertThat(told).hasMessage(CANNOT + sentence).hasCause(error);
        assertThat(told.kind()).isEqualTo(kind);
    }

    /** An error as Spark's expressions throw it. */
    private static RuntimeException ofExpression() {
        RuntimeException error = new ArithmeticException("divided by zero");
        error.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("org.apache.spark.sql.catalyst.expressions.Divide", "eval", "arithmetic.scala", 1)
        });
        return error;
    }

    @Test
    void aRuleOfTheBatchIsMendedForARelease() {
        assertTold(
                ofExpression(),
                Judging.ITS_OWN_RULES,
                Failure.Kind.INPUT,
                "divided by zero. Mend the rule, and judge the batch by it: eightbells release --pipeline FILE --batch"
                        + " b1.");
    }

    @Test
    void aRuleOfTodayIsMendedForTheSameBatch() {
        assertTold(
                ofExpression(),
                Judging.TODAYS_RULES,
                Failure.Kind.INPUT,
                "divided by zero. Mend the rule, and release the batch again.");
    }

    @Test
    void whereAccessIsDeniedItIsToBeGranted() {
        assertTold(
                new AccessDeniedException("/raw/a"),
                Judging.ITS_OWN_RULES,
                Failure.Kind.INPUT,
                "Cannot finish its audit: access was denied (/raw/a). Grant it to whom this runs as, and run it again.");
    }

    @Test
    void aRawObjectThatIsGoneIsNotWhatIsWrongWithTheBatch() {
        assertTold(
                Failure.data("Cannot read /raw/a: it is gone since it was planned. Restore it."),
                Judging.ITS_OWN_RULES,
                Failure.Kind.INPUT,
                "Cannot read /raw/a: it is gone since it was planned. Restore it.");
    }

    @Test
    void whatMayPassIsTriedAgain() {
        assertTold(
                new SocketException("Connection reset"),
                Judging.ITS_OWN_RULES,
                Failure.Kind.TRANSIENT,
                "Connection reset. Run it again.");
    }

    @Test
    void whatNobodyForesawIsABug() {
        assertTold(
                new IllegalStateException("no session"),
                Judging.TODAYS_RULES,
                Failure.Kind.BUG,
                "no session. This was not expected: run it again with --debug, and report what it prints.");
    }
}

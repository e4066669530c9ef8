package dev.eightbells.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.table.FileGroup;
import dev.eightbells.table.Period;
import dev.eightbells.table.SnapshotFacts;
import dev.eightbells.table.TableCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionTest {
    private static final long MB = 1L << 20;
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private static Period day(String day) {
        Instant start = Instant.parse(day + "T00:00:00Z");
        return Period.between(start, start.plus(Duration.ofDays(1)));
    }

    private static Period month(String first, String next) {
        return Period.between(Instant.parse(first + "T00:00:00Z"), Instant.parse(next + "T00:00:00Z"));
    }

    private static FileGroup small(Period period, int files, long megabytes) {
        return new FileGroup(period, files, megabytes * MB, files, files, megabytes * MB);
    }

    private static FileGroup large(Period period, int files) {
        return new FileGroup(period, files, 400 * MB * files, files, 0, 0);
    }

    private static TableCondition facts(FileGroup... groups) {
        return new TableCondition(List.of(groups), new SnapshotFacts(List.of(), List.of()), true, 1, 1);
    }

    private static Compaction plan(FileGroup... groups) {
        return Compaction.of(facts(groups), null, NOW);
    }

    @Test
    void daysThatHaveBeenOverForADayAreLaidOutAnew() {
        Compaction plan = plan(
                small(day("2026-03-10"), 3, 3),
                small(day("2026-03-09"), 6, 6),
                small(day("2026-03-08"), 6, 6),
                small(day("2026-03-07"), 2, 2));
        assertThat(plan)
                .isEqualTo(new Compaction(List.of(List.of(day("2026-03-07"), day("2026-03-08"))), 8, 8 * MB, 2));
        assertThat(plan.periods()).isEqualTo(2);
    }

    @Test
    void monthsAreLaidOutAnewWhileTheyGoOn() {
        Period march = month("2026-03-01", "2026-04-01");
        assertThat(plan(small(march, 6, 6)).commits()).containsExactly(List.of(march));
        assertThat(Compaction.of(facts(small(march, 6, 6)), null, Instant.parse("2026-03-02T23:00:00Z"))
                        .isIdle())
                .isTrue();
    }

    @Test
    void whatNoPartitionsKeepApartIsLaidOutAnewMonthByMonth() {
        Period january = month("2026-01-01", "2026-02-01");
        Period february = month("2026-02-01", "2026-03-01");
        TableCondition facts = new TableCondition(
                List.of(small(january, 6, 6), small(february, 6, 6)),
                new SnapshotFacts(List.of(), List.of()),
                false,
                1,
                1);
        assertThat(Compaction.of(facts, null, NOW).commits()).containsExactly(List.of(january), List.of(february));
    }

    @Test
    void filesThatAreLargeOrAloneStay() {
        assertThat(plan(large(day("2026-03-01"), 3), small(day("2026-03-02"), 1, 1))
                        .isIdle())
                .isTrue();
    }

    @Test
    void aFileLessIsWorthTheRewritingOfHalfAFileAndNotMore() {
        assertThat(plan(small(day("2026-03-01"), 2, 192)).isIdle()).isFalse();
        assertThat(plan(small(day("2026-03-01"), 2, 193)).isIdle()).isTrue();
        assertThat(plan(small(day("2026-03-01"), 12, 1_200)).filesAfter()).isEqualTo(4);
    }

    @Test
    void rowsWithoutATimeAreLaidOutAnewToo() {
        assertThat(plan(small(null, 2, 2)).commits()).containsExactly(Arrays.asList((Period) null));
    }

    @Test
    void whatIsRemovedAnywayIsLeftAlone() {
        TableCondition facts = facts(small(day("2026-02-01"), 6, 6), small(day("2026-03-01"), 6, 6));
        Removed removed = Removed.of(facts, day("2026-03-01").from());
        assertThat(removed).isEqualTo(new Removed(day("2026-03-01").from(), 6, 6, 6 * MB));
        assertThat(Compaction.of(facts, removed, NOW).commits()).containsExactly(List.of(day("2026-03-01")));
    }

    @Test
    void oneCommitChangesNotTooMuch() {
        List<FileGroup> days = new ArrayList<>();
        for (int day = 0; day < 100; day++) {
            Instant start = Instant.parse("2025-01-01T00:00:00Z").plus(Duration.ofDays(day));
            days.add(small(Period.between(start, start.plus(Duration.ofDays(1))), 100, 100));
        }
        Compaction plan = plan(days.toArray(FileGroup[]::new));
        assertThat(plan.commits()).hasSize(10).allSatisfy(commit -> assertThat(commit)
                .hasSize(10));
        assertThat(plan.filesAfter()).isEqualTo(100);
    }

    @Test
    void whatOthersHaveDoneMeanwhileIsNotDoneAgain() {
        Compaction plan = plan(small(day("2026-03-01"), 6, 6), small(null, 2, 2));
        assertThat(plan.stillAmong(List.of(day("2026-03-01"), day("2026-03-02"))))
                .containsExactly(day("2026-03-01"));
        assertThat(plan.stillAmong(Arrays.asList(null, day("2026-03-02")))).containsExactly((Period) null);
    }

    @Test
    void rowsAreRemovedOnlyBeforeAllFilesThatReachAcrossTheBoundary() {
        TableCondition facts = facts(
                large(month("2026-01-01", "2026-02-01"), 1),
                large(month("2026-02-01", "2026-03-01"), 2),
                large(day("2026-02-10"), 1),
                large(null, 1));
        assertThat(Removed.of(facts, day("2026-02-15").from()))
                .isEqualTo(new Removed(month("2026-02-01", "2026-03-01").from(), 1, 1, 400 * MB));
        assertThat(Removed.of(facts, day("2025-12-31").from())).isNull();
        assertThat(Removed.of(facts, null)).isNull();
    }
}

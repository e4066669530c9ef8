package dev.eightbells.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.table.SnapshotFacts;
import dev.eightbells.table.SnapshotFacts.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");

    /** A snapshot of that many days ago, with that number for a name. */
    private static Known ago(int days) {
        return new Known(days, NOW.minus(Duration.ofDays(days)), "b" + days, null, false);
    }

    private static Known held(int days) {
        return new Known(days, NOW.minus(Duration.ofDays(days)), null, null, true);
    }

    private static Known forgetting(int number, int days) {
        return new Known(days, NOW.minus(Duration.ofDays(days)), null, "forgets/0000000" + number, false);
    }

    private static SnapshotFacts main(Known... snapshots) {
        return new SnapshotFacts(List.of(snapshots), List.of());
    }

    private static SnapshotFacts days(int... days) {
        List<Known> main = new ArrayList<>();
        for (int day : days) {
            main.add(ago(day));
        }
        return new SnapshotFacts(main, List.of());
    }

    private static Expiry expiry(SnapshotFacts facts, Long loaded, String... open) {
        return Expiry.of(
                facts,
                new Needs(NOW.minus(Duration.ofDays(7)), loaded, Set.of(open), Set.of("forgets/00000002"), null));
    }

    @Test
    void whatWasTheTableAWeekAgoStays() {
        assertThat(expiry(days(1, 5, 9, 12, 20), null)).isEqualTo(new Expiry(List.of(12L, 20L), null));
    }

    @Test
    void theOnlySnapshotStaysHoweverOldItIs() {
        assertThat(expiry(days(400), null).snapshots()).isEmpty();
        assertThat(expiry(new SnapshotFacts(List.of(), List.of()), null).snapshots())
                .isEmpty();
    }

    @Test
    void aQuietTablesReadersKeepWhatTheySaw() {
        // It was the newest until a moment ago: somebody may be reading it.
        assertThat(expiry(main(ago(0), ago(30), ago(31)), null).snapshots()).containsExactly(31L);
    }

    @Test
    void loadingGoesOnFromTheLastLoadedCommit() {
        assertThat(expiry(days(1, 9, 12, 20, 30), 20L))
                .isEqualTo(new Expiry(List.of(30L), "the warehouse has come as far as commit 20"));
    }

    @Test
    void aLoadedCommitThatIsOnNoMainLineHoldsNothing() {
        assertThat(expiry(days(1, 9, 12), 77L)).isEqualTo(new Expiry(List.of(12L), null));
    }

    @Test
    void theCommitsOfBatchesThatAreNotDoneStayWithAllThatCameAfterThem() {
        assertThat(expiry(days(1, 9, 12, 20, 30), 12L, "b20", "b9"))
                .isEqualTo(new Expiry(List.of(30L), "batch b20 is not done"));
    }

    @Test
    void nothingIsForgottenWhileTheWarehouseCannotBeAsked() {
        Needs needs = new Needs(NOW, null, Set.of(), Set.of(), "the warehouse could not be asked");
        assertThat(Expiry.of(days(1, 9, 12), needs)).isEqualTo(new Expiry(List.of(), needs.unknown()));
    }

    @Test
    void ofStagedSnapshotsTheOldOnesThatNoTagHoldsAreForgotten() {
        SnapshotFacts facts = new SnapshotFacts(List.of(ago(1)), List.of(ago(2), ago(8), held(9), ago(10)));
        assertThat(expiry(facts, null).snapshots()).containsExactly(8L, 10L);
    }

    @Test
    void whatABatchThatIsNotDoneHasStagedStaysWithoutATag() {
        SnapshotFacts facts = new SnapshotFacts(List.of(ago(1)), List.of(ago(8), ago(9), ago(400)));
        assertThat(expiry(facts, null, "b9", "b400").snapshots()).containsExactly(8L);
    }

    @Test
    void theCommitsOfWhatIsBeingForgottenStayWithWhatTheyTookRowsFrom() {
        assertThat(expiry(main(ago(1), ago(9), forgetting(2, 10), ago(11), ago(12)), null))
                .isEqualTo(new Expiry(List.of(12L), "forgets/00000002 is not done"));
        assertThat(expiry(main(ago(1), ago(9), ago(10), forgetting(2, 11)), null)
                        .snapshots())
                .isEmpty();
        assertThat(expiry(main(forgetting(2, 10), ago(11), ago(12)), null).snapshots())
                .containsExactly(12L);
    }

    @Test
    void theCommitsOfWhatIsForgottenAreOnlyOld() {
        assertThat(expiry(main(ago(1), ago(9), forgetting(1, 10), ago(11)), null))
                .isEqualTo(new Expiry(List.of(10L, 11L), null));
    }

    @Test
    void aTagOnTheMainLineHoldsWhatCameAfterIt() {
        assertThat(expiry(main(ago(1), ago(9), ago(10), held(11), ago(12)), null))
                .isEqualTo(new Expiry(List.of(12L), "a tag holds commit 11"));
    }
}

package dev.eightbells.warehouse;

import static dev.eightbells.warehouse.TestLoads.EVENTS;
import static dev.eightbells.warehouse.TestLoads.SESSIONS;
import static dev.eightbells.warehouse.TestLoads.commit;
import static dev.eightbells.warehouse.TestLoads.loadedUpTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.table.Removal;
import dev.eightbells.table.TableHistory;
import dev.eightbells.table.TableHistory.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final TableHistory.Commit FIRST = commit(1, Kind.ADDED);
    private static final TableHistory.Commit SECOND = commit(2, Kind.ADDED);
    private static final TableHistory.Commit THIRD = commit(3, Kind.ADDED);
    private static final List<TableHistory.Commit> NEWEST_FIRST = List.of(THIRD, SECOND, FIRST);

    @Test
    void aTableWithoutCommitsNeedsNothing() {
        assertThat(course(EVENTS, List.of(), TestLoads.ABSENT)).isEqualTo(new Course.Nothing());
    }

    @Test
    void aWarehouseAtTheHeadNeedsNothing() {
        assertThat(course(EVENTS, NEWEST_FIRST, loadedUpTo(3))).isEqualTo(new Course.Nothing());
    }

    @Test
    void commitsSinceTheLastLoadAreFollowedTheOldestFirst() {
        assertThat(course(EVENTS, NEWEST_FIRST, loadedUpTo(1))).isEqualTo(new Course.Follow(List.of(SECOND, THIRD)));
    }

    @Test
    void aCompactionIsFollowedToo() {
        TableHistory.Commit compacted = new TableHistory.Commit(4, Kind.COMPACTED, null, null, 40, null);
        List<TableHistory.Commit> commits = List.of(compacted, THIRD, SECOND);
        assertThat(course(EVENTS, commits, loadedUpTo(3))).isEqualTo(new Course.Follow(List.of(compacted)));
        assertThat(course(SESSIONS, commits, loadedUpTo(3))).isEqualTo(new Course.Follow(List.of(compacted)));
    }

    @Test
    void theFirstLoadBringsEverything() {
        assertThat(course(EVENTS, NEWEST_FIRST, TestLoads.ABSENT))
                .isEqualTo(reload("nothing of this pipeline is in it yet"));
    }

    @Test
    void aTableThatIsGoneComesBackWhole() {
        FoundTable gone = new FoundTable(
                null, List.of(), FoundTable.Rows.NONE, Set.of("analytics"), FoundTable.Ledger.THERE, TestLoads.last(3));
        assertThat(course(EVENTS, NEWEST_FIRST, gone)).isEqualTo(reload("it is gone from the warehouse"));
    }

    @Test
    void aTableThatIsEmptyThoughItsLoadsBroughtRowsComesBackWhole() {
        FoundTable empty = new FoundTable(
                "BASE TABLE",
                loadedUpTo(2).columns(),
                FoundTable.Rows.NONE,
                Set.of("analytics"),
                FoundTable.Ledger.THERE,
                TestLoads.last(2));
        assertThat(course(EVENTS, NEWEST_FIRST, empty)).isEqualTo(reload("it is empty, and should hold 20 rows"));
    }

    @Test
    void aLastLoadThatHistoryForgotMeansAReload() {
        assertThat(course(EVENTS, NEWEST_FIRST, loadedUpTo(99)))
                .isEqualTo(reload("commit 99 of analytics.lake_events, which was loaded last, is not in that table's"
                        + " history any more"));
    }

    @Test
    void rowsThatSomebodyElseChangedMeanAReload() {
        TableHistory.Commit foreign = new TableHistory.Commit(4, Kind.CHANGED, null, null, 40, null);
        List<TableHistory.Commit> commits = List.of(foreign, THIRD, SECOND, FIRST);
        assertThat(course(EVENTS, commits, loadedUpTo(2)))
                .isEqualTo(new Course.Reload(
                        foreign,
                        "commit 4 of analytics.lake_events changed rows, and no step of Eightbells made it",
                        Course.Place.SAME_TABLE));
    }

    @Test
    void rowsThatSomebodyElseChangedBeforeTheLastLoadDoNotMatter() {
        TableHistory.Commit foreign = new TableHistory.Commit(2, Kind.CHANGED, null, null, 40, null);
        assertThat(course(EVENTS, List.of(THIRD, foreign, FIRST), loadedUpTo(2)))
                .isEqualTo(new Course.Follow(List.of(THIRD)));
    }

    @Test
    void eventsThatSomebodyElseAddedAreAddedButSessionsAreReloaded() {
        TableHistory.Commit foreign = new TableHistory.Commit(4, Kind.ADDED, null, null, 40, null);
        List<TableHistory.Commit> commits = List.of(foreign, THIRD);
        assertThat(course(EVENTS, commits, loadedUpTo(3))).isEqualTo(new Course.Follow(List.of(foreign)));
        assertThat(course(SESSIONS, commits, loadedUpTo(3))).isInstanceOf(Course.Reload.class);
    }

    @Test
    void rowsThatAreForgottenOrTooOldAreFollowed() {
        for (String step : List.of("forget", "retention")) {
            TableHistory.Commit removed = removed(step);
            for (Target target : List.of(EVENTS, SESSIONS)) {
                assertThat(Course.of(
                                target,
                                List.of(removed, THIRD),
                                loadedUpTo(3),
                                List.of(),
                                Course.isDeletion(target, removed)
                                        ? Map.of(removed, new Deletion.Rows(Condition.Constant.TRUE))
                                        : Map.of(),
                                LoadRequest.WHAT_IS_NEW))
                        .as("%s of %s", step, target.rows())
                        .isEqualTo(new Course.Follow(List.of(removed)));
            }
        }
    }

    @Test
    void whatIsForgottenOfSessionsReplacesDaysAsABatchDoes() {
        assertThat(Course.isDeletion(SESSIONS, removed("forget"))).isFalse();
        assertThat(Course.isDeletion(SESSIONS, removed("retention"))).isTrue();
        assertThat(Course.isDeletion(EVENTS, removed("forget"))).isTrue();
        assertThat(Course.isDeletion(EVENTS, commit(4, Kind.CHANGED))).isFalse();
    }

    @Test
    void aRemovalThatNobodyCanRepeatMeansAReload() {
        TableHistory.Commit removed = removed("forget");
        assertThat(Course.of(
                        EVENTS,
                        List.of(removed, THIRD),
                        loadedUpTo(3),
                        List.of(),
                        Map.of(removed, new Deletion.Unknown("its predicate was forgotten")),
                        LoadRequest.WHAT_IS_NEW))
                .isEqualTo(new Course.Reload(
                        removed,
                        "commit 4 of analytics.lake_events took rows away (forget), and its predicate was forgotten",
                        Course.Place.SAME_TABLE));
    }

    private static TableHistory.Commit removed(String step) {
        return new TableHistory.Commit(4, Kind.CHANGED, null, step, 40, new Removal(step, "true"));
    }

    @Test
    void sessionsThatABatchReplacedAreFollowed() {
        TableHistory.Commit replaced = commit(4, Kind.CHANGED);
        assertThat(course(SESSIONS, List.of(replaced, THIRD), loadedUpTo(3)))
                .isEqualTo(new Course.Follow(List.of(replaced)));
    }

    @Test
    void everythingComesWhenItIsAskedFor() {
        assertThat(Course.of(EVENTS, NEWEST_FIRST, loadedUpTo(3), List.of(), Map.of(), LoadRequest.EVERYTHING))
                .isEqualTo(reload("it was asked for"));
    }

    @Test
    void columnsThatCannotBeChangedInPlaceMeanANewTable() {
        assertThat(Course.of(
                        EVENTS,
                        NEWEST_FIRST,
                        loadedUpTo(3),
                        List.of("column n is INTEGER there and BIGINT in the lake"),
                        Map.of(),
                        LoadRequest.WHAT_IS_NEW))
                .isEqualTo(new Course.Reload(
                        THIRD,
                        "Redshift cannot change its columns in place: column n is INTEGER there and BIGINT in the lake",
                        Course.Place.NEW_TABLE));
    }

    private static Course course(Target target, List<TableHistory.Commit> commits, FoundTable found) {
        return Course.of(target, commits, found, List.of(), Map.of(), LoadRequest.WHAT_IS_NEW);
    }

    private static Course reload(String why) {
        return new Course.Reload(THIRD, why, Course.Place.SAME_TABLE);
    }
}

package dev.eightbells.warehouse;

import static dev.eightbells.warehouse.TestLoads.ABSENT;
import static dev.eightbells.warehouse.TestLoads.EVENTS;
import static dev.eightbells.warehouse.TestLoads.column;
import static dev.eightbells.warehouse.TestLoads.found;
import static dev.eightbells.warehouse.TestLoads.loadedUpTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.table.TableHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrowthTest {
    private static final FoundTable.LastLoad LAST = TestLoads.last(3);
    private static final TableHistory.Commit COMMIT = TestLoads.commit(4, TableHistory.Kind.ADDED);

    @Test
    void aTableThatIsNotThereIsMadeWithHeadRoomForItsTexts() {
        assertThat(growth(EVENTS, ABSENT, Map.of(1, 100L)).statements())
                .containsExactly(new Statement.CreateTable(
                        EVENTS.name(),
                        List.of(
                                new Statement.Column("id", new WarehouseType.Varchar(256)),
                                new Statement.Column("time", WarehouseType.Plain.TIMESTAMP),
                                new Statement.Column("n", WarehouseType.Plain.BIGINT),
                                new Statement.Column("eightbells_batch", new WarehouseType.Varchar(64))),
                        Statement.Order.AUTO));
    }

    @ParameterizedTest
    @CsvSource({"0, 64", "32, 64", "33, 128", "64, 128", "100, 256", "20000, 65535", "65535, 65535", "70000, 65535"})
    void aTextsColumnHasRoomForTwiceItsLongestValue(long longest, int width) {
        assertThat(WarehouseType.Varchar.withHeadRoom(longest)).isEqualTo(new WarehouseType.Varchar(width));
    }

    @Test
    void aTableThatFitsStaysAsItIs() {
        Growth growth = growth(EVENTS, loadedUpTo(3), Map.of(1, 64L));
        assertThat(growth.statements()).isEmpty();
        assertThat(growth.findings()).isEmpty();
    }

    @Test
    void aColumnIsNeverMadeNarrower() {
        FoundTable wide = with(column("id", new WarehouseType.Varchar(4096)));
        Growth growth = growth(EVENTS, wide, Map.of(1, 10L));
        assertThat(growth.statements()).isEmpty();
        assertThat(growth.type(COMMIT, 1)).contains(new WarehouseType.Varchar(4096));
    }

    @Test
    void missingColumnsAreAddedAmongThemThatOfTheBatch() {
        FoundTable old = new FoundTable(
                "BASE TABLE",
                List.of(column("id", new WarehouseType.Varchar(64))),
                FoundTable.Rows.NONE,
                Set.of(),
                FoundTable.Ledger.THERE,
                LAST);
        Growth growth = growth(EVENTS, old, Map.of());
        assertThat(growth.statements())
                .containsExactly(new Statement.AddColumn(
                        EVENTS.name(), new Statement.Column("eightbells_batch", new WarehouseType.Varchar(64))));
        assertThat(growth.changes().get(COMMIT).statements())
                .containsExactly(
                        new Statement.AddColumn(
                                EVENTS.name(), new Statement.Column("time", WarehouseType.Plain.TIMESTAMP)),
                        new Statement.AddColumn(EVENTS.name(), new Statement.Column("n", WarehouseType.Plain.BIGINT)));
    }

    @Test
    void aColumnIsWidenedUnderTheNameThatItHasBeforeItIsRenamed() {
        Target renamed = TestLoads.events(
                new Target.Column(1, "identity", new WarehouseType.Varchar(65535)),
                EVENTS.columns().get(1),
                EVENTS.columns().get(2));
        Growth growth = Growth.of(
                renamed,
                loadedUpTo(3),
                TestLoads.lake(EVENTS.columns(), Map.of(COMMIT, renamed)),
                List.of(COMMIT),
                Map.of(1, 100L));
        assertThat(growth.statements())
                .containsExactly(new Statement.WidenColumn(EVENTS.name(), "id", new WarehouseType.Varchar(256)));
        assertThat(growth.changes().get(COMMIT).statements())
                .containsExactly(new Statement.RenameColumn(EVENTS.name(), "id", "identity"));
        assertThat(growth.type(COMMIT, 1)).contains(new WarehouseType.Varchar(256));
    }

    @Test
    void aColumnOfOnesOwnMayStayUnlessItWantsAValue() {
        List<FoundTable.Column> columns = new ArrayList<>(loadedUpTo(3).columns());
        columns.add(column("comment", new WarehouseType.Varchar(10)));
        columns.add(new FoundTable.Column("owner", WarehouseType.Plain.BIGINT, FoundTable.Value.MUST_BE_GIVEN));
        FoundTable found =
                new FoundTable("BASE TABLE", columns, FoundTable.Rows.NONE, Set.of(), FoundTable.Ledger.THERE, LAST);
        assertThat(growth(EVENTS, found, Map.of()).findings())
                .containsExactly(new Finding(
                        Failure.Kind.INPUT,
                        "table analytics.events has a column owner that is NOT NULL and has no default, and the lake"
                                + " has no such column; give it a default, or drop it"));
    }

    @Test
    void aTextLongerThanRedshiftTakesIsTheDatasFault() {
        assertThat(growth(EVENTS, loadedUpTo(3), Map.of(1, 65_536L)).findings())
                .containsExactly(new Finding(
                        Failure.Kind.DATA,
                        "column id of analytics.lake_events holds a value of 65536 bytes, and the longest that"
                                + " Redshift takes is 65535; take it out of the lake, and let a rule (ColumnLength)"
                                + " quarantine such records"));
    }

    @Test
    void aTypeThatCopyDoesNotTakeIsRefusedByName() {
        List<Target.Column> columns = new ArrayList<>(EVENTS.columns());
        columns.add(new Target.Column(8, "token", new WarehouseType.Foreign("uuid")));
        Target odd = TestLoads.events(columns.toArray(Target.Column[]::new));
        assertThat(growth(odd, ABSENT, Map.of()).findings())
                .extracting(Finding::clause)
                .containsExactly(
                        "column token of analytics.lake_events is UUID, which COPY cannot load; give it another"
                                + " type");
    }

    @Test
    void aTypeThatHoldsEveryValueIsKept() {
        assertThat(unfit(EVENTS, found(LAST, WarehouseType.Plain.BIGINT))).isEmpty();
        assertThat(WarehouseType.Plain.BIGINT.holds(WarehouseType.Plain.INTEGER))
                .isTrue();
        assertThat(WarehouseType.Plain.DOUBLE_PRECISION.holds(WarehouseType.Plain.REAL))
                .isTrue();
        assertThat(new WarehouseType.Numeric(12, 2).holds(new WarehouseType.Numeric(10, 2)))
                .isTrue();
        assertThat(new WarehouseType.Numeric(12, 2).holds(new WarehouseType.Numeric(12, 3)))
                .isFalse();
        assertThat(new WarehouseType.Numeric(12, 4).holds(new WarehouseType.Numeric(11, 2)))
                .isFalse();
    }

    @Test
    void aTypeThatWouldLoseValuesIsUnfit() {
        assertThat(unfit(EVENTS, found(LAST, WarehouseType.Plain.INTEGER)))
                .containsExactly("column n is INTEGER there and BIGINT in the lake");
        assertThat(unfit(EVENTS, with(column("id", WarehouseType.Plain.BIGINT))))
                .containsExactly("column id is BIGINT there and VARCHAR in the lake");
    }

    private static FoundTable with(FoundTable.Column column) {
        List<FoundTable.Column> columns = new ArrayList<>(loadedUpTo(3).columns());
        columns.replaceAll(there -> there.name().equals(column.name()) ? column : there);
        return new FoundTable("BASE TABLE", columns, FoundTable.Rows.NONE, Set.of(), FoundTable.Ledger.THERE, LAST);
    }

    private static Growth growth(Target target, FoundTable found, Map<Integer, Long> longest) {
        return Growth.of(target, found, TestLoads.unchanged(target, COMMIT), List.of(COMMIT), longest);
    }

    private static List<String> unfit(Target target, FoundTable found) {
        return TestLoads.unchanged(target, COMMIT).unfit(found);
    }
}

package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void aColumnThatTheLakeCallsOtherwiseIsRenamed() {
        assertThat(change(columns("1:a"), columns("1:b"))).containsExactly("a -> b");
    }

    @Test
    void aChainOfNamesIsRenamedFromItsEnd() {
        assertThat(change(columns("1:a", "2:b", "3:c"), columns("1:b", "2:c", "3:d")))
                .containsExactly("c -> d", "b -> c", "a -> b");
    }

    @Test
    void columnsThatSwapNamesMeetOverAThird() {
        assertThat(change(columns("1:a", "2:b"), columns("1:b", "2:a")))
                .containsExactly("a -> eightbells_renamed", "b -> a", "eightbells_renamed -> b");
    }

    @Test
    void twoSwapsNeedTwoThirds() {
        assertThat(change(columns("1:a", "2:b", "3:c", "4:d"), columns("1:b", "2:a", "3:d", "4:c")))
                .containsExactly(
                        "a -> eightbells_renamed",
                        "b -> a",
                        "eightbells_renamed -> b",
                        "c -> eightbells_renamed",
                        "d -> c",
                        "eightbells_renamed -> d");
    }

    @Test
    void aDroppedColumnStays() {
        assertThat(change(columns("1:a", "2:b"), columns("1:a"))).isEmpty();
    }

    @Test
    void aColumnThatIsDroppedAndMadeAgainLeavesItsValuesBehind() {
        assertThat(change(columns("1:a"), columns("7:a"))).containsExactly("a -> a_dropped", "+ a");
        assertThat(change(columns("1:a", "2:a_dropped"), columns("7:a", "2:a_dropped")))
                .containsExactly("a -> a_dropped_2", "+ a");
    }

    @Test
    void aColumnThatGetsTheNameOfADroppedOneMovesThatAside() {
        assertThat(change(columns("1:a", "2:b"), columns("1:b"))).containsExactly("b -> b_dropped", "a -> b");
    }

    @Test
    void aColumnThatWasDroppedLongAgoIsStillAnother() {
        assertThat(statements(found("a", "old")
                        .change(target(columns("1:a", "9:old")), owners("1:a", "3:old", "9:old"), Map.of())))
                .containsExactly("old -> old_dropped", "+ old");
    }

    @Test
    void aColumnThatSomebodyMadeBeforeTheLakeHadItIsTakenOver() {
        assertThat(statements(found("a", "b").change(target(columns("1:a", "2:b")), owners("1:a", "2:b"), Map.of())))
                .isEmpty();
    }

    @Test
    void aColumnThatSomebodyRenamedAlreadyIsTakenOver() {
        Shape.Change change = found("b").change(target(columns("1:b")), owners("1:a", "1:b"), Map.of());
        assertThat(change.statements()).isEmpty();
        assertThat(change.shape().column(1)).map(Shape.Column::name).contains("b");
    }

    @Test
    void aNameThatSomebodyElsesColumnHasIsAConflict() {
        Shape shape = new Shape(List.of(column("a", 1), column("b", null)));
        Shape.Change change = shape.change(target(columns("1:b")), owners("1:a", "1:b"), Map.of());
        assertThat(change.statements()).isEmpty();
        assertThat(change.conflicts())
                .containsExactly("table analytics.events has a column b of its own, and that is what"
                        + " analytics.lake_events calls its column a now; rename it or drop it");
    }

    @Test
    void aColumnOfAnotherTypeThatSomebodyMadeIsNotTakenOver() {
        Shape.Column own =
                new Shape.Column("b", "b", new WarehouseType.Varchar(20), FoundTable.Value.MAY_BE_LEFT_OUT, null);
        Shape.Change change = new Shape(List.of(column("a", 1), own))
                .change(target(columns("1:a", "2:b")), owners("1:a", "2:b"), Map.of());
        assertThat(change.statements()).isEmpty();
        assertThat(change.shape().unfit(target(columns("1:a", "2:b")))).isEmpty();
        assertThat(change.conflicts())
                .containsExactly("table analytics.events has a column b of its own, which is VARCHAR(20), and"
                        + " analytics.lake_events has one of that name now, which is BIGINT; rename yours or drop it");
    }

    @Test
    void whatALakeLeavesWithoutValuesAreItsDroppedColumnsAndOnesOwn() {
        Shape shape =
                new Shape(List.of(column("a", 1), column("b", 2), column("own", null), column(Target.BATCH, null)));
        assertThat(shape.without(target(columns("1:a"))))
                .extracting(Shape.Column::name)
                .containsExactly("b", "own");
    }

    private static List<String> change(List<Target.Column> before, List<Target.Column> after) {
        Map<String, Set<Integer>> owners = new HashMap<>();
        for (List<Target.Column> columns : List.of(before, after)) {
            columns.forEach(column -> owners.computeIfAbsent(column.name(), name -> new TreeSet<>())
                    .add(column.field()));
        }
        Shape shape = new Shape(before.stream()
                .map(column -> column(column.name(), column.field()))
                .toList());
        Shape.Change change = shape.change(target(after), owners, Map.of());
        assertThat(change.conflicts()).isEmpty();
        after.forEach(column -> assertThat(change.shape().column(column.field()))
                .map(Shape.Column::name)
                .contains(column.name()));
        // Whoever looks again finds nothing to do.
        assertThat(change.shape().change(target(after), owners, Map.of()).statements())
                .isEmpty();
        return statements(change);
    }

    private static List<String> statements(Shape.Change change) {
        List<String> statements = new ArrayList<>();
        for (Statement statement : change.statements()) {
            statements.add(
                    statement instanceof Statement.RenameColumn rename
                            ? rename.column() + " -> " + rename.name()
                            : "+ " + ((Statement.AddColumn) statement).column().name());
        }
        return statements;
    }

    private static Shape found(String... names) {
        return new Shape(Arrays.stream(names)
                .map(name -> column(name, name.equals("a") ? 1 : null))
                .toList());
    }

    private static Shape.Column column(String name, Integer field) {
        return new Shape.Column(name, name, WarehouseType.Plain.BIGINT, FoundTable.Value.MAY_BE_LEFT_OUT, field);
    }

    private static Map<String, Set<Integer>> owners(String... columns) {
        Map<String, Set<Integer>> owners = new HashMap<>();
        columns(columns).forEach(column -> owners.computeIfAbsent(column.name(), name -> new TreeSet<>())
                .add(column.field()));
        return owners;
    }

    private static Target target(List<Target.Column> columns) {
        return TestLoads.events(columns.toArray(Target.Column[]::new));
    }

    private static List<Target.Column> columns(String... columns) {
        return Arrays.stream(columns)
                .map(text -> text.split(":"))
                .map(parts -> new Target.Column(Integer.parseInt(parts[0]), parts[1], WarehouseType.Plain.BIGINT))
                .toList();
    }
}

package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.TableDefinition;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvolutionTest {
    private static final String BASE =
            """
            - {name: id, type: string, required: true}
            - {name: at, type: timestamp}
            """;

    static TableDefinition definition(String columns) {
        return definition(columns, "key: [id]", "unit: day");
    }

    private static TableDefinition definition(String columns, String key, String unit) {
        return PipelineFile.parse(
                        """
                        version: 1
                        pipeline: shop
                        source: {location: /raw/}
                        lake: /lake/
                        table:
                          name: analytics.events
                          %s
                          partitionBy: {from: at, %s}
                          columns:
                        %s
                        """
                                .formatted(key, unit, columns.strip().indent(4)),
                        "shop.yaml",
                        Map.of())
                .table();
    }

    private static TableFacts table(TableDefinition definition) {
        Schema schema = TableSchema.of(definition);
        PartitionSpec spec = TableSchema.partitioning(definition, schema);
        return new TableFacts(schema, spec, Map.of(0, schema), Map.of(0, spec), Shape.of(definition, 1));
    }

    private static Evolution evolution(TableDefinition before, TableDefinition after) {
        return Evolution.of(table(before), after, Turn.NEXT);
    }

    private static List<String> changes(String before, String after) {
        Evolution evolution = evolution(definition(BASE + before), definition(BASE + after));
        assertThat(evolution.refusals()).isEmpty();
        return evolution.changes().stream().map(TableChange::sentence).toList();
    }

    private static List<String> refusals(String before, String after) {
        return evolution(definition(BASE + before), definition(BASE + after)).refusals();
    }

    @Test
    void nothingBecomesOfATableThatIsAsTheFileSays() {
        String columns = "- {name: items, type: 'array<struct<sku:string,n:int>>'}\n- {name: n, type: int}\n";
        assertThat(changes(columns, columns)).isEmpty();
        assertThat(changes(
                        columns, "- {name: n, type: int}\n- {name: items, type: 'array<struct<n:int,sku:string>>'}\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
        int            | bigint
        float          | double
        decimal(5,2)   | decimal(12,2)
        """)
    void widensATypeEvenInsideOthers(String from, String to) {
        assertThat(changes("- {name: n, type: '" + from + "'}", "- {name: n, type: '" + to + "'}"))
                .containsExactly("column n becomes " + to + ", it was " + from);
        assertThat(changes(
                        "- {name: n, type: 'map<string,array<struct<a:" + from + ">>>'}",
                        "- {name: n, type: 'map<string,array<struct<a:" + to + ",b:date>>>'}"))
                .containsExactly(
                        "column n.value.element.a becomes " + to + ", it was " + from,
                        "field b date is added to column n.value.element");
        assertThat(refusals("- {name: n, type: '" + to + "'}", "- {name: n, type: '" + from + "'}"))
                .containsExactly("column n is " + to + " there and " + from + " in the file (write " + to
                        + "; a narrower type would lose values)");
    }

    @Test
    void aNewColumnStandsWhereTheFileHasIt() {
        Evolution evolution = evolution(
                definition(BASE),
                definition("- {name: first, type: int}\n" + BASE + "- {name: last, type: 'struct<a:int>'}\n"));
        assertThat(evolution.changes())
                .extracting(change -> ((TableChange.Add) change).after())
                .containsExactly(null, "at");
        assertThat(evolution.changes())
                .extracting(TableChange::sentence)
                .containsExactly("column first int is added", "column last struct<a:int> is added");
    }

    @Test
    void whatWouldLoseOrLackValuesIsRefusedWithWhatToDo() {
        assertThat(refusals("", "- {name: n, type: int, required: true}"))
                .containsExactly("column n is new and required, and the rows that are there have no value for it (leave"
                        + " required out, and demand values by a rule: IsComplete \"n\")");
        assertThat(refusals("- {name: n, type: int}", "- {name: n, type: int, required: true}"))
                .containsExactly(
                        "column n may be null there, and rows without a value cannot be made to have one (leave"
                                + " required out, and demand values by a rule: IsComplete \"n\")");
        assertThat(refusals("- {name: n, type: string}", "- {name: n, type: int}"))
                .containsExactly(
                        "column n is string there and int in the file (put it back, or give the new column another"
                                + " name; the old one is dropped when the file does not have it)");
        assertThat(refusals("- {name: n, type: 'struct<a:int,b:int>'}", "- {name: n, type: 'struct<a:int>'}"))
                .containsExactly("column n has the field b there and not in the file (leave it in the file; only whole"
                        + " columns can be dropped)");
        assertThat(refusals("- {name: n, type: 'decimal(9,2)'}", "- {name: n, type: 'decimal(12,3)'}"))
                .singleElement()
                .asString()
                .startsWith("column n is decimal(9,2) there and decimal(12,3) in the file");
    }

    @Test
    void renamesAColumnAndMayWidenAndRelaxItToo() {
        assertThat(changes(
                        "- {name: n, type: int, required: true}",
                        "- {name: m, type: bigint, from: [n, m], was: [k, n]}"))
                .containsExactly(
                        "column n becomes bigint, it was int", "column n may be null", "column n is renamed to m");
        assertThat(changes("- {name: m, type: int}", "- {name: m, type: int, was: [k, n]}"))
                .isEmpty();
    }

    @Test
    void remarksWhereARenamedColumnIsReadFrom() {
        Evolution evolution = evolution(
                definition(BASE + "- {name: n, type: int}"), definition(BASE + "- {name: m, type: int, was: n}"));
        assertThat(evolution.remarks())
                .containsExactly(
                        "Column m is read from the field m of the JSON from then on; write from: [m, n] if records"
                                + " still call it n.");
    }

    @Test
    void dropsAColumnAndAsksWhetherItWasMeantToBeRenamed() {
        Evolution evolution = evolution(
                definition(BASE + "- {name: n, type: int}"), definition(BASE + "- {name: m, type: int, from: n}"));
        assertThat(evolution.changes())
                .extracting(TableChange::sentence)
                .containsExactly(
                        "column m int is added",
                        "column n is dropped: its values stay in the files that there are and in older snapshots, and are"
                                + " not shown any more");
        assertThat(evolution.remarks())
                .containsExactly(
                        "Column m is added and n is dropped, though both are read from the field n; write was: n in"
                                + " column m if it is the same under another name.");
    }

    @Test
    void aColumnCannotTakeTheNameOfOneThatGoesAtTheSameTime() {
        assertThat(refusals("- {name: n, type: int}\n- {name: m, type: int}", "- {name: n, type: int, was: m}"))
                .containsExactly(
                        "column n is there beside column m, which it is said to have been (take was: m out, or run a"
                                + " batch without column n first)");
    }

    @Test
    void keyAndPartitionFollowTheirColumns() {
        String columns = "- {name: no, type: string, required: true, was: id}\n- {name: at, type: timestamp}";
        Evolution renamed = evolution(definition(BASE), definition(columns, "key: [no]", "unit: day"));
        assertThat(renamed.changes()).containsExactly(new TableChange.Rename("id", "no"));

        String other = BASE + "- {name: n, type: int, required: true}";
        assertThat(evolution(definition(other), definition(other, "key: [id, n]", "unit: day"))
                        .changes())
                .extracting(TableChange::sentence)
                .containsExactly("duplicates are judged by id, n, no longer by id");
        assertThat(evolution(definition(other, "key: [id, n]", "unit: day"), definition(BASE, "key: [id]", "unit: day"))
                        .refusals())
                .containsExactly(
                        "column n is part of the key, and cannot be dropped (put it back, or write was: n in the"
                                + " column that it has become; to drop it, run a batch with another key first)");
    }

    @Test
    void partitionsChangeTheirUnitAndNothingElse() {
        assertThat(evolution(definition(BASE), definition(BASE, "key: [id]", "unit: hour"))
                        .changes())
                .containsExactly(new TableChange.Repartition(
                        "at_day", "the day of at", "the hour of at", TableDefinition.Unit.HOUR, "at"));
        String other = BASE + "- {name: then, type: timestamp}";
        assertThat(evolution(
                                definition(other),
                                PipelineFile.parse(
                                                """
                                                version: 1
                                                pipeline: shop
                                                source: {location: /raw/}
                                                lake: /lake/
                                                table:
                                                  name: analytics.events
                                                  key: [id]
                                                  partitionBy: {from: then, unit: day}
                                                  columns:
                                                """
                                                        + other.indent(4),
                                                "shop.yaml",
                                                Map.of())
                                        .table())
                        .refusals())
                .containsExactly(
                        "it is partitioned by the day of at and in the file by the day of then (only the unit can"
                                + " change; put the column back, or name another table)");
    }

    @Test
    void whatAnEarlierDefinitionSaysIsNotDone() {
        TableFacts table = table(definition(BASE + "- {name: n, type: bigint}"));
        Evolution earlier = Evolution.of(
                new TableFacts(
                        table.schema(),
                        table.spec(),
                        table.schemas(),
                        table.specs(),
                        Shape.of(definition(BASE + "- {name: n, type: bigint}"), 7)),
                definition(BASE + "- {name: n, type: int}\n- {name: gone, type: string}"),
                new Turn(6, 6));
        assertThat(earlier.isNothing()).isTrue();
        assertThat(Evolution.of(table, definition(BASE + "- {name: n, type: string}"), new Turn(3, 4))
                        .refusals())
                .containsExactly("column n is bigint there and string in the definition");
        assertThat(Evolution.of(table, definition(BASE, "key: [id]", "unit: hour"), new Turn(3, 4))
                        .refusals())
                .containsExactly("the table's files were never partitioned by the hour of at");
    }

    @Test
    void aColumnThatOnlyAnEarlierDefinitionRenamesIsStillTheSame() {
        TableDefinition typo = definition(BASE + "- {name: pge, type: string, was: [site, page]}");
        TableFacts table = table(definition(BASE + "- {name: page, type: string}"));
        assertThat(ColumnMatch.of(table, typo, new Turn(2, 3)).find("pge"))
                .hasValue(table.schema().findField("page"));
        TableFacts renamed = table(definition(BASE + "- {name: path, type: string, was: page}"));
        assertThat(ColumnMatch.of(renamed, typo, new Turn(2, 3)).find("pge"))
                .hasValue(renamed.schema().findField("path"));
    }

    @Test
    void anEarlierDefinitionWithoutAColumnThatTheTableRequiresIsRefused() {
        TableFacts table = table(definition(BASE + "- {name: n, type: int, required: true}"));
        assertThat(Evolution.of(table, definition(BASE), new Turn(2, 3)).refusals())
                .containsExactly("column n is required there, and the definition does not have it (abandon the batch"
                        + " with --return, or make the column optional first: leave required out of the file, and run a"
                        + " batch)");
    }

    @Test
    void noColumnTakesTheNameOfAPartition() {
        String refusal = "column at_day would be called like a partition that the table has or had (give the column"
                + " another name, with from: at_day if records call it so)";
        assertThat(refusals("", "- {name: at_day, type: int}")).containsExactly(refusal);
        assertThat(refusals("- {name: n, type: int}", "- {name: at_day, type: int, was: n}"))
                .containsExactly(refusal);
    }

    @Test
    void aPlainTypeInPlaceOfANestedOneIsRefused() {
        String nested = "- {name: n, type: 'struct<a:int>'}";
        assertThat(refusals(nested, "- {name: n, type: int}"))
                .containsExactly("column n is struct<a:int> there and int in the file (put it back, or give the new"
                        + " column another name; the old one is dropped when the file does not have it)");
        assertThat(Evolution.of(
                                table(definition(BASE + nested)),
                                definition(BASE + "- {name: n, type: int}"),
                                new Turn(3, 4))
                        .refusals())
                .containsExactly("column n is struct<a:int> there and int in the definition");
    }

    @Test
    void allThatCannotBeDoneIsToldAtOnce() {
        Evolution evolution = evolution(
                definition(BASE + "- {name: n, type: string}"),
                definition(BASE + "- {name: n, type: int}\n- {name: m, type: int, required: true}"));
        assertThatThrownBy(() -> evolution.requirePossible(definition(BASE).name()))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot use table analytics.events under the pipeline file's columns: column n is string there"
                                + " and int in the file (put it back, or give the new column another name; the old one is dropped"
                                + " when the file does not have it); column m is new and required, and the rows that are there have"
                                + " no value for it (leave required out, and demand values by a rule: IsComplete \"m\"). Batches that"
                                + " are planned with such columns stay so: abandon them with --return once the file is mended.");
    }
}

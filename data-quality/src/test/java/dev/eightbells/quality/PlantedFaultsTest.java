package dev.eightbells.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.quality.dqdl.Dqdl;
import dev.eightbells.quality.dqdl.Rule;
import dev.eightbells.quality.dqdl.RuleType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every type of rule passes over good data, and finds a fault that was planted. */
class PlantedFaultsTest {
    private static List<FaultTable> tables() {
        return List.of(
                NumberFaults.table(),
                TextFaults.table(),
                TypeFaults.table(),
                MomentFaults.table(),
                UniquenessFaults.table(),
                StatisticFaults.table(),
                ReferenceFaults.table(),
                SqlFaults.table(),
                FileFaults.table(),
                HistoryFaults.table(),
                CompositeFaults.table());
    }

    @TestFactory
    Stream<DynamicContainer> areFoundAndNothingElseIs() {
        return tables().stream()
                .map(table -> DynamicContainer.dynamicContainer(
                        table.name(), Stream.concat(Stream.of(passes(table)), fails(table))));
    }

    private static DynamicTest passes(FaultTable table) {
        return DynamicTest.dynamicTest("good data passes", () -> {
            Audit audit = table.auditOfGood();
            assertThat(audit.report().outcomes())
                    .allSatisfy(outcome -> assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED));
            assertThat(audit.report().failingRows()).isZero();
            assertThat(audit.marked(table.good()).collectAsList())
                    .hasSize((int) audit.report().rows())
                    .allSatisfy(row -> assertThat(row.getList(row.fieldIndex(Audit.FAILED_RULES)))
                            .isEmpty());
        });
    }

    private static Stream<DynamicTest> fails(FaultTable table) {
        Audit audit = table.auditOfBad();
        List<Row> marked = audit.marked(table.bad()).collectAsList();
        List<RuleOutcome> outcomes = audit.report().outcomes();
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Fault fault = table.faults().get(i);
            RuleOutcome outcome = outcomes.get(i);
            tests.add(DynamicTest.dynamicTest(
                    fault.rule(), () -> isFound(fault, outcome, FaultTable.marked(marked, outcome.rule()))));
        }
        Set<Integer> all = table.faults().stream()
                .flatMap(fault -> fault.marked().stream())
                .collect(Collectors.toSet());
        tests.add(DynamicTest.dynamicTest("rows with any fault are counted once", () -> {
            assertThat(audit.report().failingRows()).isEqualTo(all.size());
            assertThat(audit.report().rows()).isEqualTo(marked.size());
        }));
        return tests.stream();
    }

    private static void isFound(Fault fault, RuleOutcome outcome, Set<Integer> marked) {
        assertThat(outcome.verdict()).as(outcome.sentence()).isEqualTo(Verdict.FAILED);
        assertThat(outcome.samples()).containsExactlyInAnyOrderElementsOf(fault.samples());
        assertThat(outcome.sentence()).isEqualTo(fault.sentence().replace("…", String.join(" | ", outcome.samples())));
        assertThat(outcome.scope()).isEqualTo(fault.scope());
        assertThat(outcome.failingRows()).isEqualTo(fault.failing());
        assertThat(marked).isEqualTo(fault.marked());
    }

    @Test
    void arePlantedForEveryTypeThatIsARule() {
        Set<RuleType> planted = EnumSet.noneOf(RuleType.class);
        for (FaultTable table : tables()) {
            for (Fault fault : table.faults()) {
                Dqdl.parse("Rules = [" + fault.rule() + "]", table.name())
                        .rules()
                        .forEach(rule -> addTypes(rule, planted));
            }
        }
        Set<RuleType> rules = EnumSet.allOf(RuleType.class);
        rules.removeIf(type -> type.has(RuleType.Part.ONLY_ANALYZER));
        assertThat(planted).isEqualTo(rules);
    }

    private static void addTypes(Rule rule, Set<RuleType> types) {
        if (rule instanceof Rule.Simple simple) {
            types.add(simple.type());
        } else {
            ((Rule.Composite) rule).parts().forEach(part -> addTypes(part, types));
        }
    }
}

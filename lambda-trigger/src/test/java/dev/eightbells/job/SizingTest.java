package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SizingTest {
    private static final long GB = 1L << 30;

    /** The memory in GB, from and to, that a worker of EMR Serverless may have with so many cores. */
    private static final Map<Integer, List<Integer>> SERVERLESS =
            Map.of(1, List.of(2, 8), 2, List.of(4, 16), 4, List.of(8, 30), 8, List.of(16, 60), 16, List.of(32, 120));

    @Test
    void theTableIsTheDocumentations() throws IOException {
        List<String> rows = Sizing.TABLE.stream().map(SizingTest::row).toList();

        assertThat(Files.readAllLines(Path.of("..", "docs", "compute.md")))
                .containsSubsequence(rows)
                .filteredOn(line -> line.matches("\\| (below [0-9]+ GB|more) \\|.*"))
                .hasSameSizeAs(rows);
    }

    @Test
    void aBatchGetsTheFirstRowThatItIsSmallerThan() {
        assertThat(Sizing.of(0)).isEqualTo(Sizing.TABLE.get(0));
        assertThat(Sizing.of(GB - 1)).isEqualTo(Sizing.TABLE.get(0));
        assertThat(Sizing.of(GB)).isEqualTo(Sizing.TABLE.get(1));
        assertThat(Sizing.of(100 * GB)).isEqualTo(Sizing.TABLE.get(3));
        assertThat(Sizing.of(Long.MAX_VALUE)).isEqualTo(Sizing.TABLE.get(4));
    }

    @Test
    void moreBytesNeverGetLess() {
        for (int row = 1; row < Sizing.TABLE.size(); row++) {
            Sizing smaller = Sizing.TABLE.get(row - 1);
            Sizing larger = Sizing.TABLE.get(row);
            assertThat(larger.below()).isGreaterThan(smaller.below());
            assertThat(larger.executors()).isGreaterThan(smaller.executors());
            assertThat(larger.driverMemory()).isGreaterThanOrEqualTo(smaller.driverMemory());
            assertThat(larger.coreUnits()).isGreaterThanOrEqualTo(smaller.coreUnits());
            assertThat(larger.units()).isGreaterThan(larger.coreUnits());
        }
    }

    @Test
    void everyWorkerIsOneThatServerlessHas() {
        assertThat(Sizing.TABLE).allSatisfy(sizing -> {
            assertFits(sizing.driverCores(), sizing.driverMemory());
            assertFits(sizing.executorCores(), sizing.executorMemory());
            assertThat(sizing.executors()).as("executors that it begins with").isGreaterThanOrEqualTo(3);
        });
    }

    /** With the tenth, at least 384 MB, that Spark asks for beside the heap. */
    private static void assertFits(int cores, int memory) {
        assertThat(SERVERLESS).containsKey(cores);
        assertThat(memory + Math.max(0.384, memory / 10.0))
                .isBetween(
                        SERVERLESS.get(cores).get(0).doubleValue(),
                        SERVERLESS.get(cores).get(1).doubleValue());
    }

    private static String row(Sizing sizing) {
        return "| " + (sizing.below() == Long.MAX_VALUE ? "more" : "below " + sizing.below() / GB + " GB") + " | "
                + sizing.executors() + " | " + sizing.executorCores() + " cores, " + sizing.executorMemory() + "g | "
                + sizing.driverCores() + " cores, " + sizing.driverMemory() + "g | " + sizing.coreUnits() + " | "
                + sizing.units() + " |";
    }
}

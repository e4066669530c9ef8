package dev.eightbells.quality;

import static dev.eightbells.quality.TestEvaluations.ROWS;
import static dev.eightbells.quality.TestEvaluations.passed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Pipeline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityTableRaceTest {
    private static final int PROCESSES = 2;
    private static final int EACH = 8;

    @TempDir
    private Path folder;

    @Test
    void processesThatCreateTheTableAndAppendAtTheSameTimeLoseNothing() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Appender.class.getName(),
                            folder.toString(),
                            Integer.toString(1 + i * EACH))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
        }
        for (Process process : processes) {
            try (OutputStream start = process.getOutputStream()) {
                start.write('\n');
            }
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }

        Pipeline pipeline = TestHistory.pipeline(folder);
        MetricHistory all = new QualityTable(TestHistory.catalog(pipeline), pipeline).before(Integer.MAX_VALUE);
        assertThat(all.newest(Set.of(ROWS), 100).get(ROWS))
                .containsExactlyElementsOf(DoubleStream.iterate(PROCESSES * EACH, rows -> rows - 1)
                        .limit(PROCESSES * EACH)
                        .boxed()
                        .toList());
    }

    /** A process that appends when it is told to; it fails when an append does. */
    static final class Appender {
        private Appender() {}

        public static void main(String[] arguments) throws IOException {
            Pipeline pipeline = TestHistory.pipeline(Path.of(arguments[0]));
            QualityTable history = new QualityTable(TestHistory.catalog(pipeline), pipeline);
            int first = Integer.parseInt(arguments[1]);
            System.out.println("ready");
            int told = System.in.read();
            for (int number = first; told >= 0 && number < first + EACH; number++) {
                history.append(passed(number, number));
            }
        }
    }
}

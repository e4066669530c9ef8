package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Session;
import dev.eightbells.steps.Workplace;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's visits: whatever windows they are run in, the sessions are the same. */
class WebSessionsTest {
    private static final int WINDOW = 4;

    @TempDir
    private Path folder;

    /** Past midnight, where days of the table meet. */
    @Test
    void windowByWindowGivesTheSessionsOfOneWindow() {
        assertThatWindowByWindowGivesTheSessionsOfOneWindow(28);
    }

    @Test
    @Tag("soak")
    void windowByWindowGivesTheSessionsOfOneWindowOfThreeDays() {
        assertThatWindowByWindowGivesTheSessionsOfOneWindow(72);
    }

    private void assertThatWindowByWindowGivesTheSessionsOfOneWindow(int hours) {
        Generated generated = Sample.WEB_EVENTS
                .generator()
                .generate(
                        folder.resolve("raw"),
                        DemoCommand.FROM,
                        hours,
                        Sample.WEB_EVENTS.usualEvents(hours),
                        DemoCommand.SEED);
        try (Session session = new Session(Map.of())) {
            List<Row> byWindows = sessions(session, "by-windows", hours, WINDOW);
            List<Row> atOnce = sessions(session, "at-once", hours, hours);

            assertThat(byWindows).hasSize((int) generated.sessions());
            assertThat(byWindows).isEqualTo(atOnce);
        }
    }

    private List<Row> sessions(Session session, String lake, int hours, int window) {
        Map<String, String> variables = Map.of(
                "RAW", folder.resolve("raw").toString(),
                "LAKE", folder.resolve(lake).toString());
        Pipeline pipeline =
                PipelineFile.parse(Sample.WEB_EVENTS.pipelineText(), Sample.WEB_EVENTS.pipelineFile(), variables);
        Console quiet = new Console(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                Console.Progress.LINES);
        Instant end = DemoCommand.FROM.plus(hours, ChronoUnit.HOURS);
        try (Workplace workplace =
                Workplace.open(pipeline, variables, Clock.fixed(end, ZoneOffset.UTC), session::spark)) {
            for (int hour = window; hour <= hours; hour += window) {
                assertThat(new Run(workplace, quiet).now(DemoCommand.FROM.plus(hour, ChronoUnit.HOURS), null))
                        .hasSize(1);
            }
            return workplace.sessions().orElseThrow().orderBy("session_id").collectAsList();
        }
    }
}

package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of one batch that there is, as compute services are asked for. */
@ExtendWith(LocalServices.class)
class RunOneBatchTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void planTwoBatches(Session session) throws IOException {
        this.site = new Site(folder, session);
        for (String name : new String[] {"a", "b"}) {
            site.deliver("2026-03-02T01", name, Site.event(name, "2026-03-02T01:00:00Z", 10));
            try (Workplace workplace = site.workplace(lake -> lake)) {
                workplace.planning().claim(Site.NOW, null, () -> {});
            }
        }
    }

    @Test
    void itRunsThatBatchAndNoOther() throws IOException {
        site.deliver("2026-03-02T01", "c", Site.event("c", "2026-03-02T01:00:00Z", 10));

        Result result = site.command("run", "--batch", BATCH + "-2");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo(BATCH + "-2      read 1 = written 1 + duplicates 0 + quarantined 0\n");
        assertThat(site.rows("id")).containsExactly("b");
        assertThat(site.lake("batches/" + BATCH + "/published.json")).doesNotExist();
        assertThat(site.lake("batches/" + BATCH + "-3")).doesNotExist();
    }

    @Test
    void whateverDoesTheLastStepOfANthBatchTakesCare() throws IOException {
        site.deliver("2026-03-02T01", "c", Site.event("c", "2025-03-02T01:00:00Z", 10));
        site.define(Site.SHOP + "care: {every: 3}\nretention: {events: 30d}\n");
        try (Workplace workplace = site.workplace(lake -> lake)) {
            workplace.planning().claim(Site.NOW, null, () -> {});
        }

        assertThat(site.command("convert", "--batch", BATCH + "-2").err()).isEmpty();
        Result result = site.command("convert", "--batch", BATCH + "-3");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(BATCH + "-3      read 1 = written 1 + duplicates 0 + quarantined 0\n");
        assertThat(site.rows("id")).as("too old is what the third brought").containsExactly("b");
    }

    @Test
    void aFrozenDefinitionIsAPipelineFile() throws IOException {
        try (Stream<Path> definitions = Files.list(site.lake("definitions"))) {
            String frozen = definitions.findFirst().orElseThrow().toString();

            assertThat(site.run(Map.of(), "run", "--pipeline", frozen, "--batch", BATCH)
                            .exitCode())
                    .isZero();
        }
        assertThat(site.rows("id")).containsExactly("a");
    }

    @Test
    void aBatchThatIsNotThereIsNamed() {
        assertThat(site.command("run", "--batch", "20260302T0800Z"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot find batch 20260302T0800Z in the lake " + site.lake("")
                                + "/. Ask eightbells status for the batches there are.\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--at", "--from"})
    void itPlansNothingSoTimesMakeNoSense(String option) {
        assertThat(site.command("run", "--batch", BATCH, option, "2026-03-02T04:00:00Z"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Invalid arguments: --batch runs a batch that there is, and --at and --from plan new"
                                + " ones. Give one or the other.\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "load"})
    void aSubmissionIsOneOfABatch(String command) {
        assertThat(site.command(command, "--submission", "1"))
                .isEqualTo(new Result(
                        2, "", "eightbells: Invalid arguments: --submission goes with --batch. Give both, or none.\n"));
    }

    @Test
    void submissionsAreCountedFromOne() {
        assertThat(site.command("convert", "--batch", BATCH, "--submission", "0"))
                .isEqualTo(new Result(2, "", "eightbells: Invalid --submission: 0. Submissions are counted from 1.\n"));
    }
}

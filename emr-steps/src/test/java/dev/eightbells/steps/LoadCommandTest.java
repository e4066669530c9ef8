package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Lease;
import dev.eightbells.batch.LeaseTerms;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Owner;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What load refuses before it asks the warehouse anything. */
@ExtendWith(LocalServices.class)
class LoadCommandTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private LoadedSite site;

    @BeforeEach
    void openTheSite(TestInfo test, Session session, LocalS3 s3, LocalPostgres postgres) throws IOException {
        String name = "unloaded-" + Integer.toHexString(test.getDisplayName().hashCode());
        this.site = new LoadedSite(folder, name, session, s3, postgres);
        site.define(site.with(LoadedSite.NOBODY));
    }

    private static Result refused(String sentence) {
        return new Result(2, "", "eightbells: " + sentence + "\n");
    }

    private void deliver() {
        site.deliver("a", Visits.Event.of("a", "anna", "2026-03-02T00:10:00Z"));
    }

    @Test
    void takesOneOfItsArgumentsOrNone() {
        Result refused = refused(
                "Invalid arguments: --batch, --check and --reload exclude each other. Give one of them, or none.");
        assertThat(site.command("load", "--check", "--reload")).isEqualTo(refused);
        assertThat(site.command("load", "--batch", BATCH, "--check")).isEqualTo(refused);
        assertThat(site.command("load", "--batch", BATCH, "--reload")).isEqualTo(refused);
    }

    @Test
    void refusesAPipelineWithoutAWarehouse() throws IOException {
        site.define(site.without());
        for (List<String> arguments :
                List.of(List.<String>of(), List.of("--check"), List.of("--reload"), List.of("--batch", BATCH))) {
            assertThat(site.command("load", arguments.toArray(String[]::new)))
                    .isEqualTo(refused("Cannot load pipeline visits: its file has no section warehouse."
                            + " Say there which Redshift to load, and into which tables."));
        }
    }

    @Test
    void refusesABatchThatThereIsNot() {
        assertThat(site.command("load", "--batch", BATCH).err())
                .startsWith("eightbells: Cannot find batch " + BATCH + " in the lake s3://unloaded-");
    }

    @Test
    void saysSoWhenThereIsNothingToLoadYet() {
        String nothing = "Nothing to load: there is no table " + site.schema() + ".events yet.\n";
        assertThat(site.command("load")).isEqualTo(new Result(0, nothing, ""));
        assertThat(site.command("load", "--check")).isEqualTo(new Result(0, nothing, ""));
    }

    @Test
    void namesTheStepThatIsMissing() {
        deliver();
        site.plan();
        assertThat(site.command("load", "--batch", BATCH))
                .isEqualTo(refused("Cannot load batch " + BATCH
                        + ": it has no published.json yet. Run eightbells convert for it first."));
        assertThat(site.command("convert", "--batch", BATCH).exitCode()).isZero();
        assertThat(site.command("load", "--batch", BATCH))
                .isEqualTo(refused("Cannot load batch " + BATCH
                        + ": it has no sessionize.json yet. Run eightbells sessionize for it first."));
        assertThat(site.command("status").out()).contains("published ", "; no sessions yet");
        assertThat(site.command("sessionize", "--batch", BATCH).exitCode()).isZero();
        assertThat(site.command("status").out()).contains("published ", "; not loaded yet");
    }

    @Test
    void refusesABatchThatWasPlannedWithoutAWarehouse() throws IOException {
        site.define(site.without());
        deliver();
        assertThat(site.command("run").exitCode()).isZero();
        site.define(site.with(LoadedSite.NOBODY));
        assertThat(site.command("load", "--batch", BATCH))
                .isEqualTo(refused("Cannot load batch " + BATCH + ": the pipeline file that it was planned under has no"
                        + " warehouse. Run eightbells load without --batch, which loads all that was published."));
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }

    @Test
    void aBatchOfAnotherTableIsNeitherLoadedNorOpen() throws IOException {
        deliver();
        site.plan();
        assertThat(site.command("convert", "--batch", BATCH).exitCode()).isZero();
        assertThat(site.command("sessionize", "--batch", BATCH).exitCode()).isZero();
        site.define(site.with(LoadedSite.NOBODY).replace(".events\n", ".other_events\n"));
        assertThat(site.command("load", "--batch", BATCH))
                .isEqualTo(refused("Cannot load batch " + BATCH + ": the pipeline file that it was planned under writes"
                        + " to table " + site.schema() + ".events, and the warehouse follows table " + site.schema()
                        + ".other_events. Name the former in the file to load it."));
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }

    @Test
    void asksNothingOfTheWarehouseForABatchThatIsLoaded() {
        deliver();
        site.plan();
        assertThat(site.command("convert", "--batch", BATCH).exitCode()).isZero();
        assertThat(site.command("sessionize", "--batch", BATCH).exitCode()).isZero();
        try (Workplace workplace = site.workplace(() -> {
            throw new AssertionError("asked");
        })) {
            mark(workplace);
            BatchRunner.Outcome outcome = new BatchRunner(workplace)
                    .load(workplace.ledger().manifest(1).orElseThrow());
            assertThat(outcome.already()).isEqualTo(BatchRunner.Already.DONE);
            assertThat(outcome.wasLoadedBefore()).isTrue();
            assertThat(outcome.loads()).isEmpty();
        }
        assertThat(site.command("load", "--batch", BATCH).out())
                .isEqualTo(BATCH + "        loaded: 1 event  (already loaded)\n");
        assertThat(site.command("status").out()).contains("loaded ", "; loaded: 1 event\n");
    }

    private static void mark(Workplace workplace) {
        Manifest manifest = workplace.ledger().manifest(1).orElseThrow();
        Markers markers = workplace.ledger().markers(manifest.batch());
        Published published = markers.published().orElseThrow();
        try (Lease lease = workplace
                .ledger()
                .attempts(manifest.batch())
                .claim(manifest, Owner.thisProcess(), LeaseTerms.standard(workplace.clock()))) {
            markers.write(Marker.ofLoad(
                    lease.attempt(),
                    Site.NOW,
                    Site.NOW,
                    published.records(),
                    new Marker.Load(new Marker.LoadedRows("loaded", published.snapshot(), 1), null)));
            lease.succeed(Step.LOAD, "loaded");
        }
    }

    @Test
    void aPlanSaysWhenTheWarehouseCannotBeAsked() {
        deliver();
        assertThat(site.command("plan").out()).startsWith("Batch " + BATCH).doesNotContain("warehouse");
        site.plan();
        assertThat(site.command("convert", "--batch", BATCH).exitCode()).isZero();
        Result plan = site.command("plan");
        assertThat(plan.exitCode()).isZero();
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out()).contains("Batch " + BATCH + " is open (published): the next run finishes it.\n");
        assertThat(plan.out().lines())
                .hasSize(3)
                .last()
                .asString()
                .startsWith("The warehouse cannot be asked: Cannot look at table " + site.schema() + ".loaded_events");
        assertThat(site.command("plan", "--json").out()).doesNotContain("warehouse cannot");
    }
}

package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.eightbells.steps.Site.Result;
import dev.eightbells.steps.Visits.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Wherever forgetting dies, the same command again comes to the same end; and sessions are those of what is left. */
@ExtendWith(LocalServices.class)
class ForgetCrashTest {
    private static final String PLANTED = "planted-visitor-7";
    private static final String WHERE = "visitor = '" + PLANTED + "'";
    private static final int MOST_EFFECTS = 60;

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheHouse(Session session) throws IOException {
        this.site = new Site(folder.resolve("site"), session);
    }

    /** Death without a word: nobody catches it, and nothing is cleaned up. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies at the n-th write to the ledger. */
    private static Consumer<String> dyingAt(int write, int[] counted) {
        return key -> {
            if (++counted[0] == write) {
                throw new Death();
            }
        };
    }

    private void plant() throws IOException {
        site.define(Site.VISITS
                + "quality:\n  rules: 'Rules = [ColumnValues \"page\" matches \"^/[a-z]$\"]'\n  maxQuarantined: 90%\n");
        Visits.deliver(
                site,
                "a",
                List.of(
                        Event.of("a", "anna", "2026-03-01T23:50:00Z"),
                        Event.of("b", PLANTED, "2026-03-01T23:50:00Z"),
                        Event.of("c", PLANTED, "2026-03-02T00:10:00Z"),
                        new Event("d", PLANTED, Instant.parse("2026-03-02T00:11:00Z"), "/bad", "7.50"),
                        new Event("e", PLANTED, Instant.parse("2026-03-02T00:11:00Z"), "/e", "much")));
        assertThat(site.command("run").err()).isEmpty();
        Visits.deliver(
                site,
                "b",
                List.of(
                        Event.of("f", "anna", "2026-03-02T00:10:00Z"),
                        Event.of("g", PLANTED, "2026-03-02T00:30:00Z"),
                        Event.of("h", "cleo", "2026-03-02T03:00:00Z")));
        assertThat(site.command("run").err()).isEmpty();
    }

    private List<String> othersSessions() {
        return site.sessionRows().stream().filter(row -> !row.contains(PLANTED)).toList();
    }

    /** Forgets, dying at a write; whether there was such a write. */
    private boolean dies(int write, ChildRun.Death when) {
        int[] counted = {0};
        Consumer<String> dying = dyingAt(write, counted);
        Consumer<String> nothing = key -> {};
        try (Workplace workplace = site.workplace(lake -> new WatchedStore(
                lake,
                when == ChildRun.Death.BEFORE ? dying : nothing,
                when == ChildRun.Death.AFTER ? dying : nothing))) {
            workplace.forgetting().perform(WHERE);
            return false;
        } catch (Death died) {
            return true;
        }
    }

    private void assertForgottenAfterDeathsAt(Set<Integer> some) throws IOException {
        plant();
        List<String> others = othersSessions();
        assertThat(HeldBytes.below(folder.resolve("site/lake"), PLANTED)).hasSizeGreaterThan(6);
        Path before = folder.resolve("before");
        FileUtils.copyDirectory(folder.resolve("site/lake").toFile(), before.toFile());
        for (int write = 1; write < MOST_EFFECTS; write++) {
            boolean isLast = false;
            for (ChildRun.Death when : List.of(ChildRun.Death.BEFORE, ChildRun.Death.AFTER)) {
                if (!some.isEmpty() && !some.contains(write)) {
                    continue;
                }
                FileUtils.deleteDirectory(folder.resolve("site/lake").toFile());
                copy(before, folder.resolve("site/lake"));
                isLast = !dies(write, when);
                String point = when + " write " + write;
                Result again = site.command("forget", "--where", WHERE, "--confirm");
                assertThat(again.err()).as(point).isEmpty();
                assertThat(again.exitCode()).as(point).isZero();
                assertThat(HeldBytes.below(folder.resolve("site/lake"), PLANTED))
                        .as(point)
                        .isEmpty();
                assertThat(othersSessions()).as(point).isEqualTo(others).isEqualTo(site.sessionRows());
                assertThat(site.rows("id")).as(point).containsExactly("a", "f", "h");
                assertThat(site.command("forget").out()).as(point).startsWith("Nothing is left to forget");
            }
            if (isLast || (!some.isEmpty() && write > new TreeSet<>(some).last())) {
                return;
            }
        }
        fail("There are more than %s writes", MOST_EFFECTS);
    }

    /** With the times of files, which are a part of what the ledger knows them by. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void theSameCommandGoesOnWhereADeadOneWas() throws IOException {
        assertForgottenAfterDeathsAt(Set.of(5));
    }

    @Test
    @Tag("soak")
    void theSameCommandGoesOnWhereverADeadOneWas() throws IOException {
        assertForgottenAfterDeathsAt(Set.of());
    }

    @Test
    void sessionsThatLostEventsAreThoseOfWhatIsLeft() throws IOException {
        site.define(Site.VISITS);
        for (int window = 0; window < 2; window++) {
            Visits.deliver(site, "object-" + window, WindowLoop.events(window));
            assertThat(site.command("run").err()).isEmpty();
        }
        String some = IntStream.range(0, WindowLoop.EVENTS)
                .filter(number -> number % 3 != 0)
                .mapToObj(number -> "'" + number % 2 + "-" + number + "'")
                .collect(Collectors.joining(", "));
        List<String> before = site.sessionRows();
        Result forgotten = site.command("forget", "--where", "id in (" + some + ")", "--confirm");
        assertThat(forgotten.err()).isEmpty();
        assertThat(site.rows("id")).hasSize(2 * WindowLoop.EVENTS - WindowLoop.EVENTS * 2 / 3);
        assertThat(site.sessionRows()).isEqualTo(Visits.expected(site)).isNotEqualTo(before);
    }
}

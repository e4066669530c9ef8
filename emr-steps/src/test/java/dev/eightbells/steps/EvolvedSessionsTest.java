package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Manifest;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of events whose columns are renamed and widened. */
@ExtendWith(LocalServices.class)
class EvolvedSessionsTest {
    private static final String FIRST = Site.VISITS
            .replace("[id]", "[id, page]")
            .replace("page, type: string", "page, type: string, required: true")
            .replace("(10,2)\"}", "(10,2)\"}\n    - {name: n, type: int}")
            .replace("revenue, sum: amount", "most, max: n")
            .replace("cast(revenue / views as decimal(20,4))", "concat(visitor, most)");
    private static final String THEN = FIRST.replace("[id, page]", "[no, path]")
            .replace("{name: id,", "{name: no, from: id, was: id,")
            .replace("{name: visitor,", "{name: person, from: visitor, was: [who, visitor],")
            .replace("{name: page,", "{name: path, from: page, was: page,")
            .replace("by: visitor", "by: person")
            .replace("first: page", "first: path")
            .replace("last: page", "last: path")
            .replace("page is not null", "path is not null")
            .replace("concat(visitor", "concat(person")
            .replace("decimal(10,2)", "decimal(20,2)")
            .replace("n, type: int", "n, type: bigint");

    @TempDir
    private Path folder;

    private static String event(String id, String at, String page, String amount, long n) {
        return "{\"id\":\"" + id + "\",\"visitor\":\"v\",\"at\":\"2026-03-02T" + at + "Z\",\"page\":\"" + page
                + "\",\"amount\":" + amount + ",\"n\":" + n + "}\n";
    }

    private static void run(Site site) {
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
    }

    private static Manifest claim(Site site) {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            return workplace.planning().claim(Site.NOW, null).orElseThrow();
        }
    }

    @Test
    void sessionsAreTheSameAsIfTheColumnsHadAlwaysBeenCalledSo(Session session) throws IOException {
        String first = event("1", "01:00:00", "/a", "1.50", 7);
        String waiting = event("2", "01:20:00", "/b", "2.50", -8) + event("3", "03:00:00", "/c", "3.50", 9);
        String last = event("4", "01:40:00", "/d", "12345678901234567.25", 5_000_000_000L);
        Site site = new Site(folder.resolve("changing"), session);
        site.define(FIRST);
        Files.writeString(site.raw("a"), first);
        run(site);
        Files.writeString(site.raw("b"), waiting);
        Manifest old = claim(site);

        site.define(THEN);
        Files.writeString(site.raw("c"), last);
        assertThat(site.command("plan").out())
                .contains("The sessions in analytics.sessions would change at the next batch:\n")
                .contains("  column visitor is renamed to person\n", "  column first_key.page is renamed to path\n")
                .contains("  column most becomes bigint, it was int\n");
        Manifest next = claim(site);
        for (String step : List.of("convert", "sessionize")) {
            assertThat(site.command(step, "--batch", next.batch().toString()).err())
                    .isEmpty();
        }
        run(site);
        assertThat(site.command("status").out()).contains(old.batch().toString());

        Site settled = new Site(folder.resolve("settled"), session);
        settled.define(THEN);
        Files.writeString(settled.raw("a"), first + waiting + last);
        run(settled);
        assertThat(site.sessionRows()).isEqualTo(settled.sessionRows()).hasSize(2);
    }

    @Test
    void aSumThatWouldNeedAnotherTypeIsRefusedBeforeABatchIsPlanned(Session session) throws IOException {
        Site site = new Site(folder, session);
        site.define(FIRST.replace("most, max: n", "most, sum: n"));
        Files.writeString(site.raw("a"), event("1", "01:00:00", "/a", "1", 7));
        run(site);
        site.define(FIRST.replace("most, max: n", "most, sum: n").replace("n, type: int", "n, type: bigint"));
        Files.writeString(site.raw("b"), event("2", "01:00:00", "/a", "1", 7));
        assertThat(site.command("run").err())
                .isEqualTo("eightbells: Cannot put sessions into table analytics.sessions: it holds sessions of another"
                        + " rule: column most is bigint there and decimal(38,0) in the file. Put the sessions part of the"
                        + " pipeline file back as it was, or name another table.\n");
        assertThat(site.lake("manifests/00000002.json.gz")).doesNotExist();
    }
}

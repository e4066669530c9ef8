package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** However records stand in an object, all of them arrive. */
@ExtendWith(LocalServices.class)
class FramingRunTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    @Test
    void everyRecordArrivesHoweverItIsWritten() throws IOException {
        site.deliver("2026-03-02T01", "1-glued", "{\"id\":\"a1\"}{\"id\":\"a2\"}");
        site.deliver("2026-03-02T01", "2-pretty", "{\n  \"id\": \"b1\",\n  \"amount\": 1\n}\n{\n  \"id\": \"b2\"\n}");
        site.deliver("2026-03-02T01", "3-array", "[\n  {\"id\":\"c1\"},\n  {\"id\":\"c2\"}\n]\n");
        site.deliver("2026-03-02T01", "4-mark", "\uFEFF{\"id\":\"d1\"}\n");
        site.deliver("2026-03-02T01", "5-windows", "{\"id\":\"e1\"}\r\n{\"id\":\"e2\"}\r\n");
        site.deliver("2026-03-02T01", "6-no-newline", "{\"id\":\"f1\"}\n{\"id\":\"f2\"}");
        byte[] one = Site.gzip("{\"id\":\"g1\"}\n");
        byte[] two = Site.gzip("{\"id\":\"g2\"}\n");
        byte[] both = java.util.Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        site.deliver("2026-03-02T01", "7-concatenated-and-not-named-gz", both);
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "        read 13 = written 13 + duplicates 0 + quarantined 0\n");
        assertThat(site.rows("id"))
                .containsExactly("a1", "a2", "b1", "b2", "c1", "c2", "d1", "e1", "e2", "f1", "f2", "g1", "g2");
    }

    @Test
    void aBrokenPrettyPrintedRecordYieldsNoneOfItsInnerObjects() throws IOException {
        site.deliver(
                "2026-03-02T01",
                "a",
                """
                {"id":"before"}
                {
                  "id": "broken"
                  "items": [
                    {"id": "inner 1"},
                    {"id": "inner 2"}
                  ]
                }
                {"id":"after"}
                """);
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "        read 4 = written 2 + duplicates 0 + quarantined 2\n");
        assertThat(site.rows("id")).containsExactly("after", "before");
        // The line that closes it is indented no deeper than the one that opens it, and so stands for itself.
        assertThat(site.quarantine(BATCH))
                .extracting(record -> record.get("text").asText())
                .containsExactly(
                        "{\n  \"id\": \"broken\"\n  \"items\": [\n    {\"id\": \"inner 1\"},\n"
                                + "    {\"id\": \"inner 2\"}\n  ]",
                        "}");
    }

    @Test
    void theFirstAndTheLastYearGoThroughARun() throws IOException {
        site.deliver(
                "2026-03-02T01",
                "a",
                Site.event("first", "0001-01-01T00:00:00Z", 1)
                        + Site.event("last", "9999-12-31T23:59:59.999999Z", 2)
                        + Site.event("beyond", "10000-01-01T00:00:00Z", 3));
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "        read 3 = written 2 + duplicates 0 + quarantined 1\n");
        assertThat(site.rows("concat(id, ' ', date(at))")).containsExactly("first 0001-01-01", "last 9999-12-31");
    }
}

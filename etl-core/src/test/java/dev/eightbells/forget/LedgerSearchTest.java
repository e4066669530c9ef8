package dev.eightbells.forget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.store.MemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerSearchTest {
    private final MemoryObjectStore lake = new MemoryObjectStore();
    private final LedgerSearch search = new LedgerSearch(lake, new Texts(List.of("load")));

    private void put(String key, String json) {
        lake.create(key, json.getBytes(StandardCharsets.UTF_8));
    }

    private String at(String key) {
        return new String(lake.read(key).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void takesTextsOutOfSentencesAndLeavesWhatTheLakeGoesBy() {
        put(
                "batches/b/attempts/1.json",
                "{\"pipeline\":\"load\",\"files\":[{\"location\":\"tables/load/x\"}],"
                        + "\"end\":{\"step\":\"load\",\"sentence\":\"'load' does not cast\"}}");
        assertThat(search.count()).isEqualTo(1);
        search.perform();
        assertThat(at("batches/b/attempts/1.json"))
                .isEqualTo("{\"pipeline\":\"load\",\"files\":[{\"location\":\"tables/load/x\"}],"
                        + "\"end\":{\"step\":\"load\",\"sentence\":\"'[forgotten]' does not cast\"}}");
        assertThat(search.count()).isZero();
    }

    @Test
    void leavesObjectsThatQuoteNothing() {
        put("batches/b/load.json", "{\"step\":\"load\",\"load\":{\"events\":{\"target\":\"load\"}}}");
        assertThat(search.count()).isZero();
    }

    @Test
    void takesTextsOutOfAPersonsReasons() {
        put("batches/b/abandoned.json", "{\"batch\":\"load\",\"reason\":\"a load too many\"}");
        search.perform();
        assertThat(at("batches/b/abandoned.json"))
                .isEqualTo("{\"batch\":\"load\",\"reason\":\"a [forgotten] too many\"}");
    }

    @Test
    void takesTextsOutOfWhatReportsOfRulesQuote() {
        put(
                "quality/b/1.json",
                "{\"outcomes\":[{\"rule\":\"IsComplete \\\"load\\\"\",\"sentence\":\"It is load.\","
                        + "\"samples\":[\"load\",\"view\"],\"labels\":{\"team\":\"load\"}}]}");
        search.perform();
        assertThat(at("quality/b/1.json"))
                .isEqualTo("{\"outcomes\":[{\"rule\":\"IsComplete \\\"load\\\"\",\"sentence\":\"It is [forgotten].\","
                        + "\"samples\":[\"view\"],\"labels\":{\"team\":\"load\"}}]}");
    }
}

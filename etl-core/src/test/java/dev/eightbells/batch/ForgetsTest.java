package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.store.MemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForgetsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:20:00Z");
    private static final String WHERE = "user_custom_id = 'x-1'";
    private static final String PREDICATE = "{\"type\":\"eq\",\"term\":\"user_custom_id\",\"value\":\"x-1\"}";

    private final MemoryObjectStore lake =
            new MemoryObjectStore(TestPipeline.FIREHOSE.lake(), new ManualClock("2026-11-22T08:20:00Z"));
    private final Forgets forgets =
            Ledger.open(lake, TestPipeline.FIREHOSE.pipeline()).forgets();

    @Test
    void countsFromOne() {
        assertThat(forgets.list()).isEmpty();

        Forgets.Held first = forgets.open(WHERE, PREDICATE, NOW);
        Forgets.Held second = forgets.open(WHERE, PREDICATE, NOW);

        assertThat(first.forget().number()).isEqualTo(1);
        assertThat(second.forget().number()).isEqualTo(2);
        assertThat(forgets.list()).containsExactly(first, second);
    }

    @Test
    void whatWasWrittenIsRead() {
        Forgets.Held held = forgets.open(WHERE, PREDICATE, NOW);

        assertThat(forgets.find(1)).contains(held);
        assertThat(forgets.find("forgets/00000001")).contains(held);
        assertThat(held.forget().reference()).isEqualTo("forgets/00000001");
        assertThat(held.forget().predicate()).isEqualTo(PREDICATE);
        assertThat(new String(forgets.content(1).orElseThrow(), StandardCharsets.UTF_8))
                .startsWith("{\"version\":1,\"number\":1,\"pipeline\":\""
                        + TestPipeline.FIREHOSE.pipeline().name() + "\"")
                .endsWith("\"asked\":\"2026-11-22T08:20:00Z\",\"where\":\"user_custom_id = 'x-1'\",\"predicate\":"
                        + PREDICATE + ",\"state\":\"open\"}");
    }

    @Test
    void theReceiptHoldsNoValues() {
        Forgets.Held held = forgets.open(WHERE, PREDICATE, NOW);

        Forgets.Held receipt = forgets.replace(held, receipt(1)).orElseThrow();

        assertThat(receipt.forget().state()).isEqualTo(Forget.State.DONE);
        assertThat(receipt.forget().where()).isNull();
        assertThat(receipt.forget().predicate()).isNull();
        assertThat(forgets.find(1)).contains(receipt);
        assertThat(forgets.content(1))
                .hasValueSatisfying(content -> assertThat(content).isEqualTo(receipt(1)));
    }

    @Test
    void whoComesLateChangesNothing() {
        Forgets.Held held = forgets.open(WHERE, PREDICATE, NOW);
        forgets.replace(held, receipt(1));

        assertThat(forgets.replace(held, receipt(1))).isEmpty();
    }

    @Test
    void refusesTheReceiptOfAnother() {
        Forgets.Held held = forgets.open(WHERE, PREDICATE, NOW);

        assertThatThrownBy(() -> forgets.replace(held, receipt(2)))
                .hasMessage("Invalid content for forgets/00000001.json: it has the number 2");
    }

    @Test
    void manyAtOnceGetANumberEach() {
        List<Integer> numbers = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> forgets.open(WHERE, PREDICATE, NOW).forget().number())
                .toList();

        Set<Integer> each = new TreeSet<>(numbers);
        assertThat(each)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 16).boxed().collect(Collectors.toList()));
    }

    @Test
    void tellsReferencesFromPredicates() {
        assertThat(Forgets.isReference("forgets/00000001")).isTrue();
        assertThat(Forgets.isReference(PREDICATE)).isFalse();
        assertThat(forgets.find("forgets/1")).isEmpty();
        assertThat(forgets.find("forgets/00000007")).isEmpty();
    }

    @Test
    void printsNoValues() {
        assertThat(forgets.open(WHERE, PREDICATE, NOW).toString()).doesNotContain("x-1");
    }

    @Test
    void refusesWhatIsDamaged() {
        lake.create("forgets/00000001.json", "{".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> forgets.find(1))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.DATA))
                .hasMessageStartingWith("Cannot read " + TestPipeline.FIREHOSE.lake() + "forgets/00000001.json: ")
                .hasMessageEndingWith("Restore it; nothing but Eightbells may write there.");
    }

    private static byte[] receipt(int number) {
        return ("{\"version\":1,\"number\":" + number + ",\"state\":\"done\",\"rows\":7}")
                .getBytes(StandardCharsets.UTF_8);
    }
}

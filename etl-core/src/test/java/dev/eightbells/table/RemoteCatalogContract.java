package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What tables do in a catalog that is asked over a network. */
abstract class RemoteCatalogContract extends CatalogContract {
    private static final String LONG = "60";
    private static final String SHORT = "1";

    private Wire wire;
    private String patience = LONG;

    /** The port of the server. */
    abstract int server();

    /** The catalog section that asks a port, and gives up after some seconds. */
    abstract String catalog(int port, String seconds);

    /** What a request that commits to a table holds. */
    abstract String commit();

    @Override
    String catalog() {
        try {
            wire = wire == null ? new Wire(server()) : wire;
            return catalog(wire.port(), patience);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void cut() throws java.io.IOException {
        wire.close();
        wire = null;
        patience = LONG;
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundAndNotMadeAgain() {
        EventsTable events = events();
        List<DataFile> files = List.of(file(events, "b1"));
        wire.loseAnswerTo(commit());
        long staged = events.stage(batch("b1"), null, files);
        assertThat(wire.hasLost()).isTrue();

        wire.loseAnswerTo(commit());
        assertThat(events.publish(batch("b1"), staged, null, files)).isPresent();
        assertThat(wire.hasLost()).isTrue();
        assertThat(seen()).containsExactly("b1");
        assertThat(events.table().history()).hasSize(1);
    }

    @Test
    void aCommitThatDoesNotArriveIsMadeOnceInTheEnd() {
        EventsTable events = events();
        List<DataFile> files = List.of(file(events, "b1"));
        long staged = events.stage(batch("b1"), null, files);
        wire.loseRequest(commit());
        try {
            events.publish(batch("b1"), staged, null, files);
        } catch (Failure e) {
            assertThat(e.kind()).isEqualTo(Failure.Kind.UNKNOWN);
            assertThat(seen()).isEmpty();
            assertThat(EventsTable.open(open(), pipeline()).orElseThrow().publish(batch("b1"), staged, null, files))
                    .isPresent();
        }
        assertThat(wire.hasLost()).isTrue();
        assertThat(seen()).containsExactly("b1");
    }

    @Test
    void oneThatDoesNotAnswerIsWorthARetry() {
        patience = SHORT;
        redefine();
        wire.goSilent();
        assertNotOpened();
    }

    @Test
    void oneThatIsDownIsWorthARetryAndNothingIsPublished() throws java.io.IOException {
        EventsTable events = events();
        wire.close();
        assertNotOpened();
        assertThatThrownBy(() -> events.stage(batch("b1"), null, List.of(file(events, "b1"))))
                .satisfies(thrown -> assertThat(CatalogTrouble.within(thrown)).contains(CatalogTrouble.DOWN));

        wire = new Wire(server());
        redefine();
        assertThat(events().table().snapshots()).isEmpty();
    }

    private void assertNotOpened() {
        assertThatThrownBy(this::open)
                .isInstanceOf(Failure.class)
                .hasMessageMatching("Cannot open the \\w+ catalog .*at (thrift|jdbc):.*, and run it again\\.")
                .extracting(thrown -> ((Failure) thrown).kind())
                .isEqualTo(Failure.Kind.TRANSIENT);
    }
}

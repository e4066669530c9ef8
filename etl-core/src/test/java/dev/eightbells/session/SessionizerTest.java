package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Marker;
import dev.eightbells.session.TestSessions.Event;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionizerTest {
    @TempDir
    private Path folder;

    @Test
    void smoke() {
        TestSessions shop = TestSessions.in(folder, TestSessions.VISITS);
        for (int i = 0; i < 10; i++) {
            long t = System.nanoTime();
            Marker.Sessions c = shop.add(
                    "20260301T0400Z-" + (i + 2),
                    List.of(
                            Event.of("a" + i, "v", "2026-03-01T00:0" + i + ":00Z", "/p" + i),
                            Event.of("b" + i, "w", "2026-03-01T0" + i + ":00:00Z", "/p" + i),
                            Event.of("c" + i, null, "2026-03-01T0" + i + ":00:00Z", "/p" + i)));
            System.out.println((System.nanoTime() - t) / 1e9 + " " + c);
        }
        shop.sessions().show(100, false);
        assertThat(shop.sessions("event_count")).hasSize(11);
    }
}

package dev.eightbells.batch;

import dev.eightbells.pipeline.Care;
import dev.eightbells.pipeline.Compute;
import dev.eightbells.pipeline.Layout;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.Retention;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.store.Location;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A pipeline for tests, of which only what planning looks at matters. */
record TestPipeline(String name, Location lake, Layout layout, Instant from, Duration lookback, long maxBytes) {
    static final TestPipeline FIREHOSE = new TestPipeline(
            "web-events",
            Location.of("s3://lake/web-events/"),
            Layout.FIREHOSE,
            null,
            Duration.ofDays(2),
            Long.MAX_VALUE);

    TestPipeline named(String other) {
        return new TestPipeline(other, lake, layout, from, lookback, maxBytes);
    }

    TestPipeline in(Location other) {
        return new TestPipeline(name, other, layout, from, lookback, maxBytes);
    }

    TestPipeline with(Layout other) {
        return new TestPipeline(name, lake, other, from, lookback, maxBytes);
    }

    TestPipeline from(String other) {
        return new TestPipeline(name, lake, layout, Instant.parse(other), lookback, maxBytes);
    }

    TestPipeline lookingBack(Duration other) {
        return new TestPipeline(name, lake, layout, from, other, maxBytes);
    }

    TestPipeline cappedAt(long bytes) {
        return new TestPipeline(name, lake, layout, from, lookback, bytes);
    }

    Pipeline pipeline() {
        return new Pipeline(
                name,
                Duration.ofHours(4),
                new Pipeline.Source(Location.of("s3://raw/web-events/"), layout, from, lookback, maxBytes, 1 << 24),
                lake,
                new Pipeline.Catalog(Pipeline.Catalog.Type.HADOOP, Map.of()),
                new TableDefinition(
                        new TableName("analytics", "web_events"),
                        List.of(),
                        new TableDefinition.PartitionBy("at", TableDefinition.Unit.DAY),
                        List.of(),
                        List.of(),
                        null),
                null,
                null,
                null,
                Compute.LOCAL,
                Care.USUAL,
                Retention.USUAL);
    }
}

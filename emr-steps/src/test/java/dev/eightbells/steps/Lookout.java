package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.steps.Visits.Event;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.TableHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the tables of a {@link WindowLoop} through Iceberg alone, and checks that what it sees is whole. */
final class Lookout {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    private static final Duration GAP = Duration.ofMinutes(30);

    private final Pipeline pipeline;
    private final Path folder;
    private final int windows;
    private final Catalog catalog;
    private final Set<Integer> published = new TreeSet<>();
    private final Set<Integer> sessionized = new TreeSet<>();
    private final Set<List<Integer>> states = new HashSet<>();
    private int looks;
    private int compactions;

    Lookout(Site site, int windows) {
        this.pipeline = site.pipeline();
        this.folder = site.file().getParent();
        this.windows = windows;
        this.catalog = Catalogs.open(pipeline, Map.of(), new Configuration());
    }

    /** How often it has looked, and how many different states it has seen. */
    int looks() {
        return looks;
    }

    int states() {
        return states.size();
    }

    /** How many commits of care it has seen in the events' table; those that expired before it looked are not among them. */
    int compactions() {
        return compactions;
    }

    Set<Integer> published() {
        return published;
    }

    Set<Integer> sessionized() {
        return sessionized;
    }

    /** Looks once; again when what it was reading has expired meanwhile, for next to nothing is kept here. */
    void look() {
        try {
            lookAtEvents();
            lookAtSessions();
        } catch (NotFoundException expired) {
            LOG.info("Expired while it was read", expired);
            return;
        }
        states.add(List.of(published.size(), sessionized.size()));
        looks++;
    }

    private void lookAtEvents() {
        Map<String, Long> rows = rows(pipeline.table().name(), "source_object").stream()
                .collect(Collectors.groupingBy(row -> (String) row.get(0), TreeMap::new, Collectors.counting()));
        Set<Integer> seen = new TreeSet<>();
        for (int window = 0; window < windows; window++) {
            Long count = rows.remove(WindowLoop.object(folder, window).toString());
            if (count != null) {
                assertThat(count)
                        .as("rows of batch %s", WindowLoop.batch(window))
                        .isEqualTo(WindowLoop.EVENTS);
                seen.add(window);
            }
        }
        assertThat(rows).as("rows of no batch").isEmpty();
        assertThat(seen).as("batches seen once are seen for ever").containsAll(published);
        published.addAll(seen);
        compactions = Math.max(
                compactions,
                open(pipeline.table().name())
                        .map(table -> (int) TableHistory.of(table).commits().stream()
                                .filter(commit -> commit.kind() == TableHistory.Kind.COMPACTED)
                                .count())
                        .orElse(0));
    }

    private void lookAtSessions() {
        // What has its marker is committed, though the commit may have expired by now.
        Set<Integer> marked = IntStream.range(0, windows)
                .filter(window ->
                        Files.exists(folder.resolve("lake/batches/" + WindowLoop.batch(window) + "/sessionize.json")))
                .boxed()
                .collect(Collectors.toSet());
        Optional<Table> table = open(pipeline.sessions().name());
        if (table.isEmpty()) {
            return;
        }
        Set<String> batches = StreamSupport.stream(
                        TableHistory.of(table.get()).commits().spliterator(), false)
                .map(TableHistory.Commit::batch)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        Set<Integer> seen = IntStream.range(0, windows)
                .filter(window -> marked.contains(window) || batches.contains(WindowLoop.batch(window)))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> sessions = rows(table.get(), "visitor", "session_start", "session_end", "event_count").stream()
                .map(row -> row.get(0) + " " + instant(row.get(1)) + " " + instant(row.get(2)) + " " + row.get(3))
                .sorted()
                .toList();
        assertThat(sessions).as("sessions of batches %s", seen).isEqualTo(sessions(seen));
        sessionized.addAll(seen);
    }

    private static Instant instant(Object time) {
        return ((OffsetDateTime) time).toInstant();
    }

    /** The sessions of some windows' events, by the definition of a session. */
    private static List<String> sessions(Set<Integer> some) {
        Map<String, List<Instant>> times = some.stream()
                .flatMap(window -> WindowLoop.events(window).stream())
                .collect(Collectors.groupingBy(
                        Event::visitor, TreeMap::new, Collectors.mapping(Event::at, Collectors.toList())));
        List<String> sessions = new ArrayList<>();
        times.forEach((visitor, unsorted) -> {
            List<Instant> sorted = unsorted.stream().sorted().toList();
            int first = 0;
            for (int i = 1; i <= sorted.size(); i++) {
                if (i == sorted.size()
                        || Duration.between(sorted.get(i - 1), sorted.get(i)).compareTo(GAP) > 0) {
                    sessions.add(visitor + " " + sorted.get(first) + " " + sorted.get(i - 1) + " " + (i - first));
                    first = i;
                }
            }
        });
        return sessions.stream().sorted().toList();
    }

    private Optional<Table> open(TableName name) {
        try {
            return Optional.of(catalog.loadTable(TableIdentifier.of(name.database(), name.table())));
        } catch (NoSuchTableException e) {
            return Optional.empty();
        }
    }

    private List<List<Object>> rows(TableName name, String... columns) {
        return open(name).map(table -> rows(table, columns)).orElse(List.of());
    }

    /** All rows of the commit that the table was loaded with. */
    private static List<List<Object>> rows(Table table, String... columns) {
        if (table.currentSnapshot() == null) {
            return List.of();
        }
        try (CloseableIterable<Record> records = IcebergGenerics.read(table)
                .useSnapshot(table.currentSnapshot().snapshotId())
                .select(columns)
                .build()) {
            List<List<Object>> rows = new ArrayList<>();
            for (Record record : records) {
                List<Object> row = new ArrayList<>();
                for (String column : columns) {
                    row.add(record.getField(column));
                }
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Turn;
import dev.eightbells.write.Deduplication.Noting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import scala.Tuple2;

/** Of a slot's rows each one stays, or is noted beside the one that stays, or has a published key. */
class DeduplicationProperties {
    private static final RowShape SHAPE = shape();

    private static RowShape shape() {
        Pipeline pipeline = PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: /raw/}
                lake: /lake/
                table:
                  name: analytics.events
                  key: [id]
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: id, type: int, required: true}
                    - {name: at, type: timestamp}
                """,
                "shop.yaml",
                Map.of());
        InMemoryCatalog catalog = new InMemoryCatalog();
        catalog.initialize("memory", Map.of(CatalogProperties.WAREHOUSE_LOCATION, "file:/lake/tables"));
        return RowShape.of(pipeline.table(), EventsTable.openOrCreate(catalog, pipeline, new Turn(1, 0)));
    }

    /** A row, by its partition, its key and its place. */
    record Event(int partition, int id, int ordinal, long offset) {
        private String key() {
            return partition + "/" + id;
        }

        private String place() {
            return ordinal + "@" + offset;
        }
    }

    @Provide
    Arbitrary<List<Event>> slots() {
        Arbitrary<Event> event = Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.longs().between(0, 1000))
                .as(Event::new);
        return event.list().ofMaxSize(40).uniqueElements(Event::place);
    }

    @Provide
    Arbitrary<Set<Integer>> keys() {
        return Arbitraries.integers().between(0, 5).set().ofMaxSize(2);
    }

    @Property(tries = 100)
    void everyRowStaysOrIsNotedBesideTheFirstOfItsKeyOrIsPublished(
            @ForAll("slots") List<Event> slot, @ForAll("keys") Set<Integer> publishedIds) {
        Set<String> published = publishedIds.stream().map(id -> "0/" + id).collect(Collectors.toSet());
        Map<String, Event> first = new HashMap<>();
        slot.stream()
                .sorted(Comparator.comparingInt(Event::ordinal).thenComparingLong(Event::offset))
                .forEach(event -> first.putIfAbsent(event.key(), event));
        Set<String> kept = new TreeSet<>();
        Set<String> lost = new TreeSet<>();
        for (Event event : slot) {
            if (!published.contains(event.key())) {
                Event winner = first.get(event.key());
                if (winner.equals(event)) {
                    kept.add(event.place());
                } else {
                    lost.add(event.place() + " against " + winner.place());
                }
            }
        }

        Result told = judge(slot, publishedIds, Noting.LOSERS);
        assertThat(told.kept()).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(told.lost()).containsExactlyInAnyOrderElementsOf(lost);
        assertThat(told.dropped()).isEqualTo(slot.size() - kept.size());

        Result untold = judge(slot, publishedIds, Noting.NOTHING);
        assertThat(untold).isEqualTo(new Result(told.kept(), List.of(), told.dropped()));
    }

    private record Result(List<String> kept, List<String> lost, long dropped) {}

    private static Result judge(List<Event> slot, Set<Integer> publishedIds, Noting noting) {
        UnsafeProjection projection = SHAPE.projection();
        RowShape.Keys keys = SHAPE.keys();
        List<Tuple2<Integer, byte[]>> rows = slot.stream()
                .map(event -> new Tuple2<>(
                        1,
                        EventRow.encode(
                                event.partition(),
                                event.ordinal(),
                                event.offset(),
                                projection.apply(new GenericInternalRow(new Object[] {event.id(), null})))))
                .toList();
        List<Tuple2<Integer, byte[]>> published = new HashSet<>(publishedIds)
                .stream()
                        .map(id -> new Tuple2<>(
                                1,
                                Key.of(0, keys.ofLooked(new GenericInternalRow(new Object[] {id, null})))
                                        .bytes()))
                        .toList();
        List<String> kept = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        long dropped = 0;
        Iterator<Judged> all = new Deduplication(SHAPE, noting).call(rows.iterator(), published.iterator());
        while (all.hasNext()) {
            Judged judged = all.next();
            if (judged instanceof Judged.Kept row) {
                kept.add(place(row.row()));
            } else if (judged instanceof Judged.Lost loser) {
                lost.add(loser.ordinal() + "@" + loser.offset() + " against " + place(loser.winner()));
            } else {
                dropped += ((Judged.Dropped) judged).rows();
            }
        }
        return new Result(kept, lost, dropped);
    }

    private static String place(EventRow row) {
        return row.ordinal() + "@" + row.offset();
    }
}

package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.table.Partitioning;
import dev.eightbells.write.Shuffle;
import dev.eightbells.write.Slots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/** The tasks, without Spark's scheduling around them: whatever is merged where, the sessions are the same. */
class StagesProperties {
    private static final long MINUTE = 60_000_000L;
    private static final SessionShape SHAPE = SessionShape.of(PipelineFile.parse(
            """
            version: 1
            pipeline: shop
            source: {location: /raw/, layout: flat}
            lake: /lake/
            table:
              name: analytics.events
              key: [id]
              partitionBy: {from: at, unit: day}
              columns:
                - {name: id, type: string, required: true}
                - {name: visitor, type: string}
                - {name: at, type: timestamp}
                - {name: page, type: string}
            sessions:
              name: analytics.sessions
              by: visitor
              time: at
              gap: 30m
              columns: [{name: landing, first: page}, {name: views, count: "page is not null"}]
            """,
            "shop.yaml",
            Map.of()));

    /** An event; visitor and time may be null. */
    record Event(int number, String visitor, Long minute, String page) {}

    @Provide
    Arbitrary<List<Event>> events() {
        Arbitrary<Event> one = Combinators.combine(
                        Arbitraries.of("anna", "bosun", "cleo").injectNull(0.1),
                        Arbitraries.longs().between(-2_000, 2_000).injectNull(0.1),
                        Arbitraries.of("/a", "/b").injectNull(0.2))
                .as((visitor, minute, page) -> new Event(0, visitor, minute, page));
        return one.list().ofMaxSize(60).map(list -> IntStream.range(0, list.size())
                .mapToObj(i -> new Event(i, list.get(i).visitor, list.get(i).minute, list.get(i).page))
                .toList());
    }

    @Property(tries = 300)
    void anyTaskMayMergeAnyOfTheEventsOrNone(
            @ForAll("events") List<Event> events, @ForAll("bytes") long bytes, @ForAll("tasks") int tasks) {
        List<byte[]> sent = new ArrayList<>();
        List<CombineStage.Report> reports = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            int number = task;
            List<Event> part = events.stream()
                    .filter(event -> event.number % tasks == number)
                    .toList();
            Iterator<Tuple2<Integer, byte[]>> out =
                    new CombineStage(SHAPE, new VisitorSlots(3), bytes).call(reusedRows(part));
            reports.add((CombineStage.Report) drain(out, sent));
        }
        CombineStage.Report report = CombineStage.Report.all(reports);
        List<byte[]> merged = new ArrayList<>();
        MergeStage.Report mergeReport = (MergeStage.Report) drain(
                new MergeStage(SHAPE, Partitioning.byDay("session_start"), Slots.sizedFor(0, 1)).call(byHash(sent)),
                merged);

        assertThat(texts(merged)).isEqualTo(byDefinition(events));
        assertThat(report.events()).isEqualTo(whole(events).count());
        assertThat(report.withoutVisitor())
                .isEqualTo(
                        events.stream().filter(event -> event.visitor == null).count());
        assertThat(report.withoutTime())
                .isEqualTo(events.stream()
                        .filter(event -> event.visitor != null && event.minute == null)
                        .count());
        assertThat(report.hours())
                .isEqualTo(whole(events)
                        .map(event -> Math.floorDiv(event.minute, 60L))
                        .collect(java.util.stream.Collectors.toSet()));
        assertThat(mergeReport.created()).isEqualTo(merged.size());
        assertThat(mergeReport.touched()).isEqualTo(mergeReport.days().keySet());
    }

    @Provide
    Arbitrary<Long> bytes() {
        return Arbitraries.of(0L, 200L, 1_000L, 1_000_000L);
    }

    @Provide
    Arbitrary<Integer> tasks() {
        return Arbitraries.integers().between(1, 4);
    }

    private static Stream<Event> whole(List<Event> events) {
        return events.stream().filter(event -> event.visitor != null && event.minute != null);
    }

    /** Rows as Spark gives them: each in the place of the one before. */
    private static Iterator<InternalRow> reusedRows(List<Event> events) {
        UnsafeProjection projection = UnsafeProjection.create(SHAPE.onTheWay());
        return events.stream()
                .<InternalRow>map(event -> projection.apply(new GenericInternalRow(new Object[] {
                    UTF8String.fromString(event.visitor),
                    event.minute == null ? null : event.minute * MINUTE,
                    event.minute == null ? null : event.minute * MINUTE,
                    1L,
                    UTF8String.fromString("e%03d".formatted(event.number)),
                    UTF8String.fromString("e%03d".formatted(event.number)),
                    UTF8String.fromString(event.page),
                    event.page == null ? 0L : 1L,
                    false
                })))
                .iterator();
    }

    /** Takes all rows; returns the report. */
    private static Object drain(Iterator<Tuple2<Integer, byte[]>> out, List<byte[]> rows) {
        Object report = null;
        while (out.hasNext()) {
            Tuple2<Integer, byte[]> next = out.next();
            if (next._1() == Shuffle.REPORTS) {
                report = Shuffle.report(next._2());
            } else {
                rows.add(next._2());
            }
        }
        return Objects.requireNonNull(report);
    }

    private static Iterator<InternalRow> byHash(List<byte[]> sent) {
        int width = SHAPE.onTheWay().length();
        Iterator<byte[]> sorted = sent.stream()
                .sorted(Comparator.comparingLong(
                        bytes -> MergeStage.hash(Engine.row(bytes, width).getUTF8String(0), SHAPE.visitorType())))
                .toList()
                .iterator();
        UnsafeRow reused = new UnsafeRow(width);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return sorted.hasNext();
            }

            @Override
            public InternalRow next() {
                byte[] bytes = sorted.next();
                reused.pointTo(bytes, bytes.length);
                return reused;
            }
        };
    }

    private static List<String> texts(List<byte[]> rows) {
        return rows.stream()
                .map(bytes -> Engine.row(bytes, SHAPE.onTheWay().length()))
                .map(row -> row.getUTF8String(0) + " " + row.getLong(1) / MINUTE + " " + row.getLong(2) / MINUTE + " "
                        + row.getLong(3) + " " + row.getUTF8String(4) + " " + row.getUTF8String(5) + " "
                        + row.getUTF8String(6) + " " + row.getLong(7))
                .sorted()
                .toList();
    }

    private static List<String> byDefinition(List<Event> events) {
        Map<String, List<Event>> visitors = new TreeMap<>();
        whole(events)
                .sorted(Comparator.comparing(Event::minute).thenComparing(Event::number))
                .forEach(event -> visitors.computeIfAbsent(event.visitor, any -> new ArrayList<>())
                        .add(event));
        List<String> sessions = new ArrayList<>();
        visitors.forEach((visitor, all) -> {
            int from = 0;
            for (int i = 1; i <= all.size(); i++) {
                if (i == all.size() || all.get(i).minute - all.get(i - 1).minute > 30) {
                    sessions.add(text(visitor, all.subList(from, i)));
                    from = i;
                }
            }
        });
        return sessions.stream().sorted().toList();
    }

    private static String text(String visitor, List<Event> session) {
        Event first = session.get(0);
        long end = session.get(session.size() - 1).minute;
        Event last = session.stream()
                .filter(event -> event.minute == end)
                .findFirst()
                .orElseThrow();
        return visitor + " " + first.minute + " " + end + " " + session.size() + " " + "e%03d".formatted(first.number)
                + " " + "e%03d".formatted(last.number) + " " + first.page + " "
                + session.stream().filter(event -> event.page != null).count();
    }
}

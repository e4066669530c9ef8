package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.sql.types.DataTypes;

/** The laws by which sessions may be made in any order and in any groups. */
class SessionAlgebraProperties {
    private static final long GAP = 10;
    private static final ValueOrder ORDER = ValueOrder.of(DataTypes.StringType);
    private static final SessionAlgebra ALGEBRA = new SessionAlgebra(
            GAP,
            ORDER,
            List.of(
                    new Aggregate.Sum(),
                    new Aggregate.Least(ORDER),
                    new Aggregate.Greatest(ORDER),
                    new Aggregate.First(ORDER),
                    new Aggregate.Last(ORDER)));

    /** An event; few times, keys and values, so that many are equal. */
    record Event(long time, String key, Long amount, String value) {
        Session session() {
            return Session.ofEvent(time, key, amount, value, value, value, value);
        }
    }

    @Provide
    Arbitrary<Event> events() {
        Arbitrary<Long> times = Arbitraries.longs()
                .between(0, 8)
                .flatMap(cluster -> Arbitraries.longs().between(-6, 6).map(apart -> cluster * 2 * GAP + apart));
        return Combinators.combine(
                        times,
                        Arbitraries.of("k1", "k2", "k3", "k4"),
                        Arbitraries.longs().between(-5, 5).injectNull(0.2),
                        Arbitraries.of("a", "b", "c").injectNull(0.3))
                .as(Event::new);
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        return events().list().ofMaxSize(25);
    }

    @Property(tries = 1000)
    void mergingIsCommutative(@ForAll("events") Event one, @ForAll("events") Event other) {
        assertThat(ALGEBRA.merge(one.session(), other.session()))
                .isEqualTo(ALGEBRA.merge(other.session(), one.session()));
    }

    @Property(tries = 1000)
    void mergingIsAssociative(
            @ForAll("events") Event one, @ForAll("events") Event other, @ForAll("events") Event third) {
        assertThat(ALGEBRA.merge(ALGEBRA.merge(one.session(), other.session()), third.session()))
                .isEqualTo(ALGEBRA.merge(one.session(), ALGEBRA.merge(other.session(), third.session())));
    }

    @Property(tries = 1000)
    void sessionsAreWhatTheDefinitionSays(@ForAll("histories") List<Event> events) {
        assertThat(ALGEBRA.mergeAll(events.stream().map(Event::session).toList()))
                .isEqualTo(byDefinition(events));
    }

    @Property(tries = 1000)
    void anySplitInAnyOrderGivesTheSameSessions(@ForAll("histories") List<Event> events, @ForAll Random random) {
        List<Session> stored = List.of();
        List<Event> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, random);
        int from = 0;
        while (from < shuffled.size()) {
            int to = from + 1 + random.nextInt(shuffled.size() - from);
            List<Session> all = new ArrayList<>(stored);
            shuffled.subList(from, to).forEach(event -> all.add(event.session()));
            Collections.shuffle(all, random);
            stored = ALGEBRA.mergeAll(all);
            from = to;
        }
        assertThat(stored).isEqualTo(byDefinition(events));
    }

    @Property(tries = 1000)
    void aBatchThatMeetsStoredSessionsGivesTheSameAndSaysWhatItDid(
            @ForAll("histories") List<Event> before, @ForAll("histories") List<Event> batch) {
        List<Session> stored = byDefinition(before);
        VisitorSessions visitor = new VisitorSessions(ALGEBRA);
        stored.forEach(visitor::addStored);
        batch.forEach(event -> visitor.addNew(event.session()));
        List<VisitorSessions.Merged> merged = visitor.merge();

        assertThat(merged.stream().map(VisitorSessions.Merged::session))
                .isEqualTo(byDefinition(
                        Stream.concat(before.stream(), batch.stream()).toList()));
        assertThat(merged.stream().flatMap(session -> session.stored().stream()))
                .containsExactlyInAnyOrderElementsOf(stored);
        assertThat(merged).allSatisfy(session -> assertThat(session.hasNewEvents())
                .isEqualTo(batch.stream()
                        .anyMatch(event ->
                                event.time() >= session.session().start && event.time() <= session.session().end)));
    }

    /** One pass over the events in the order of time, and a look at each session's events as a whole. */
    private static List<Session> byDefinition(List<Event> events) {
        List<Event> byTime = new ArrayList<>(events);
        byTime.sort(Comparator.comparingLong(Event::time));
        List<List<Event>> runs = new ArrayList<>();
        for (Event event : byTime) {
            List<Event> last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last == null || event.time() - last.get(last.size() - 1).time() > GAP) {
                last = new ArrayList<>();
                runs.add(last);
            }
            last.add(event);
        }
        return runs.stream().map(SessionAlgebraProperties::whole).toList();
    }

    private static Session whole(List<Event> events) {
        Comparator<Event> byKeyAndValue = Comparator.comparing(Event::key)
                .thenComparing(Event::value, Comparator.nullsFirst(Comparator.naturalOrder()));
        Event first = events.stream()
                .min(Comparator.comparingLong(Event::time).thenComparing(byKeyAndValue))
                .orElseThrow();
        Event last = events.stream()
                .min(Comparator.comparingLong(Event::time).reversed().thenComparing(byKeyAndValue))
                .orElseThrow();
        List<Long> amounts =
                events.stream().map(Event::amount).filter(Objects::nonNull).toList();
        List<String> values =
                events.stream().map(Event::value).filter(Objects::nonNull).toList();
        return new Session(first.time(), last.time(), events.size(), first.key(), last.key(), new Object[] {
            amounts.isEmpty()
                    ? null
                    : amounts.stream().mapToLong(Long::longValue).sum(),
            values.stream().min(Comparator.naturalOrder()).orElse(null),
            values.stream().max(Comparator.naturalOrder()).orElse(null),
            first.value(),
            last.value()
        });
    }
}

package dev.eightbells.steps;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Events of visitors as they are delivered, and their sessions as SQL over all of them at once makes them. */
final class Visits {
    /** What one would write by hand; ties go to the smallest id. */
    private static final String USUAL_SQL =
            """
            with marked as (
              select *, case when unix_micros(at) - lag(unix_micros(at)) over (partition by visitor order by at, id)
                <= 1800000000 then 0 else 1 end as begins
              from usual_events where visitor is not null and at is not null),
            numbered as (
              select *, sum(begins) over (partition by visitor order by at, id rows unbounded preceding) as number
              from marked),
            grouped as (
              select visitor, min(at) as session_start, max(at) as session_end, count(*) as event_count,
                min_by(page, struct(at, id)) as landing, min_by(page, struct(-unix_micros(at), id)) as leaving,
                count(page) as views, coalesce(bool_or(amount > 5), false) as paid, sum(amount) as revenue,
                min(amount) as cheapest, max(amount) as dearest,
                min_by(id, struct(at, id)) as first_key, min_by(id, struct(-unix_micros(at), id)) as last_key
              from numbered group by visitor, number)
            select
              left(sha2(concat(visitor, decode(X'00', 'UTF-8'), unix_micros(session_start)), 256), 32) as session_id,
              visitor, session_start, session_end,
              (unix_micros(session_end) - unix_micros(session_start)) / 1e6D as duration_seconds, event_count,
              landing, leaving, views, paid, revenue, cheapest, dearest,
              cast(revenue / views as decimal(20,4)) as mean, first_key, last_key
            from grouped
            """;

    private Visits() {}

    /** An event; all but its id may be null. */
    record Event(String id, String visitor, Instant at, String page, String amount) {
        static Event of(String id, String visitor, String at) {
            return new Event(id, visitor, Instant.parse(at), "/" + id, null);
        }

        String json() {
            return "{\"id\":" + quoted(id) + ",\"visitor\":" + quoted(visitor) + ",\"at\":"
                    + quoted(at == null ? null : at.toString()) + ",\"page\":" + quoted(page) + ",\"amount\":"
                    + quoted(amount) + "}\n";
        }

        private static String quoted(String text) {
            return text == null ? "null" : "\"" + text + "\"";
        }
    }

    /** Delivers events in one object. */
    static void deliver(Site site, String name, List<Event> events) throws IOException {
        site.deliver("2026-03-02T01", name, events.stream().map(Event::json).collect(Collectors.joining()));
    }

    /** The session table as it must be, given what is in the events' table. */
    static List<String> expected(Site site) {
        site.table().createOrReplaceTempView("usual_events");
        return Site.json(site.session().spark().sql(USUAL_SQL));
    }
}

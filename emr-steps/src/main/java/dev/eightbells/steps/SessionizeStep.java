package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Lease;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.session.BatchSessions;
import dev.eightbells.session.Sessionizer;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Published events to sessions: read, merge with the stored sessions in reach, replace the days that change, mark. Every
 * effect may have happened already.
 *
 * <p>Where the process can die, and what the next attempt finds:
 *
 * <ul>
 *   <li>before the commit: files that nobody refers to; everything is done again;
 *   <li>after it, before {@code sessionize.json}: the commit names the batch and carries its marker;
 *   <li>after {@code sessionize.json}: nothing is left to do.
 * </ul>
 */
final class SessionizeStep {
    /** Each round lost means that another batch was sessionized; this many in a row is a storm worth waiting out. */
    private static final int MOST_ROUNDS = 50;

    private final Workplace workplace;
    private final Pipeline pipeline;

    /**
     * @param pipeline whose sessions are made
     */
    SessionizeStep(Workplace workplace, Pipeline pipeline) {
        this.workplace = workplace;
        this.pipeline = pipeline;
    }

    /** Does what is left to do of the step, for a batch that is published. */
    Marker run(Manifest manifest, Lease lease) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        Optional<Marker> done = markers.find(Step.SESSIONIZE);
        if (done.isPresent()) {
            return done.get();
        }
        Published published = markers.published().orElseThrow();
        boolean isFrozen = pipeline.equals(workplace.definitionOf(manifest));
        Turn turn = isFrozen ? workplace.turnOf(manifest) : workplace.turnOfToday();
        Turn atSessions = isFrozen ? workplace.turnAtSessionsOf(manifest) : turn;
        Sessionizer sessionizer = new Sessionizer(workplace.spark(), pipeline, atSessions);
        SessionsTable table = sessionizer.open(workplace.catalog());
        SessionsTable.Commit commit = table.committed(published.batch().toString())
                .orElseGet(() -> commit(sessionizer, table, published, lease, turn));
        return markers.write(Marker.parse(
                        commit.marker(),
                        "the commit " + commit.snapshot() + " of "
                                + table.table().name())
                .committed(commit.snapshot(), TableFiles.of(pipeline.lake(), commit.files())));
    }

    private SessionsTable.Commit commit(
            Sessionizer sessionizer, SessionsTable table, Published published, Lease lease, Turn turn) {
        Instant started = workplace.clock().instant();
        EventsTable events = EventsTable.open(workplace.catalog(), pipeline, turn)
                .orElseThrow(() -> Failure.data("Cannot sessionize batch " + published.batch() + ": the table "
                        + pipeline.table().name() + " is gone. Restore it."));
        BatchSessions sessions = computed(published, () -> sessionizer.read(events, published.snapshot()));
        Provenance provenance =
                new Provenance(published.batch().toString(), lease.attempt().attempt(), Step.SESSIONIZE.text());
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Optional<SessionsTable.Commit> meanwhile = table.committed(provenance.batch());
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            // Of the metadata that was just asked: a head seen later could hold this batch already.
            Long head = table.head();
            sessionizer.requireRule(table);
            BatchSessions.Merged merged = computed(published, () -> sessions.mergedInto(table, head));
            Marker marker = Marker.ofSessions(
                    lease.attempt(),
                    started,
                    workplace.clock().instant(),
                    published.records(),
                    merged.counts(),
                    TableFiles.measures(merged.columns()));
            lease.check();
            Optional<SessionsTable.Commit> commit =
                    table.replace(provenance, head, merged.replacement(), marker.json());
            if (commit.isPresent()) {
                return commit.get();
            }
        }
        throw Failure.of(
                Failure.Kind.TRANSIENT,
                "Cannot sessionize batch " + published.batch() + ": other batches changed the days of its sessions "
                        + MOST_ROUNDS + " times while it tried. Run it again.",
                null);
    }

    /** Whatever an expression of the pipeline file throws is said to be its own. */
    private static <T> T computed(Published published, Supplier<T> work) {
        try {
            return work.get();
        } catch (Exception e) {
            // Scala throws what it does not declare.
            Optional<Failure> ofExpression = Failures.ofExpression("batch " + published.batch(), e);
            if (ofExpression.isPresent()) {
                throw ofExpression.get();
            }
            throw e;
        }
    }
}

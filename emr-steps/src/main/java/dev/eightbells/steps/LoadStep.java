package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Lease;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Loaded;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The lake's tables to the warehouse: all of their commits that are not in it yet, whichever batch made them; then the
 * batch's marker. The warehouse follows tables, not batches, so this goes by today's pipeline file. Every effect may have
 * happened already.
 *
 * <p>Where the process can die, and what the next attempt finds:
 *
 * <ul>
 *   <li>before the COMMIT of a transaction: the warehouse forgets it; the commit is loaded again;
 *   <li>after it, its answer lost or not: the warehouse's ledger names the commit, and the next one is loaded;
 *   <li>after the last one, before {@code load.json}: the warehouse is up to date, and only the marker is written;
 *   <li>after {@code load.json}: nothing is left to do.
 * </ul>
 */
final class LoadStep {
    private final Workplace workplace;

    LoadStep(Workplace workplace) {
        this.workplace = workplace;
    }

    /**
     * What came of the step.
     *
     * @param marker the batch's
     * @param loads what was done to each table of the warehouse now; empty when the marker was there
     */
    record Result(Marker marker, List<Loaded> loads) {
        Result {
            loads = List.copyOf(loads);
        }
    }

    /** Does what is left to do of the step, for a batch that is published, and has its sessions if it is to have any. */
    Result run(Manifest manifest, Lease lease) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        Optional<Marker> done = markers.find(Step.LOAD);
        if (done.isPresent()) {
            return new Result(done.get(), List.of());
        }
        Instant started = workplace.clock().instant();
        Published published = markers.published().orElseThrow();
        List<Loaded> loads = workplace.loader().load(LoadRequest.WHAT_IS_NEW);
        // Of the markers and not of what was done now: another attempt may have loaded the batch's commits.
        Marker.Load load = new Marker.Load(events(published, loads), sessions(manifest, markers, loads));
        lease.check();
        Marker marker = markers.write(
                Marker.ofLoad(lease.attempt(), started, workplace.clock().instant(), published.records(), load));
        return new Result(marker, loads);
    }

    private Marker.LoadedRows events(Published published, List<Loaded> loads) {
        Pipeline pipeline = workplace.pipeline();
        requireLoaded(published, pipeline.table().name(), loads);
        return new Marker.LoadedRows(
                pipeline.warehouse().events().toString(),
                published.snapshot(),
                published.records().published());
    }

    /** Null when there are none, and when they lie in another table than the one that is loaded today. */
    private Marker.LoadedRows sessions(Manifest manifest, Markers markers, List<Loaded> loads) {
        Pipeline pipeline = workplace.pipeline();
        Sessions its = workplace.definitionOf(manifest).sessions();
        Optional<Marker> sessionized = markers.find(Step.SESSIONIZE);
        boolean isElsewhere = its != null
                && !its.name()
                        .equals(
                                pipeline.sessions() == null
                                        ? null
                                        : pipeline.sessions().name());
        if (pipeline.warehouse().sessions() == null || sessionized.isEmpty() || isElsewhere) {
            return null;
        }
        requireLoaded(markers.published().orElseThrow(), pipeline.sessions().name(), loads);
        return new Marker.LoadedRows(
                pipeline.warehouse().sessions().toString(),
                sessionized.get().snapshot(),
                sessionized.get().files().stream()
                        .mapToLong(Marker.DataFile::rows)
                        .sum());
    }

    private static void requireLoaded(Published published, TableName source, List<Loaded> loads) {
        if (loads.stream().noneMatch(load -> load.source().equals(source))) {
            throw Failure.data(
                    "Cannot load batch " + published.batch() + ": the table " + source + " is gone. Restore it.");
        }
    }
}

package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.ManifestObject;
import dev.eightbells.batch.Marker;
import dev.eightbells.pipeline.Quality;
import dev.eightbells.quality.Audit;
import dev.eightbells.quality.FileFact;
import dev.eightbells.quality.QualityCheck;
import dev.eightbells.quality.QualityRules;
import dev.eightbells.quality.RuleOutcome;
import dev.eightbells.quality.Surroundings;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.write.DuplicatesFile;
import dev.eightbells.write.QuarantineFile;
import dev.eightbells.write.RejectedWinners;
import dev.eightbells.write.RowRemoval;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The staged rows of a batch, to be judged, and those that fail to be taken out; to be closed after both. */
final class BatchAudit implements AutoCloseable {
    private final BatchWork work;
    private final Quality quality;
    private final QualityRules rules;
    private final Judging judging;
    private final SparkSession session;
    private final Marker converted;
    private final List<FileScanTask> files;
    private final ScannedFiles scanned;

    /**
     * @param judging whose rules these are
     * @param converted names the snapshot in which the rows are
     */
    BatchAudit(BatchWork work, Quality quality, Judging judging, Marker converted) {
        this.work = work;
        this.quality = quality;
        this.judging = judging;
        this.rules = RulesText.parse(quality);
        this.session = work.workplace().spark().newSession();
        session.conf().set("spark.sql.session.timeZone", "UTC");
        this.converted = converted;
        this.files = work.table().scanOf(converted.snapshot());
        this.scanned = ScannedFiles.of(session, work.table().table(), files);
    }

    /**
     * Judges all rows by all rules, as of the moment at which they were converted.
     *
     * @throws Failure of the error's kind when a rule could not be evaluated: that says nothing about the data
     */
    Audit judge() {
        Location source = work.definition().source().location();
        try (ObjectStore store = ObjectStores.open(source, work.workplace().environment())) {
            Surroundings surroundings = new Surroundings(
                    work.workplace()
                            .history(work.definition())
                            .before(work.manifest().number()),
                    new References(session, work.workplace().catalog()).of(rules, quality),
                    work.manifest().objects().stream()
                            .map(object -> fact(store, source, object))
                            .toList(),
                    converted.finished(),
                    quality.sampleValues() ? Surroundings.Samples.SHOWN : Surroundings.Samples.HIDDEN,
                    ScannedFiles.FILE);
            Audit audit = QualityCheck.audit(rows(scanned).drop(ScannedFiles.PLACE), rules, surroundings);
            Optional<RuleOutcome> unjudged = audit.report().firstError();
            if (unjudged.isPresent()) {
                throw refusal(work.batch(), unjudged.get(), judging);
            }
            return audit;
        }
    }

    private Dataset<Row> rows(ScannedFiles files) {
        EventsTable table = work.table();
        return table.columns().of(files.placedRows(), table.table().schema());
    }

    private static FileFact fact(ObjectStore store, Location source, ManifestObject object) {
        return new FileFact(
                source.resolve(object.key()),
                object.bytes(),
                object.modified(),
                () -> store.open(object.key(), object.etag(), 0));
    }

    /**
     * What is told when a rule could not be evaluated. Whatever kept it from that, it is not that the batch is bad.
     *
     * @param judging whose rule it is
     */
    static Failure refusal(String batch, RuleOutcome outcome, Judging judging) {
        Throwable error = outcome.error();
        Failure failure = Failures.of("its audit", error);
        String cannot = "Cannot judge batch " + batch + " by the rule " + Failures.oneLine(outcome.rule()) + ": ";
        String sentence = Failures.oneLine(outcome.sentence()).replaceFirst("\\.?$", ". ");
        return switch (failure.kind()) {
            case BUG ->
                Failures.isOutOfExpression(error)
                        ? Failure.of(Failure.Kind.INPUT, cannot + sentence + mending(batch, judging), error)
                        : Failure.of(
                                Failure.Kind.BUG,
                                cannot + sentence
                                        + "This was not expected: run it again with --debug, and report what it prints.",
                                error);
            // These say themselves what to do.
            case INPUT, DATA -> Failure.of(Failure.Kind.INPUT, cannot + Failures.oneLine(failure.getMessage()), error);
            case CONFLICT, TRANSIENT, UNKNOWN -> Failure.of(failure.kind(), cannot + sentence + "Run it again.", error);
        };
    }

    private static String mending(String batch, Judging judging) {
        return judging == Judging.TODAYS_RULES
                ? "Mend the rule, and release the batch again."
                : "Mend the rule, and judge the batch by it: eightbells release --pipeline FILE --batch " + batch + ".";
    }

    /**
     * Writes those files anew in which there are rows that fail, without them.
     *
     * @throws IllegalStateException when these are not as many as were judged
     */
    RowRemoval.Removed removeFrom(Audit audit) {
        List<FileScanTask> touched = files.stream()
                .filter(task -> audit.failingFiles().contains(task.file().location()))
                .toList();
        RowRemoval.Removed removed = new RowRemoval(session, work.input(), work.table()).from(touched, audit::marked);
        if (removed.moved() != audit.report().failingRows()) {
            throw new IllegalStateException("Cannot account for batch " + work.batch() + ": "
                    + audit.report().failingRows() + " of its rows failed rules, but " + removed.moved()
                    + " were moved to quarantine.");
        }
        return removed;
    }

    /**
     * Brings the records that convert dropped for rows which are now taken out into quarantine with them: nobody has judged
     * them, and nothing of their key would be published.
     *
     * @throws Failure of kind CONFLICT when another attempt has taken the batch over, which deletes what convert noted once
     *     it has published; of kind INPUT when that is gone otherwise
     */
    List<QuarantineFile> followersOf(RowRemoval.Removed removed) {
        work.lease().check();
        converted.duplicates().forEach(this::requireWhole);
        return new RejectedWinners(session, work.input(), work.table())
                .followedBy(
                        removed.quarantine(),
                        converted.duplicates().stream()
                                .map(file -> new DuplicatesFile(file.location(), file.bytes(), file.records()))
                                .toList());
    }

    private void requireWhole(Marker.DuplicatesFile file) {
        ObjectStore lake = work.workplace().ledger().lake();
        if (lake.find(file.location())
                .filter(found -> found.bytes() == file.bytes())
                .isEmpty()) {
            throw Failure.input("Cannot look for duplicates of rejected rows in "
                    + lake.location().resolve(file.location()) + ": it is gone or not what was written. Restore it, or"
                    + " abandon batch " + work.batch() + " with --return, and run the pipeline again.");
        }
    }

    /** The staged files in which no row fails, with all that was measured of their columns, which scans leave out. */
    List<DataFile> untouchedBy(Audit audit) {
        return work.table().addedFiles(converted.snapshot()).stream()
                .filter(file -> !audit.failingFiles().contains(file.location()))
                .toList();
    }

    @Override
    public void close() {
        scanned.close();
    }
}

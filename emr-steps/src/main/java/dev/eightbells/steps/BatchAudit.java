package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.ManifestObject;
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
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.write.RowRemoval;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.spark.sql.SparkSession;

/** The staged rows of a batch, to be judged, and those that fail to be taken out; to be closed after both. */
final class BatchAudit implements AutoCloseable {
    private final BatchWork work;
    private final Quality quality;
    private final QualityRules rules;
    private final SparkSession session;
    private final long staged;
    private final List<FileScanTask> files;
    private final ScannedFiles scanned;

    /**
     * @param staged the snapshot in which the rows are
     */
    BatchAudit(BatchWork work, Quality quality, long staged) {
        this.work = work;
        this.quality = quality;
        this.rules = RulesText.parse(quality);
        this.session = work.workplace().spark().newSession();
        session.conf().set("spark.sql.session.timeZone", "UTC");
        this.staged = staged;
        this.files = work.table().scanOf(staged);
        this.scanned = ScannedFiles.of(session, work.table().table(), files);
    }

    /**
     * Judges all rows by all rules.
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
                    work.now(),
                    quality.sampleValues() ? Surroundings.Samples.SHOWN : Surroundings.Samples.HIDDEN,
                    ScannedFiles.FILE);
            Audit audit = QualityCheck.audit(scanned.placedRows().drop(ScannedFiles.PLACE), rules, surroundings);
            audit.report().firstError().ifPresent(this::refuse);
            return audit;
        }
    }

    private static FileFact fact(ObjectStore store, Location source, ManifestObject object) {
        return new FileFact(
                source.resolve(object.key()),
                object.bytes(),
                object.modified(),
                () -> store.open(object.key(), object.etag(), 0));
    }

    private void refuse(RuleOutcome outcome) {
        Failure failure = Failures.of("the audit of batch " + work.batch(), outcome.error());
        Failure.Kind kind = kind(failure, outcome.error());
        String remedy =
                switch (kind) {
                    case INPUT ->
                        "Mend the rule, and let a new batch take the objects of this one: eightbells abandon"
                                + " --pipeline FILE --batch " + work.batch() + " --reason TEXT --return.";
                    case BUG -> "This was not expected: run it again with --debug, and report what it prints.";
                    case DATA, CONFLICT, TRANSIENT, UNKNOWN -> "Run it again.";
                };
        throw Failure.of(
                kind,
                "Cannot judge batch " + work.batch() + " by the rule " + outcome.rule() + ": "
                        + outcome.sentence().replaceFirst("\\.?$", ". ") + remedy,
                outcome.error());
    }

    /** Whatever it is, it is not that the batch is bad. */
    private static Failure.Kind kind(Failure failure, Throwable error) {
        return switch (failure.kind()) {
            case BUG -> Failures.isOutOfExpression(error) ? Failure.Kind.INPUT : Failure.Kind.BUG;
            case DATA -> Failure.Kind.BUG;
            case INPUT, CONFLICT, TRANSIENT, UNKNOWN -> failure.kind();
        };
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

    /** The staged files in which no row fails, with all that was measured of their columns, which scans leave out. */
    List<DataFile> untouchedBy(Audit audit) {
        return work.table().addedFiles(staged).stream()
                .filter(file -> !audit.failingFiles().contains(file.location()))
                .toList();
    }

    @Override
    public void close() {
        scanned.close();
    }
}

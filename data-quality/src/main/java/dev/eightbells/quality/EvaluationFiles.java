package dev.eightbells.quality;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.TableName;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/** The files of the history's table: writing one, and finding and reading those that matter. */
record EvaluationFiles(Table table, TableName name) {
    /** What a person can always do about a history that is of no use. */
    static final String BEGIN_ANEW = "the history is only used for thresholds, and begins anew";

    /** Writes a file, which nobody sees until it is committed. */
    DataFile write(Evaluation evaluation) {
        EncryptedOutputFile file = OutputFileFactory.builderFor(table, 0, 0)
                .format(FileFormat.PARQUET)
                .operationId(evaluation.batch() + "-" + evaluation.attempt() + "-" + UUID.randomUUID())
                .build()
                .newOutputFile();
        try {
            DataWriter<Record> writer = Parquet.writeData(file)
                    .forTable(table)
                    .withSpec(table.spec())
                    .createWriterFunc(GenericParquetWriter::create)
                    .build();
            try (writer) {
                HistoryColumns.records(evaluation, table.schema()).forEach(writer::write);
            }
            return writer.toDataFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the evaluation of this attempt is in the table, as of the last look at it. */
    boolean hold(Evaluation evaluation) {
        Expression sameAttempt = Expressions.and(
                Expressions.equal(HistoryColumns.NUMBER, evaluation.number()),
                Expressions.equal(HistoryColumns.ATTEMPT, evaluation.attempt()));
        return plan(sameAttempt).stream().flatMap(file -> read(file).stream()).anyMatch(row -> row.isOf(evaluation));
    }

    /** The files that can hold batches with smaller numbers that count as baselines. */
    List<FileScanTask> baselinesBefore(int number) {
        Object[] counting = Stream.of(Judgement.values())
                .filter(Judgement::isBaseline)
                .map(Judgement::name)
                .toArray();
        Expression filter = Expressions.and(
                Expressions.lessThan(HistoryColumns.NUMBER, number), Expressions.in(HistoryColumns.VERDICT, counting));
        if (table.schema().findField(HistoryColumns.KIND) != null) {
            Expression regular = Expressions.or(
                    Expressions.isNull(HistoryColumns.KIND),
                    Expressions.equal(HistoryColumns.KIND, BatchKind.REGULAR.text()));
            return plan(Expressions.and(filter, regular));
        }
        return plan(filter);
    }

    private List<FileScanTask> plan(Expression filter) {
        List<FileScanTask> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan()
                .filter(filter)
                .ignoreResiduals()
                .includeColumnStats(Set.of(HistoryColumns.NUMBER))
                .planFiles()) {
            tasks.forEach(files::add);
        } catch (IOException | RuntimeException e) {
            throw unreadable("a list of its files", e);
        }
        return files;
    }

    /** The highest batch number that a file can hold; one without bounds can hold any. */
    int highestNumber(FileScanTask task) {
        Map<Integer, ByteBuffer> bounds = task.file().upperBounds();
        int field = table.schema().findField(HistoryColumns.NUMBER).fieldId();
        ByteBuffer bound = bounds == null ? null : bounds.get(field);
        return bound == null ? Integer.MAX_VALUE : Conversions.fromByteBuffer(Types.IntegerType.get(), bound);
    }

    /**
     * All rows of a file.
     *
     * @throws Failure when it is gone or damaged, or another version made it
     */
    List<EvaluationRow> read(FileScanTask task) {
        List<EvaluationRow> rows = new ArrayList<>();
        int newest = 0;
        GenericDeleteFilter deletes =
                new GenericDeleteFilter(table.io(), task, table.schema(), HistoryColumns.read(table.schema()));
        Schema columns = deletes.requiredSchema();
        try (CloseableIterable<Record> records = Parquet.read(table.io().newInputFile(task.file()))
                .project(columns)
                .createReaderFunc(file -> GenericParquetReaders.buildReader(columns, file))
                .build()) {
            for (Record record : deletes.filter(records)) {
                newest = Math.max(newest, HistoryColumns.version(record));
                if (newest <= HistoryColumns.NOW) {
                    rows.add(HistoryColumns.row(record));
                }
            }
        } catch (IOException | RuntimeException e) {
            throw unreadable("its file " + task.file().location(), e);
        }
        if (newest > HistoryColumns.NOW) {
            throw ofNewerVersion(Integer.toString(newest));
        }
        return rows;
    }

    /** What is told of a history that another version of this project keeps. */
    Failure ofNewerVersion(String version) {
        return Failure.input("Cannot use the quality history " + name + ": it is of version " + version
                + ", and this version of Eightbells knows those up to " + HistoryColumns.NOW
                + ". Run a newer one, or drop the table: " + BEGIN_ANEW + ".");
    }

    private Failure unreadable(String what, Exception thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        String cannot = "Cannot read the quality history " + name + ": " + what;
        String because = " ("
                + String.valueOf(thrown.getMessage())
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("\\.$", "") + "). ";
        String restore = "Restore it, or drop the table: " + BEGIN_ANEW + ".";
        if (causes.stream().anyMatch(EvaluationFiles::saysThatItIsGone)) {
            return Failure.of(Failure.Kind.INPUT, cannot + " is gone" + because + restore, thrown);
        }
        // Broken connections are of this kind, and only the end of a file tells that they are not the reason.
        if (causes.stream().anyMatch(IOException.class::isInstance)
                && causes.stream().noneMatch(EOFException.class::isInstance)) {
            return Failure.transientFailure(
                    cannot + " could not be read" + because + "Run it again; when that does not help, drop the table: "
                            + BEGIN_ANEW + ".",
                    thrown);
        }
        return Failure.of(Failure.Kind.INPUT, cannot + " is damaged" + because + restore, thrown);
    }

    private static boolean saysThatItIsGone(Throwable cause) {
        return cause instanceof NotFoundException
                || cause instanceof FileNotFoundException
                || cause instanceof NoSuchFileException;
    }
}

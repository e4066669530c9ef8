package dev.eightbells.quality;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import dev.eightbells.batch.BatchId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/** The columns of the history's table. Those that are optional may be missing in one that another version made. */
final class HistoryColumns {
    static final String VERSION = "version";
    static final String PIPELINE = "pipeline";
    static final String BATCH = "batch";
    static final String NUMBER = "number";
    static final String ATTEMPT = "attempt";
    static final String KIND = "kind";
    static final String VERDICT = "verdict";
    static final String EVALUATED_AT = "evaluated_at";
    static final String METRIC = "metric";
    static final String VALUE = "value";

    /** The version of this form. */
    static final int NOW = 1;

    static final Schema SCHEMA = new Schema(
            optional(1, VERSION, Types.IntegerType.get(), "The version of the form in which this row was written"),
            optional(2, PIPELINE, Types.StringType.get(), "The pipeline's name"),
            required(3, BATCH, Types.StringType.get(), "The batch's name, e.g. 20261122T0800Z"),
            required(4, NUMBER, Types.IntegerType.get(), "The number of the batch's manifest; orders batches"),
            required(5, ATTEMPT, Types.IntegerType.get(), "The number of the attempt at the batch, from 1"),
            optional(
                    6,
                    KIND,
                    Types.StringType.get(),
                    "regular: a window's first batch; further: what that left over; replay: records out of quarantine"),
            required(
                    7,
                    VERDICT,
                    Types.StringType.get(),
                    "PASSED; WARNED: failed and published; FAILED: stopped; ACCEPTED: failed, and published by a person;"
                            + " ERROR: could not be evaluated. Later batches are compared with PASSED and ACCEPTED"),
            optional(8, EVALUATED_AT, Types.TimestampType.withZone(), "When the batch's rules were evaluated"),
            optional(
                    9,
                    METRIC,
                    Types.StringType.get(),
                    "The metric's name, e.g. Dataset.*.RowCount; null in the one row of an evaluation without metrics"),
            optional(10, VALUE, Types.DoubleType.get(), "The metric's value"));

    private static final Set<String> READ = Set.of(VERSION, BATCH, NUMBER, ATTEMPT, VERDICT, METRIC, VALUE);

    private HistoryColumns() {}

    /** Why a table with these columns and partitions holds no history, in clauses; empty when it can hold one. */
    static List<String> misfits(Schema present, PartitionSpec spec) {
        List<String> misfits = new ArrayList<>();
        for (Types.NestedField wanted : SCHEMA.columns()) {
            Types.NestedField field = present.findField(wanted.name());
            if (field == null && wanted.isRequired()) {
                misfits.add("it has no column " + wanted.name());
            } else if (field != null && !field.type().equals(wanted.type())) {
                misfits.add("its column " + wanted.name() + " is " + field.type() + " and not " + wanted.type());
            }
        }
        present.columns().stream()
                .filter(field -> field.isRequired() && SCHEMA.findField(field.name()) == null)
                .forEach(field -> misfits.add("its column " + field.name() + " asks for a value"));
        if (!spec.isUnpartitioned()) {
            misfits.add("it is partitioned");
        }
        return misfits;
    }

    /** The columns that a table of another version does not have. */
    static List<Types.NestedField> missing(Schema present) {
        return SCHEMA.columns().stream()
                .filter(column -> present.findField(column.name()) == null)
                .toList();
    }

    /** The columns out of which {@link #row} reads. */
    static Schema read(Schema present) {
        return present.select(READ);
    }

    /** An evaluation in the columns of a table that misses none. */
    static List<Record> records(Evaluation evaluation, Schema present) {
        List<Record> records = new ArrayList<>();
        Instant evaluated = evaluation.evaluated().truncatedTo(ChronoUnit.MICROS);
        for (EvaluationRow row : EvaluationRow.of(evaluation)) {
            Record record = GenericRecord.create(present);
            record.setField(VERSION, NOW);
            record.setField(PIPELINE, evaluation.pipeline());
            record.setField(BATCH, row.batch().toString());
            record.setField(NUMBER, row.number());
            record.setField(ATTEMPT, row.attempt());
            record.setField(KIND, BatchKind.of(row.batch()).text());
            record.setField(VERDICT, row.judgement().name());
            record.setField(EVALUATED_AT, evaluated.atOffset(ZoneOffset.UTC));
            record.setField(METRIC, row.metric());
            record.setField(VALUE, row.value());
            records.add(record);
        }
        return records;
    }

    /** The version of a row's form; of one that does not say, the first. */
    static int version(Record record) {
        Integer version = (Integer) record.getField(VERSION);
        return version == null ? 1 : version;
    }

    /** Reads a row of a version up to this one. */
    static EvaluationRow row(Record record) {
        return new EvaluationRow(
                BatchId.parse((String) record.getField(BATCH)),
                (Integer) record.getField(NUMBER),
                (Integer) record.getField(ATTEMPT),
                Judgement.valueOf((String) record.getField(VERDICT)),
                (String) record.getField(METRIC),
                (Double) record.getField(VALUE));
    }
}

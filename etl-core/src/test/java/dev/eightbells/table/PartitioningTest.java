package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.pipeline.TableName;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class PartitioningTest {
    private static final long FIRST = LocalDate.of(1, 1, 1).toEpochDay() * 86_400_000_000L;
    private static final long LAST = LocalDate.of(9999, 12, 31).toEpochDay() * 86_400_000_000L + 86_399_999_999L;

    private static Partitioning by(Unit unit, ColumnType type) {
        return Partitioning.of(new TableDefinition(
                new TableName("db", "events"),
                List.of(),
                new TableDefinition.PartitionBy("at", unit),
                List.of(),
                List.of(new Column("at", type, false, List.of(List.of("at")), List.of(), ZoneOffset.UTC, List.of())),
                null));
    }

    @Property(tries = 300)
    void numbersPartitionsAsIcebergDoes(
            @ForAll @LongRange(min = -62135596800000000L, max = 253402300799999999L) long micros) {
        Types.TimestampType type = Types.TimestampType.withZone();
        assertThat(by(Unit.HOUR, ColumnType.Primitive.TIMESTAMP).partitionOf(micros))
                .isEqualTo(Transforms.<Long>hour().bind(type).apply(micros));
        assertThat(by(Unit.DAY, ColumnType.Primitive.TIMESTAMP).partitionOf(micros))
                .isEqualTo(Transforms.<Long>day().bind(type).apply(micros));
        assertThat(by(Unit.MONTH, ColumnType.Primitive.TIMESTAMP).partitionOf(micros))
                .isEqualTo(Transforms.<Long>month().bind(type).apply(micros));
    }

    @Property(tries = 300)
    void aValueMeetsTheFilterOfItsOwnPartitionAndOfNoOther(
            @ForAll Unit unit, @ForAll @LongRange(min = -62135596800000000L, max = 253402300799999999L) long micros) {
        Partitioning partitioning = by(unit, ColumnType.Primitive.TIMESTAMP);
        int partition = partitioning.partitionOf(micros);
        assertThat(meets(partitioning, micros, List.of(partition))).isTrue();
        assertThat(meets(partitioning, micros, List.of(partition - 1, partition + 1, Partitioning.NONE)))
                .isFalse();
    }

    @Property(tries = 300)
    void aPartitionOfOneUnitCoversTheOthersThatItsValuesLieIn(
            @ForAll Unit unit,
            @ForAll Unit other,
            @ForAll @LongRange(min = -62135596800000000L, max = 253402300799999999L) long micros) {
        Partitioning partitioning = by(unit, ColumnType.Primitive.TIMESTAMP);
        int there = by(other, ColumnType.Primitive.TIMESTAMP).partitionOf(micros);
        assertThat(partitioning.covering(other, there))
                .contains(partitioning.partitionOf(micros))
                .hasSizeBetween(1, 31 * 24);
        assertThat(partitioning.covering(other, Partitioning.NONE)).containsExactly(Partitioning.NONE);
    }

    @Test
    void aMonthCoversItsDays() {
        int day = (int) LocalDate.of(2028, 2, 1).toEpochDay();
        assertThat(by(Unit.DAY, ColumnType.Primitive.DATE).covering(Unit.MONTH, (2028 - 1970) * 12 + 1))
                .hasSize(29)
                .contains(day, day + 28);
        assertThat(by(Unit.MONTH, ColumnType.Primitive.DATE).covering(Unit.DAY, day))
                .containsExactly((2028 - 1970) * 12 + 1);
    }

    private static boolean meets(Partitioning partitioning, Long micros, List<Integer> partitions) {
        Schema schema = new Schema(Types.NestedField.optional(1, "at", Types.TimestampType.withZone()));
        org.apache.iceberg.data.GenericRecord row = org.apache.iceberg.data.GenericRecord.create(schema);
        row.setField("at", micros);
        return new Evaluator(schema.asStruct(), partitioning.within(partitions)).eval(row);
    }

    @Test
    void datesLieInTheirDayAndMonth() {
        int date = (int) LocalDate.of(2026, 11, 22).toEpochDay();
        assertThat(by(Unit.DAY, ColumnType.Primitive.DATE).partitionOf(date)).isEqualTo(date);
        assertThat(by(Unit.MONTH, ColumnType.Primitive.DATE).partitionOf(date)).isEqualTo((2026 - 1970) * 12 + 10);
    }

    @Test
    void rowsWithoutAValueHaveAPartitionOfTheirOwn() {
        Partitioning partitioning = by(Unit.DAY, ColumnType.Primitive.TIMESTAMP);
        assertThat(partitioning.partitionOf(null)).isEqualTo(Partitioning.NONE);
        assertThat(meets(partitioning, null, List.of(Partitioning.NONE))).isTrue();
        assertThat(meets(partitioning, 0L, List.of(Partitioning.NONE))).isFalse();
    }

    @Test
    void theFirstAndTheLastYearHavePartitions() {
        for (Unit unit : Unit.values()) {
            Partitioning partitioning = by(unit, ColumnType.Primitive.TIMESTAMP);
            assertThat(meets(partitioning, FIRST, List.of(partitioning.partitionOf(FIRST))))
                    .isTrue();
            assertThat(meets(partitioning, LAST, List.of(partitioning.partitionOf(LAST))))
                    .isTrue();
        }
    }

    @Test
    void describesPartitionsAsPeopleWriteThem() {
        long micros = LocalDateTime.of(2026, 11, 22, 8, 15).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
        assertThat(describe(Unit.HOUR, micros)).isEqualTo("2026-11-22T08");
        assertThat(describe(Unit.DAY, micros)).isEqualTo("2026-11-22");
        assertThat(describe(Unit.MONTH, micros)).isEqualTo("2026-11");
    }

    private static String describe(Unit unit, long micros) {
        Partitioning partitioning = by(unit, ColumnType.Primitive.TIMESTAMP);
        return partitioning.describe(partitioning.partitionOf(micros));
    }
}

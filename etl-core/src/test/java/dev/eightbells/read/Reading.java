package dev.eightbells.read;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableDefinition.PartitionBy;
import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.pipeline.TableName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** What reading some bytes gave, for assertions. */
record Reading(List<Item> items, long read, Coverage coverage) {
    static final int MAX_RECORD = 16 << 20;

    /** One record or stretch. */
    record Item(
            long offset, long length, List<Object> values, String reason, String column, String sentence, String text) {
        long end() {
            return offset + length;
        }
    }

    static Reading of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static Reading of(byte[] bytes) {
        return of(bytes, Split.whole(), table(column("a", Primitive.STRING)), MAX_RECORD, 1 << 16);
    }

    static Reading of(String text, TableDefinition table) {
        return of(text.getBytes(StandardCharsets.UTF_8), Split.whole(), table, MAX_RECORD, 1 << 16);
    }

    static Reading of(byte[] bytes, Split split, TableDefinition table, int maxRecord, int capacity) {
        List<Item> items = new ArrayList<>();
        try (RecordReader reader = RecordReader.open(source(bytes), split, table, maxRecord, capacity)) {
            while (reader.next()) {
                items.add(item(reader));
            }
            return new Reading(items, reader.read(), reader.coverage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RecordSource source(byte[] bytes) {
        return new RecordSource(
                "memory:object",
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset),
                bytes.length);
    }

    private static Item item(RecordReader reader) {
        Rejection rejection = reader.rejection();
        if (rejection == null) {
            List<Object> values = new ArrayList<>();
            for (Object value : reader.values()) {
                values.add(value instanceof UTF8String string ? string.toString() : value);
            }
            return new Item(reader.offset(), reader.length(), values, null, null, null, null);
        }
        String text = rejection.text() == null ? null : new String(rejection.text(), StandardCharsets.ISO_8859_1);
        return new Item(
                reader.offset(),
                reader.length(),
                null,
                rejection.reason(),
                rejection.column(),
                rejection.sentence(),
                text);
    }

    static TableDefinition table(Column... columns) {
        return table(null, List.of(), columns);
    }

    static TableDefinition table(String rescue, List<String> nullValues, Column... columns) {
        return new TableDefinition(
                new TableName("test", "events"),
                List.of(),
                new PartitionBy("time", Unit.DAY),
                nullValues,
                Arrays.asList(columns),
                rescue);
    }

    static Column column(String name, ColumnType type) {
        return new Column(name, type, false, List.of(List.of(name)), List.of(), ZoneOffset.UTC, List.of());
    }

    static Column required(String name, ColumnType type) {
        return new Column(name, type, true, List.of(List.of(name)), List.of(), ZoneOffset.UTC, List.of());
    }

    static Column from(String name, ColumnType type, List<List<String>> from) {
        return new Column(name, type, false, from, List.of(), ZoneOffset.UTC, List.of());
    }

    static Column timed(Primitive type, String zone, String... formats) {
        return new Column("a", type, false, List.of(List.of("a")), List.of(formats), ZoneId.of(zone), List.of());
    }

    /** The first column's values of the accepted records. */
    List<Object> rows() {
        return items.stream()
                .filter(item -> item.reason() == null)
                .map(item -> item.values().get(0))
                .toList();
    }

    List<Item> rejected() {
        return items.stream().filter(item -> item.reason() != null).toList();
    }

    List<String> texts() {
        return rejected().stream().map(Item::text).toList();
    }

    List<String> reasons() {
        return rejected().stream().map(Item::reason).toList();
    }
}

package dev.eightbells.forget;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.read.RecordReader;
import dev.eightbells.read.RecordSource;
import dev.eightbells.read.Split;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.Decimal;

/**
 * What a line of a quarantine file says of the columns that a condition asks for. A rejected record is no row; but most of
 * them have the values that they are known by.
 */
final class QuarantinedLine {
    private final Schema asked;
    private final Evaluator evaluator;
    private final Texts texts;

    QuarantinedLine(Where where, Schema table) {
        this.asked = table.select(where.columns());
        this.evaluator = new Evaluator(asked.asStruct(), where.predicate());
        this.texts = new Texts(where.texts());
    }

    /**
     * Whether the record is one of those that are to be forgotten: it is if the condition is true of it; if nobody can tell,
     * or one of the condition's longer texts stands in its values somewhere, it goes with those texts.
     *
     * @param definition the table that it was read for; null when nobody knows any more
     * @param today the table as it is now, which says what its columns were called before; null when nobody knows
     */
    boolean isMeant(JsonNode line, TableDefinition definition, TableDefinition today) {
        Optional<StructLike> row = line.has("row") ? ofRow(line.get("row"), today) : ofText(line, definition, today);
        if (row.isPresent() && evaluator.eval(row.get())) {
            return true;
        }
        return quoted(line).stream().anyMatch(row.isPresent() ? texts::isTellinglyIn : texts::isIn);
    }

    /** What of a line is the record's own. Names, places, and sentences about rules and duplicates are not. */
    private static List<String> quoted(JsonNode line) {
        List<String> quoted = new ArrayList<>();
        if (line.has("row")) {
            gather(line.get("row"), quoted);
            return quoted;
        }
        gather(line.path("text"), quoted);
        decoded(line).ifPresent(bytes -> quoted.add(new String(bytes, StandardCharsets.UTF_8)));
        if (!line.has("winner")) {
            gather(line.path("sentence"), quoted);
        }
        return quoted;
    }

    private static void gather(JsonNode node, List<String> texts) {
        if (node.isTextual()) {
            texts.add(node.textValue());
        }
        node.forEach(inner -> gather(inner, texts));
    }

    private static Optional<byte[]> decoded(JsonNode line) {
        try {
            return line.has("base64") ? Optional.of(line.get("base64").binaryValue()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a column of today may be called in older records: its name, or else its former ones, the newest first. */
    private static List<String> names(String name, TableDefinition today) {
        List<String> names = new ArrayList<>(List.of(name));
        if (today != null) {
            today.columns().stream()
                    .filter(column -> column.name().equals(name))
                    .flatMap(column -> column.was().stream())
                    .forEach(was -> names.add(1, was));
        }
        return names;
    }

    private Optional<StructLike> ofRow(JsonNode row, TableDefinition today) {
        List<Object> values = new ArrayList<>();
        for (Types.NestedField field : asked.columns()) {
            Optional<JsonNode> value = names(field.name(), today).stream()
                    .filter(row::has)
                    .findFirst()
                    .map(row::get);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get().isNull() ? null : valueOfRow(value.get(), field.type()));
        }
        return Optional.of(new Values(values));
    }

    private static Object valueOfRow(JsonNode value, Type type) {
        return switch (type.typeId()) {
            case STRING -> value.asText();
            case BOOLEAN -> value.booleanValue();
            case INTEGER -> value.intValue();
            case LONG -> value.longValue();
            case DECIMAL -> new java.math.BigDecimal(value.asText()).setScale(((Types.DecimalType) type).scale());
            case DATE -> Math.toIntExact(LocalDate.parse(value.asText()).toEpochDay());
            case TIMESTAMP -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(value.asText()));
            default -> value;
        };
    }

    /** The columns as the reader gives them, when it is asked for these alone and none is required. */
    private Optional<StructLike> ofText(JsonNode line, TableDefinition definition, TableDefinition today) {
        Optional<byte[]> record = line.has("text")
                ? Optional.of(line.get("text").asText().getBytes(StandardCharsets.UTF_8))
                : decoded(line);
        List<Column> columns = definition == null ? List.of() : columnsOf(definition, today);
        if (record.isEmpty() || columns.size() < asked.columns().size()) {
            return Optional.empty();
        }
        byte[] bytes = record.get();
        TableDefinition reduced = new TableDefinition(
                definition.name(), List.of(), definition.partitionBy(), definition.nullValues(), columns, null);
        RecordSource source = new RecordSource(
                "quarantine",
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset),
                bytes.length);
        try (RecordReader reader = RecordReader.open(source, Split.whole(), reduced, bytes.length + 1)) {
            if (!reader.next() || reader.values() == null) {
                return Optional.empty();
            }
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                values.add(
                        valueOfReader(reader.values()[i], asked.columns().get(i).type()));
            }
            return Optional.of(new Values(values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Column> columnsOf(TableDefinition definition, TableDefinition today) {
        List<Column> columns = new ArrayList<>();
        for (Types.NestedField field : asked.columns()) {
            names(field.name(), today).stream()
                    .flatMap(name -> definition.columns().stream()
                            .filter(column -> column.name().equals(name)))
                    .findFirst()
                    .map(column -> new Column(
                            column.name(),
                            column.type(),
                            false,
                            column.from(),
                            column.formats(),
                            column.zone(),
                            column.was()))
                    .ifPresent(columns::add);
        }
        return columns;
    }

    private static Object valueOfReader(Object value, Type type) {
        if (value == null) {
            return null;
        }
        return switch (type.typeId()) {
            case STRING -> value.toString();
            case LONG -> ((Number) value).longValue();
            case DECIMAL -> ((Decimal) value).toJavaBigDecimal().setScale(((Types.DecimalType) type).scale());
            default -> value;
        };
    }

    /** Values as Iceberg holds them, in the order of the columns that are asked for. */
    private record Values(List<Object> values) implements StructLike {
        @Override
        public int size() {
            return values.size();
        }

        @Override
        public <T> T get(int place, Class<T> type) {
            return type.cast(values.get(place));
        }

        @Override
        public <T> void set(int place, T value) {
            throw new UnsupportedOperationException("A rejected record does not change");
        }
    }
}

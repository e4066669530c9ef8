package dev.eightbells.localaws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** A value of any type, nested or not, as the document that a SUPER column holds. */
final class ParquetDocument implements ParquetValue {
    private static final JsonNodeFactory JSON = new JsonNodeFactory(true);
    private static final int TOO_LONG = 1224;
    private static final int LONGEST_TEXT = 65535;

    /** As Redshift writes timestamps: a fraction only when there is one. */
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    private final S3Place place;
    private final TargetColumn column;
    private final Converter converter;
    private JsonNode value;

    ParquetDocument(Type type, S3Place place, TargetColumn column) {
        this.place = place;
        this.column = column;
        this.converter = converter(type, found -> value = found);
    }

    @Override
    public Converter converter() {
        return converter;
    }

    @Override
    public void clear() {
        value = null;
    }

    @Override
    public void writeTo(CopyRows rows) {
        if (value == null) {
            rows.nothing();
        } else {
            rows.json(value.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private Converter converter(Type type, Consumer<JsonNode> found) {
        if (type.isPrimitive()) {
            return new Scalar(type.asPrimitiveType(), found);
        }
        GroupType group = type.asGroupType();
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (meaning instanceof ListLogicalTypeAnnotation) {
            return new Sequence(group, found);
        }
        if (meaning instanceof MapLogicalTypeAnnotation) {
            return new Entries(group, found);
        }
        return new Struct(group, found);
    }

    /** A group of named fields; those without a value are null. */
    private final class Struct extends GroupConverter {
        private final Consumer<JsonNode> found;
        private final List<String> names = new ArrayList<>();
        private final List<Converter> fields = new ArrayList<>();
        private ObjectNode object;

        Struct(GroupType type, Consumer<JsonNode> found) {
            this.found = found;
            for (Type field : type.getFields()) {
                names.add(field.getName());
                fields.add(converter(field, inner -> object.set(field.getName(), inner)));
            }
        }

        @Override
        public Converter getConverter(int field) {
            return fields.get(field);
        }

        @Override
        public void start() {
            object = JSON.objectNode();
            names.forEach(name -> object.set(name, NullNode.instance));
        }

        @Override
        public void end() {
            found.accept(object);
        }
    }

    /** A list of three levels: the list, a repeated group, the element, which may be missing. */
    private final class Sequence extends GroupConverter {
        private final Consumer<JsonNode> found;
        private final GroupConverter repeated;
        private ArrayNode array;
        private JsonNode element;

        Sequence(GroupType type, Consumer<JsonNode> found) {
            this.found = found;
            Converter inner = converter(type.getType(0).asGroupType().getType(0), value -> element = value);
            this.repeated = new GroupConverter() {
                @Override
                public Converter getConverter(int field) {
                    return inner;
                }

                @Override
                public void start() {
                    element = NullNode.instance;
                }

                @Override
                public void end() {
                    array.add(element);
                }
            };
        }

        @Override
        public Converter getConverter(int field) {
            return repeated;
        }

        @Override
        public void start() {
            array = JSON.arrayNode();
        }

        @Override
        public void end() {
            found.accept(array);
        }
    }

    /** A map, which becomes an object: the map, a repeated group, a key and a value, which may be missing. */
    private final class Entries extends GroupConverter {
        private final Consumer<JsonNode> found;
        private final GroupConverter repeated;
        private ObjectNode object;
        private JsonNode key;
        private JsonNode entry;

        Entries(GroupType type, Consumer<JsonNode> found) {
            this.found = found;
            GroupType pair = type.getType(0).asGroupType();
            Converter keys = converter(pair.getType(0), value -> key = value);
            Converter values = converter(pair.getType(1), value -> entry = value);
            this.repeated = new GroupConverter() {
                @Override
                public Converter getConverter(int field) {
                    return field == 0 ? keys : values;
                }

                @Override
                public void start() {
                    entry = NullNode.instance;
                }

                @Override
                public void end() {
                    object.set(key.asText(), entry);
                }
            };
        }

        @Override
        public Converter getConverter(int field) {
            return repeated;
        }

        @Override
        public void start() {
            object = JSON.objectNode();
        }

        @Override
        public void end() {
            found.accept(object);
        }
    }

    private final class Scalar extends PrimitiveConverter {
        private final PrimitiveType type;
        private final LogicalTypeAnnotation meaning;
        private final Consumer<JsonNode> found;

        Scalar(PrimitiveType type, Consumer<JsonNode> found) {
            this.type = type;
            this.meaning = type.getLogicalTypeAnnotation();
            this.found = found;
        }

        @Override
        public void addBoolean(boolean value) {
            found.accept(JSON.booleanNode(value));
        }

        @Override
        public void addFloat(float value) {
            found.accept(JSON.numberNode(value));
        }

        @Override
        public void addDouble(double value) {
            found.accept(JSON.numberNode(value));
        }

        @Override
        public void addInt(int value) {
            if (meaning instanceof DateLogicalTypeAnnotation) {
                found.accept(JSON.textNode(LocalDate.ofEpochDay(value).toString()));
            } else {
                addLong(value);
            }
        }

        @Override
        public void addLong(long value) {
            if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
                found.accept(JSON.numberNode(BigDecimal.valueOf(value, decimal.getScale())));
            } else if (meaning instanceof TimestampLogicalTypeAnnotation timestamp) {
                found.accept(timestamp(value, timestamp));
            } else {
                found.accept(JSON.numberNode(value));
            }
        }

        private JsonNode timestamp(long value, TimestampLogicalTypeAnnotation timestamp) {
            ChronoUnit unit = ChronoUnit.valueOf(timestamp.getUnit().name());
            return text(Instant.EPOCH.plus(value, unit));
        }

        private JsonNode text(Instant instant) {
            return JSON.textNode(TIMESTAMP.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)));
        }

        @Override
        public void addBinary(Binary value) {
            if (meaning instanceof StringLogicalTypeAnnotation) {
                if (value.length() > LONGEST_TEXT) {
                    throw LoadFailure.value(
                            TOO_LONG,
                            "String value exceeds the max size of " + LONGEST_TEXT + " bytes",
                            "File name: " + place.https(),
                            place,
                            column);
                }
                found.accept(JSON.textNode(value.toStringUsingUTF8()));
            } else if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
                found.accept(JSON.numberNode(new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale())));
            } else if (type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT96) {
                ByteBuffer parts = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
                long nanos = parts.getLong();
                long day = parts.getInt() - 2_440_588L;
                found.accept(text(Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos)));
            } else {
                found.accept(JSON.textNode(Base64.getEncoder().encodeToString(value.getBytes())));
            }
        }
    }
}

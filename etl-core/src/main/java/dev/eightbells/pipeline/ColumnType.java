package dev.eightbells.pipeline;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A column's type, in Spark's DDL names. {@link #ddl()} gives the text that {@link #parse}
 * reads. */
public sealed interface ColumnType extends Serializable {

    /**
     * Reads a type in Spark's DDL; names in either case, blanks between words.
     *
     * @throws IllegalArgumentException when it is no type, or none that JSON, Iceberg and Redshift share
     */
    static ColumnType parse(String ddl) {
        return ColumnTypeParser.parse(ddl);
    }

    /** The type in Spark's DDL, e.g. {@code array<struct<sku:string,price:decimal(12,2)>>}. */
    String ddl();

    /** The types without parameters. */
    enum Primitive implements ColumnType {
        STRING,
        BOOLEAN,
        INT,
        BIGINT,
        FLOAT,
        DOUBLE,
        DATE,
        /** An instant, in microseconds since the epoch. */
        TIMESTAMP;

        @Override
        public String ddl() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An exact number: 1 to 38 digits, of which {@code scale} stand after the point. */
    record Decimal(int precision, int scale) implements ColumnType {
        @Override
        public String ddl() {
            return "decimal(" + precision + "," + scale + ")";
        }
    }

    /** A JSON array. */
    record Array(ColumnType element) implements ColumnType {
        @Override
        public String ddl() {
            return "array<" + element.ddl() + ">";
        }
    }

    /** A JSON object with known fields; a field that is absent is null, one that is not listed is left out. */
    record Struct(List<Field> fields) implements ColumnType {
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public String ddl() {
            return fields.stream()
                    .map(field -> field.name() + ":" + field.type().ddl())
                    .collect(Collectors.joining(",", "struct<", ">"));
        }
    }

    /** One field of a {@link Struct}. */
    record Field(String name, ColumnType type) implements Serializable {}

    /** A JSON object with unknown fields; keys are strings. */
    record Map(ColumnType value) implements ColumnType {
        @Override
        public String ddl() {
            return "map<string," + value.ddl() + ">";
        }
    }
}

package dev.eightbells.warehouse;

import java.util.Locale;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** A column's type in Redshift. */
sealed interface WarehouseType {

    /** The type as Redshift writes it, e.g. {@code VARCHAR(256)}. */
    String ddl();

    /** Whether every value of the other type can be kept in this one as it is. */
    default boolean holds(WarehouseType other) {
        return equals(other);
    }

    /** The types without parameters that tables of the lake have. */
    enum Plain implements WarehouseType {
        BOOLEAN,
        INTEGER,
        BIGINT,
        REAL,
        DOUBLE_PRECISION,
        DATE,
        /** Without a zone; the lake's instants stand in it in UTC. */
        TIMESTAMP,
        /** What is nested, as JSON. */
        SUPER;

        @Override
        public String ddl() {
            return name().replace('_', ' ');
        }

        @Override
        public boolean holds(WarehouseType other) {
            return this == other || (this == BIGINT && other == INTEGER) || (this == DOUBLE_PRECISION && other == REAL);
        }
    }

    /**
     * Text.
     *
     * @param bytes the longest value as UTF-8
     */
    record Varchar(int bytes) implements WarehouseType {
        /** The longest text that Redshift keeps. */
        static final int LONGEST = 65_535;

        private static final int SHORTEST = 64;

        /** The width for a column whose longest value has so many bytes: with head room, so that it seldom grows. */
        static Varchar withHeadRoom(long longest) {
            long room = Long.highestOneBit(Math.max(longest, 1) * 2 - 1) * 2;
            return new Varchar((int) Math.min(LONGEST, Math.max(SHORTEST, room)));
        }

        @Override
        public String ddl() {
            return "VARCHAR(" + bytes + ")";
        }

        @Override
        public boolean holds(WarehouseType other) {
            return other instanceof Varchar varchar && varchar.bytes <= bytes;
        }
    }

    /** An exact number. */
    record Numeric(int precision, int scale) implements WarehouseType {
        @Override
        public String ddl() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }

        @Override
        public boolean holds(WarehouseType other) {
            return other instanceof Numeric number
                    && number.scale <= scale
                    && number.precision - number.scale <= precision - scale;
        }
    }

    /** A type that tables of the lake never have. */
    record Foreign(String name) implements WarehouseType {
        @Override
        public String ddl() {
            return name.toUpperCase(Locale.ROOT);
        }
    }

    /** The type for values of a lake's column; text gets the widest, for its width is a matter of what was measured. */
    static WarehouseType of(Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> Plain.BOOLEAN;
            case INTEGER -> Plain.INTEGER;
            case LONG -> Plain.BIGINT;
            case FLOAT -> Plain.REAL;
            case DOUBLE -> Plain.DOUBLE_PRECISION;
            case DATE -> Plain.DATE;
            case TIMESTAMP -> Plain.TIMESTAMP;
            case STRING -> new Varchar(Varchar.LONGEST);
            case DECIMAL -> {
                Types.DecimalType decimal = (Types.DecimalType) type;
                yield new Numeric(decimal.precision(), decimal.scale());
            }
            case STRUCT, LIST, MAP -> Plain.SUPER;
            default -> new Foreign(type.toString());
        };
    }

    /**
     * The type of a column that there is, as the warehouse's catalog tells it.
     *
     * @param name e.g. {@code character varying}
     * @param length of text, in bytes
     * @param precision of a decimal
     * @param scale of a decimal
     */
    static WarehouseType found(String name, int length, int precision, int scale) {
        return switch (name) {
            case "boolean" -> Plain.BOOLEAN;
            case "integer" -> Plain.INTEGER;
            case "bigint" -> Plain.BIGINT;
            case "real" -> Plain.REAL;
            case "double precision" -> Plain.DOUBLE_PRECISION;
            case "date" -> Plain.DATE;
            case "timestamp without time zone" -> Plain.TIMESTAMP;
            case "super" -> Plain.SUPER;
            case "character varying" -> new Varchar(length);
            case "numeric" -> new Numeric(precision, scale);
            default -> new Foreign(name);
        };
    }
}

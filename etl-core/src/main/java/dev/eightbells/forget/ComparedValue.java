package dev.eightbells.forget;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;

/** A literal as the value of a column that it is compared with, of which nothing is lost. */
final class ComparedValue {
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})?");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final DateTimeFormatter WITH_OFFSET = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

    private ComparedValue() {}

    /**
     * The value for an expression of Iceberg that is not bound yet: times are ISO 8601, so that they read back as what
     * they are.
     *
     * @throws IllegalArgumentException that says in a clause why it does not fit
     */
    static Object of(Literal literal, Types.NestedField column) {
        Object value =
                switch (column.type().typeId()) {
                    case STRING ->
                        literal.dataType() instanceof StringType
                                ? literal.value().toString()
                                : null;
                    case BOOLEAN -> literal.dataType() instanceof BooleanType ? literal.value() : null;
                    case INTEGER, LONG, DECIMAL ->
                        literal.dataType() instanceof NumericType ? number(literal, column) : null;
                    case DATE -> date(literal);
                    case TIMESTAMP -> time(literal);
                    case FLOAT, DOUBLE ->
                        throw new IllegalArgumentException("column " + column.name() + " is a " + column.type()
                                + ", whose values are not exact; name the rows by other columns");
                    default ->
                        throw new IllegalArgumentException(
                                "column " + column.name() + " holds nested values, which are only null or not");
                };
        if (value == null) {
            throw new IllegalArgumentException("'" + literal.value() + "' is no value of column " + column.name()
                    + ", which is a " + column.type());
        }
        return value;
    }

    private static Object number(Literal literal, Types.NestedField column) {
        BigDecimal number;
        try {
            number = new BigDecimal(literal.value().toString());
            if (column.type() instanceof Types.DecimalType decimal) {
                BigDecimal scaled = number.setScale(decimal.scale());
                return scaled.precision() > decimal.precision() ? null : scaled;
            }
            BigInteger whole = number.toBigIntegerExact();
            return column.type().equals(Types.IntegerType.get())
                    ? (Object) whole.intValueExact()
                    : (Object) whole.longValueExact();
        } catch (NumberFormatException notFinite) {
            return null;
        } catch (ArithmeticException doesNotFit) {
            return null;
        }
    }

    private static String date(Literal literal) {
        if (literal.dataType() instanceof DateType) {
            return year(LocalDate.ofEpochDay((Integer) literal.value()));
        }
        String text = literal.dataType() instanceof StringType ? literal.value().toString() : "";
        try {
            return DATE.matcher(text).matches() ? LocalDate.parse(text).toString() : null;
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    private static String year(LocalDate date) {
        return date.getYear() < 0 || date.getYear() > 9999 ? null : date.toString();
    }

    private static String time(Literal literal) {
        Instant at = null;
        if (literal.dataType() instanceof TimestampType) {
            at = Instant.EPOCH.plus((Long) literal.value(), ChronoUnit.MICROS);
        } else if (literal.dataType() instanceof DateType) {
            at = LocalDate.ofEpochDay((Integer) literal.value()).atStartOfDay().toInstant(ZoneOffset.UTC);
        } else if (literal.dataType() instanceof StringType) {
            at = instant(literal.value().toString());
        }
        return at == null || year(LocalDate.ofInstant(at, ZoneOffset.UTC)) == null
                ? null
                : WITH_OFFSET.format(at.atOffset(ZoneOffset.UTC)).replaceFirst("Z$", "+00:00");
    }

    private static Instant instant(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            if (!TIME.matcher(text).matches()) {
                return null;
            }
            String iso = text.replace(' ', 'T');
            return iso.matches(".*(Z|[+-]\\d{2}:\\d{2})")
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException noSuchTime) {
            return null;
        }
    }
}

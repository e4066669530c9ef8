package dev.eightbells.table;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;

/** The column by which a table's rows age, and expressions over it. Its values are written out, so that people can read them. */
final class TimeColumn {
    private final String name;
    private final boolean isDate;

    private TimeColumn(String name, boolean isDate) {
        this.name = name;
        this.isDate = isDate;
    }

    static TimeColumn of(Table table, String name) {
        return new TimeColumn(name, table.schema().findType(name).typeId() == Type.TypeID.DATE);
    }

    /** Before a moment; a row without a time is never before anything. */
    Expression before(long micros) {
        return Expressions.lessThan(name, text(micros));
    }

    /** In one of these periods; null among them stands for rows without a time. */
    Expression within(Collection<Period> periods) {
        List<Expression> ranges = new ArrayList<>();
        for (Period period : joined(periods)) {
            ranges.add(Expressions.and(
                    Expressions.greaterThanOrEqual(name, text(period.from())),
                    Expressions.lessThan(name, text(period.until()))));
        }
        if (periods.stream().anyMatch(Objects::isNull)) {
            ranges.add(Expressions.isNull(name));
        }
        return Partitioning.anyOf(ranges);
    }

    /** The known ones among them in as few periods as there can be. */
    private static List<Period> joined(Collection<Period> periods) {
        List<Period> joined = new ArrayList<>();
        for (Period next : periods.stream().filter(Objects::nonNull).sorted().toList()) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).reaches(next)) {
                joined.set(last, joined.get(last).with(next));
            } else {
                joined.add(next);
            }
        }
        return joined;
    }

    private String text(long micros) {
        OffsetDateTime time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        return isDate ? time.toLocalDate().toString() : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time) + "+00:00";
    }
}

package dev.eightbells.pipeline;

import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;

/**
 * One column of a table.
 *
 * @param name the column's name, {@code [a-z_][a-z0-9_]*}
 * @param type what the values are cast to
 * @param required whether a record without a value is quarantined
 * @param from where the value stands in the record, in order of preference; each a list of field names from the outside
 *     in; never empty
 * @param formats for date and timestamp columns, the accepted patterns or {@code epoch_s|epoch_ms|epoch_us}; empty means
 *     ISO 8601
 * @param zone the zone of times that state none; {@link java.time.ZoneOffset#UTC} by whatever name it was given
 * @param was the names that the column had before, the newest last; empty when it never had another
 */
public record Column(
        String name,
        ColumnType type,
        boolean required,
        List<List<String>> from,
        List<String> formats,
        ZoneId zone,
        List<String> was)
        implements Serializable {
    public Column {
        from = from.stream().map(List::copyOf).toList();
        formats = List.copyOf(formats);
        zone = zone.normalized();
        was = List.copyOf(was);
    }
}

package dev.eightbells.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the section {@code warehouse}. */
final class WarehouseReader {
    private static final Pattern ROLE = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[^,\\s]+");

    private WarehouseReader() {}

    /** The warehouse; null when there is none, and with null parts where a problem was noted. */
    static Warehouse read(Value value, TableDefinition table, Value sessionsSection) {
        Mapping warehouse = value.mapping(Section.WAREHOUSE);
        if (warehouse == null) {
            return null;
        }

        TableName events = warehouse.value("events").as(Names::table);
        Value sessionsValue = warehouse.value("sessions");
        TableName sessions = sessionsValue.as(Names::table);
        if (sessions != null && !sessionsSection.isPresent()) {
            sessionsValue.problem("this pipeline makes no sessions; take it out, or add the section 'sessions'");
        }
        if (sessions != null && sessions.equals(events)) {
            sessionsValue.problem("'" + sessions + "' is the events' table; give the sessions a table of their own");
        }

        List<Column> columns = table == null ? List.of() : table.columns();
        Value distKey = warehouse.value("distKey");
        Optional<Column> distribution = distKey.isPresent() ? TableReader.find(distKey, columns) : Optional.empty();
        return new Warehouse(
                warehouse.value("url").as(WarehouseReader::url),
                warehouse.value("secret").text(),
                warehouse.value("copyRole").as(WarehouseReader::copyRole, "default"),
                events,
                sessions,
                distribution.map(Column::name).orElse(null),
                TableReader.columnNames(warehouse.value("sortKey"), columns));
    }

    /** The ARN of a role. */
    static String role(String text) {
        if (!ROLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no ARN of a role; write arn:aws:iam::123456789012:role/name");
        }

        return text;
    }

    private static String copyRole(String text) {
        return text.equals("default") ? text : role(text);
    }

    private static String url(String text) {
        Secrets.checkUrl(text, Section.WAREHOUSE);
        if (!text.startsWith("jdbc:redshift:")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no Redshift URL; write jdbc:redshift:iam://host:port/database");
        }

        return text;
    }
}

package dev.eightbells.pipeline;

import dev.eightbells.store.Location;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the section {@code warehouse}. */
final class WarehouseReader {
    private static final Pattern ROLE = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[^,\\s]+");

    private static final Pattern SECRET = Pattern.compile(
            "[A-Za-z0-9/_+=.@-]{1,512}|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}");

    private static final String LEDGER = "eightbells_loads";

    private WarehouseReader() {}

    /** The warehouse; null when there is none, and with null parts where a problem was noted. */
    static Warehouse read(Value value, Location lake, TableDefinition table, Value sessionsSection) {
        Mapping warehouse = value.mapping(Section.WAREHOUSE);
        if (warehouse == null) {
            return null;
        }

        if (lake != null && !lake.isS3()) {
            warehouse
                    .self()
                    .problem("Redshift reads from S3 only, and the lake is " + lake
                            + "; put the lake into S3, or take 'warehouse' out");
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

        if (events != null && events.table().equals(LEDGER)) {
            warehouse
                    .value("events")
                    .problem("'" + LEDGER + "' is the table in which loads are noted; choose another name");
        }
        if (sessions != null && sessions.table().equals(LEDGER)) {
            sessionsValue.problem("'" + LEDGER + "' is the table in which loads are noted; choose another name");
        }

        RedshiftUrl url = warehouse.value("url").as(WarehouseReader::url);
        String secret = warehouse.value("secret").as(WarehouseReader::secret);
        checkCredentials(warehouse, url);

        List<Column> columns = table == null ? List.of() : table.columns();
        Value distKey = warehouse.value("distKey");
        Optional<Column> distribution = distKey.isPresent() ? TableReader.find(distKey, columns) : Optional.empty();
        refuseNested(distKey, distribution.map(Column::name).stream().toList(), columns);
        List<String> sortKey = TableReader.columnNames(warehouse.value("sortKey"), columns);
        refuseNested(warehouse.value("sortKey"), sortKey, columns);
        return new Warehouse(
                url == null ? null : url.toString(),
                secret,
                warehouse.value("copyRole").as(WarehouseReader::copyRole, "default"),
                events,
                sessions,
                distribution.map(Column::name).orElse(null),
                sortKey);
    }

    /** Redshift neither distributes nor sorts by what is nested. */
    private static void refuseNested(Value value, List<String> names, List<Column> columns) {
        columns.stream()
                .filter(column -> names.contains(column.name()))
                .filter(column ->
                        !(column.type() instanceof ColumnType.Primitive || column.type() instanceof ColumnType.Decimal))
                .forEach(column -> value.problem("column '" + column.name() + "' is "
                        + column.type().ddl() + ", and Redshift neither distributes nor sorts by what is nested; name"
                        + " another column"));
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

    private static RedshiftUrl url(String text) {
        Secrets.checkUrl(text, Section.WAREHOUSE);
        return RedshiftUrl.parse(text);
    }

    /** Never shown: somebody may have written the password itself. */
    private static String secret(String text) {
        if (!SECRET.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "this is neither the name nor the ARN of a Secrets Manager secret; write"
                            + " e.g. acme/redshift or arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme/redshift-AbCdEf");
        }

        return text;
    }

    private static void checkCredentials(Mapping warehouse, RedshiftUrl url) {
        if (url == null) {
            return;
        }

        Value secret = warehouse.value("secret");
        if (url.isIam() && secret.isPresent()) {
            secret.problem("an IAM URL needs no secret; take 'secret' out, or write the URL without 'iam:'");
        }
        if (!url.isIam() && !secret.isPresent() && !url.isLoopback()) {
            warehouse
                    .value("url")
                    .problem("nothing says as whom to connect; name a Secrets Manager secret with 'secret', or use an"
                            + " IAM URL (jdbc:redshift:iam://…)");
        }
    }
}

package dev.eightbells.localaws;

import dev.eightbells.localaws.CopyCommand.Option;
import dev.eightbells.localaws.LoadLog.Load;
import dev.eightbells.localaws.S3Files.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Executes COPY: files from S3 become rows of the table, in the transaction of the session. */
final class CopyRun {
    private static final String TABLE = "SELECT to_regclass($1)::oid::bigint";
    private static final String COLUMNS = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            + " WHERE attrelid = $1::text::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum";

    private final Backend backend;
    private final Cluster cluster;

    CopyRun(Backend backend, Cluster cluster) {
        this.backend = backend;
        this.cluster = cluster;
    }

    /** Takes what the client is told on the way. */
    interface Notices {
        void tell(Message notice) throws IOException;
    }

    /**
     * Loads all of the files, or fails.
     *
     * @return how many rows
     */
    long run(CopyCommand command, long query, Notices notices) throws IOException, Refusal {
        String table = backend.rows(TABLE, command.table().sql()).get(0).get(0);
        if (table == null) {
            throw Refusal.of(RedshiftError.of(
                    "42P01",
                    "Cannot COPY into nonexistent table " + command.table().table()));
        }
        Load load = new Load(query, backend.id(), (int) Long.parseLong(table), command, Instant.now());
        Path folder = Files.createTempDirectory("local-redshift-");
        try {
            checkRole(command.role());
            if (command.has(Option.NOLOAD)) {
                cluster.files().beginning(command.source());
                return 0;
            }
            long rows = load(load, columns(command, table), folder);
            notices.tell(Message.of('N')
                    .field('S', "INFO")
                    .field('C', "00000")
                    .field(
                            'M',
                            "Load into table '" + command.table().table() + "' completed, " + rows
                                    + " record(s) loaded successfully.")
                    .octet(0)
                    .compose());
            return rows;
        } catch (LoadFailure failure) {
            cluster.loads().failed(load, failure);
            throw Refusal.of(failure.error());
        } catch (Refusal refusal) {
            cluster.loads().refused(load, refusal);
            throw refusal;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private void checkRole(String role) {
        if (role != null && !cluster.roles().contains(role)) {
            throw LoadFailure.coded(
                    8001,
                    "User arn:aws:redshift:us-east-1:000000000000:dbuser:local/" + LocalRedshift.USER
                            + " is not authorized to assume IAM Role " + role,
                    "IAM Role=" + role,
                    "xen_aws_credentials_mgr.cpp:411",
                    null);
        }
    }

    /** The table's columns that are to be filled, in the order of the file's. */
    private List<TargetColumn> columns(CopyCommand command, String table) throws IOException, Refusal {
        List<TargetColumn> all = backend.rows(COLUMNS, table).stream()
                .map(row -> TargetColumn.of(row.get(0), row.get(1)))
                .toList();
        if (command.columns().isEmpty()) {
            return all;
        }
        List<TargetColumn> named = new ArrayList<>();
        for (String name : command.columns()) {
            named.add(all.stream()
                    .filter(column -> column.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> Refusal.of(RedshiftError.of(
                            "42703",
                            "column \"" + name + "\" of relation \""
                                    + command.table().table() + "\" does not exist"))));
        }
        return named;
    }

    private long load(Load load, List<TargetColumn> columns, Path folder) throws IOException, Refusal {
        CopyCommand command = load.command();
        List<DataFile> files = command.has(Option.MANIFEST)
                ? cluster.files().listed(command.source())
                : cluster.files().beginning(command.source());
        CopyRows rows = new CopyRows(backend);
        rows.begin(into(command.table(), columns));
        try {
            for (DataFile file : files) {
                Path local = folder.resolve("file");
                cluster.files().download(file.place(), local);
                try (ParquetRows parquet = ParquetRows.open(local, file.place(), columns, command.options())) {
                    parquet.writeTo(rows);
                }
                Files.delete(local);
            }
        } catch (LoadFailure failure) {
            rows.fail();
            throw failure;
        }
        rows.end();
        long bytes = files.stream().mapToLong(DataFile::size).sum();
        cluster.loads().completed(load, rows.count(), files.size(), bytes);
        return rows.count();
    }

    private static String into(TableName table, List<TargetColumn> columns) {
        return columns.stream()
                .map(column -> Token.quoted(column.name()))
                .collect(Collectors.joining(", ", "COPY " + table.sql() + " (", ") FROM STDIN (FORMAT binary)"));
    }
}

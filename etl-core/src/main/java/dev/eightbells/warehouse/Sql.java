package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.pipeline.TableName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes statements as Redshift's SQL. Names and values are quoted here, and here alone. */
final class Sql {
    private static final DateTimeFormatter WITHIN_YEAR =
            DateTimeFormatter.ofPattern("-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    private static final DateTimeFormatter DAY_WITHIN_YEAR = DateTimeFormatter.ofPattern("-MM-dd", Locale.ROOT);

    private Sql() {}

    /** The same for eyes that may not see whom a condition is about. */
    static String shown(Statement statement) {
        if (statement instanceof Statement.DeleteWhere delete) {
            return "DELETE FROM " + name(delete.table()) + "\nWHERE …";
        }
        if (statement instanceof Statement.Count count) {
            return "SELECT COUNT(*) FROM " + name(count.table()) + "\nWHERE …";
        }
        return of(statement);
    }

    static String of(Statement statement) {
        String asked = question(statement);
        if (asked != null) {
            return asked;
        }
        String growth = growth(statement);
        return growth != null ? growth : part(statement);
    }

    /** What may be said again and again; null for other statements. */
    private static String growth(Statement statement) {
        if (statement instanceof Statement.LimitAnswers limit) {
            return "SET statement_timeout TO " + limit.longest().toMillis();
        }
        if (statement instanceof Statement.UnlimitAnswers) {
            return "RESET statement_timeout";
        }
        if (statement instanceof Statement.CreateSchema create) {
            return "CREATE SCHEMA IF NOT EXISTS " + name(create.schema());
        }
        if (statement instanceof Statement.CreateLedger create) {
            return "CREATE TABLE IF NOT EXISTS " + name(create.ledger()) + " ("
                    + columns(LoadLedger.COLUMNS) + ")\nDISTSTYLE ALL\nCOMPOUND SORTKEY("
                    + names(LoadLedger.ORDER) + ")";
        }
        if (statement instanceof Statement.CreateTable create) {
            return "CREATE TABLE IF NOT EXISTS " + name(create.table()) + " (" + columns(create.columns()) + ")\n"
                    + order(create.order());
        }
        if (statement instanceof Statement.AddColumn add) {
            return "ALTER TABLE " + name(add.table()) + " ADD COLUMN " + column(add.column());
        }
        if (statement instanceof Statement.WidenColumn widen) {
            return "ALTER TABLE " + name(widen.table()) + " ALTER COLUMN " + name(widen.column()) + " TYPE "
                    + widen.type().ddl();
        }
        if (statement instanceof Statement.RenameColumn rename) {
            return "ALTER TABLE " + name(rename.table()) + " RENAME COLUMN " + name(rename.column()) + " TO "
                    + name(rename.name());
        }
        return null;
    }

    /** What is asked; null for other statements. */
    private static String question(Statement statement) {
        if (statement instanceof Statement.FindSchema find) {
            return "SELECT nspname FROM pg_namespace WHERE nspname = " + text(find.schema());
        }
        if (statement instanceof Statement.FindTable find) {
            return "SELECT table_type FROM svv_tables" + where(find.table());
        }
        if (statement instanceof Statement.FindColumns find) {
            return "SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,\n"
                    + "  CASE WHEN is_nullable = 'NO' AND column_default IS NULL THEN 1 ELSE 0 END AS must_be_given\n"
                    + "FROM svv_columns" + where(find.table()) + "\nORDER BY ordinal_position";
        }
        if (statement instanceof Statement.FindLastLoad find) {
            return "SELECT \"number\", \"snapshot\", \"pipeline\", \"source\"\nFROM " + name(find.ledger())
                    + "\nWHERE \"table\" = " + text(find.table().toString()) + "\nORDER BY \"number\" DESC LIMIT 1";
        }
        if (statement instanceof Statement.FindAnyRow find) {
            return "SELECT 1 FROM " + name(find.table()) + " LIMIT 1";
        }
        if (statement instanceof Statement.Count count) {
            return "SELECT COUNT(*) FROM " + name(count.table()) + "\nWHERE " + SqlCondition.of(count.condition());
        }
        if (statement instanceof Statement.FindLockHolder find) {
            return "SELECT t.pid, t.txn_owner, t.txn_start\nFROM svv_transactions t\n"
                    + "  JOIN pg_class c ON c.oid = t.relation JOIN pg_namespace n ON n.oid = c.relnamespace\n"
                    + "WHERE t.granted AND t.lock_mode = 'AccessExclusiveLock' AND t.pid <> pg_backend_pid()\n"
                    + "  AND n.nspname = " + text(find.table().database()) + " AND c.relname = "
                    + text(find.table().table()) + " LIMIT 1";
        }
        if (statement instanceof Statement.FindRepeatedKey find) {
            String key = joined(find.key(), column -> name(column.column().staged()));
            return "SELECT COUNT(*), " + key + "\nFROM " + name(find.staging()) + "\nGROUP BY "
                    + joined(find.key(), Sql::grouped) + ", "
                    + partition(find.partition(), name(find.partition().column().staged()))
                    + "\nHAVING COUNT(*) > 1 LIMIT 1";
        }
        if (statement instanceof Statement.FindLoadError) {
            return "SELECT file_name, line_number, column_name, column_type, error_code, error_message\n"
                    + "FROM sys_load_error_detail\nWHERE session_id = pg_backend_pid()\nORDER BY start_time DESC LIMIT 1";
        }
        if (statement instanceof Statement.FindOlderLoadError) {
            return "SELECT filename, line_number, colname, type, err_code, err_reason\n"
                    + "FROM stl_load_errors\nWHERE session = pg_backend_pid()\nORDER BY starttime DESC LIMIT 1";
        }
        return null;
    }

    /** What a transaction is made of. */
    private static String part(Statement statement) {
        if (statement instanceof Statement.Begin) {
            return "BEGIN";
        }
        if (statement instanceof Statement.Commit) {
            return "COMMIT";
        }
        if (statement instanceof Statement.Rollback) {
            return "ROLLBACK";
        }
        if (statement instanceof Statement.LockLedger lock) {
            return "LOCK " + name(lock.ledger());
        }
        if (statement instanceof Statement.CreateStaging create) {
            return "CREATE TEMP TABLE " + name(create.staging()) + " (" + columns(create.columns()) + ")";
        }
        if (statement instanceof Statement.DropStaging drop) {
            return "DROP TABLE " + name(drop.staging());
        }
        if (statement instanceof Statement.Copy copy) {
            return "COPY " + name(copy.staging()) + "\nFROM " + literal(copy.list()) + "\nIAM_ROLE "
                    + role(copy.role()) + "\nFORMAT AS PARQUET"
                    + (copy.nesting() == Statement.Nesting.NESTED ? " SERIALIZETOJSON" : "") + " MANIFEST";
        }
        if (statement instanceof Statement.ProbeCopy probe) {
            return "COPY " + name(probe.staging()) + "\nFROM " + literal(probe.object()) + "\nIAM_ROLE "
                    + role(probe.role()) + "\nFORMAT AS JSON 'auto' NOLOAD";
        }
        return change(statement);
    }

    /** What changes rows, or puts one table in the place of another. */
    private static String change(Statement statement) {
        if (statement instanceof Statement.DeleteKeys delete) {
            return deleteKeys(delete);
        }
        if (statement instanceof Statement.DeleteRanges delete) {
            return "DELETE FROM " + name(delete.table()) + "\nWHERE "
                    + delete.ranges().stream()
                            .map(range -> "(" + within(name(delete.column()), range) + ")")
                            .collect(Collectors.joining("\n   OR "));
        }
        if (statement instanceof Statement.DeleteWhere delete) {
            return "DELETE FROM " + name(delete.table()) + "\nWHERE " + SqlCondition.of(delete.condition());
        }
        if (statement instanceof Statement.DeleteAll delete) {
            return "DELETE FROM " + name(delete.table());
        }
        if (statement instanceof Statement.Insert insert) {
            return insert(insert);
        }
        if (statement instanceof Statement.RecordLoad load) {
            return record(load);
        }
        if (statement instanceof Statement.RenameTable rename) {
            return "ALTER TABLE " + name(rename.table()) + " RENAME TO " + name(rename.name());
        }
        if (statement instanceof Statement.DropTable drop) {
            return "DROP TABLE " + name(drop.table());
        }
        throw new IllegalStateException("No SQL for " + statement);
    }

    private static String deleteKeys(Statement.DeleteKeys delete) {
        String table = name(delete.table().table()) + ".";
        String staging = name(delete.staging()) + ".";
        String keys =
                delete.key().stream().map(key -> equal(key, table, staging)).collect(Collectors.joining("\n  AND "));
        Statement.Partition partition = delete.partition();
        String there = table + name(partition.column().column());
        String here = staging + name(partition.column().staged());
        String same = partition(partition, there) + " = " + partition(partition, here);
        String samePartition = partition.within() == null
                ? "(" + same + " OR (" + there + " IS NULL AND " + here + " IS NULL))"
                : same + "\n  AND " + within(there, partition.within());
        return "DELETE FROM " + name(delete.table()) + "\nUSING " + name(delete.staging()) + "\nWHERE " + keys
                + "\n  AND " + samePartition;
    }

    private static String equal(Statement.KeyColumn key, String table, String staging) {
        String there = table + name(key.column().column());
        String here = staging + name(key.column().staged());
        String equal = there + " = " + here;
        return key.comparison() == Statement.Comparison.AS_THEY_ARE
                ? equal
                : equal + " AND OCTET_LENGTH(" + there + ") = OCTET_LENGTH(" + here + ")";
    }

    private static String grouped(Statement.KeyColumn key) {
        String staged = name(key.column().staged());
        return key.comparison() == Statement.Comparison.AS_THEY_ARE
                ? staged
                : staged + ", OCTET_LENGTH(" + staged + ")";
    }

    private static String insert(Statement.Insert insert) {
        String targets = joined(insert.columns(), assignment -> name(assignment.column()));
        String values = joined(insert.columns(), assignment -> name(assignment.staged()));
        String batch = insert.batch() == null ? "NULL" : text(insert.batch());
        return "INSERT INTO " + name(insert.table()) + " (" + targets + ", " + name(insert.batchColumn()) + ")\nSELECT "
                + values + ", " + batch + "\nFROM " + name(insert.staging());
    }

    private static String record(Statement.RecordLoad load) {
        Statement.Entry entry = load.entry();
        return "INSERT INTO " + name(load.ledger()) + " ("
                + joined(LoadLedger.COLUMNS, column -> name(column.name())) + ")\nVALUES ("
                + text(entry.pipeline()) + ", "
                + text(entry.table().toString()) + ", " + entry.number() + ", " + text(entry.source()) + ", "
                + entry.snapshot() + ", "
                + (entry.batch() == null ? "NULL" : text(entry.batch())) + ", " + entry.rows() + ", "
                + moment(entry.loadedAt()) + ")";
    }

    private static String where(TableName table) {
        return "\nWHERE table_schema = " + text(table.database()) + " AND table_name = " + text(table.table());
    }

    private static String within(String column, Statement.Range range) {
        return column + " >= " + moment(range.from()) + " AND " + column + " < " + moment(range.to());
    }

    private static String partition(Statement.Partition partition, String column) {
        return "DATE_TRUNC('" + unit(partition.unit()) + "', " + column + ")";
    }

    private static String unit(Unit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }

    private static String order(Statement.Order order) {
        String distribution =
                order.distKey() == null ? "DISTSTYLE AUTO" : "DISTSTYLE KEY DISTKEY(" + name(order.distKey()) + ")";
        String sorting =
                order.sortKey().isEmpty() ? "SORTKEY AUTO" : "COMPOUND SORTKEY(" + names(order.sortKey()) + ")";
        return distribution + "\n" + sorting;
    }

    private static String columns(List<Statement.Column> columns) {
        return columns.stream().map(Sql::column).collect(Collectors.joining(",\n  ", "\n  ", "\n"));
    }

    private static String column(Statement.Column column) {
        return name(column.name()) + " " + column.type().ddl();
    }

    private static String names(Collection<String> names) {
        return joined(names, Sql::name);
    }

    static <T> String joined(Collection<T> parts, Function<T, String> written) {
        return parts.stream().map(written).collect(Collectors.joining(", "));
    }

    private static String name(TableName table) {
        return name(table.database()) + "." + name(table.table());
    }

    /** A name, whatever it holds: it never ends before its last quote. */
    static String name(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Invalid name in SQL: '" + name + "'");
        }
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /**
     * A value as an expression. A backslash is no escape in standard SQL and one in Redshift, so none stands inside quotes.
     */
    static String text(String value) {
        if (value.indexOf('\\') < 0) {
            return literal(value);
        }
        return Arrays.stream(value.split("\\\\", -1))
                .map(Sql::literal)
                .collect(Collectors.joining(" || CHR(92) || ", "(", ")"));
    }

    /** A value where no expression may stand. */
    private static String literal(String value) {
        if (value.indexOf('\\') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Invalid value in SQL: a backslash or a zero byte in '" + value + "'");
        }
        return "'" + value.replace("'", "''") + "'";
    }

    private static String role(String role) {
        return role.equals("default") ? "default" : literal(role);
    }

    private static String moment(Instant instant) {
        return moment(instant.atOffset(ZoneOffset.UTC).toLocalDateTime());
    }

    static String moment(LocalDateTime moment) {
        return "TIMESTAMP " + written(moment.getYear(), WITHIN_YEAR.format(moment));
    }

    static String day(LocalDate day) {
        return "DATE " + written(day.getYear(), DAY_WITHIN_YEAR.format(day));
    }

    private static String written(int year, String within) {
        return "'" + String.format(Locale.ROOT, "%04d", year > 0 ? year : 1 - year) + within + (year > 0 ? "" : " BC")
                + "'";
    }
}

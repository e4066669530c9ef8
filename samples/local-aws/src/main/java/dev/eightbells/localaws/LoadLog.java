package dev.eightbells.localaws;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/**
 * What the views of loads and load errors hold. It is written by a connection of its own, so that it stays when the
 * transaction of the load is rolled back. Safe for use by many threads.
 */
final class LoadLog implements AutoCloseable {
    private static final int USER = 100;
    private static final int LONGEST_REASON = 512;
    private static final int LONGEST_FILE = 256;
    private static final int LONGEST_TYPE = 10;

    private final Connection connection;

    LoadLog(DataSource database) throws SQLException {
        this.connection = database.getConnection();
    }

    /**
     * A COPY that was begun.
     *
     * @param tableId PostgreSQL's number of the table; 0 when there is none
     */
    record Load(long query, int session, int tableId, CopyCommand command, Instant start) {}

    /** The highest number of a query that is remembered; 0 when none is. */
    long lastQuery() throws SQLException {
        String sql = "SELECT GREATEST((SELECT max(query_id) FROM sys_load_history),"
                + " (SELECT max(query_id) FROM sys_load_error_detail), 0)";
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getLong(1);
        }
    }

    /** Remembers that a load has failed, and with what. */
    synchronized void failed(Load load, LoadFailure failure) {
        RedshiftError error = failure.error();
        int code = error.block() == null ? 0 : error.block().code();
        add(load, failure.file(), failure.column(), code, failure.reason());
    }

    /** Remembers that the database refused a row, or the table. */
    synchronized void refused(Load load, Refusal refusal) {
        add(load, load.command().source(), null, refusal.code(), refusal.getMessage());
    }

    private void add(Load load, S3Place file, TargetColumn column, int code, String reason) {
        String sql = "INSERT INTO sys_load_error_detail VALUES (?, ?, ?, 0, ?, ?, ?, 0, ?, ?, ?, 0, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, USER);
            insert.setLong(2, load.query());
            insert.setInt(3, load.tableId());
            insert.setInt(4, load.session());
            insert.setTimestamp(5, timestamp(Instant.now()));
            insert.setString(6, file == null ? "" : cut(file.toString(), LONGEST_FILE));
            insert.setString(7, column == null ? "" : column.name());
            insert.setString(8, column == null ? "" : cut(column.shown(), LONGEST_TYPE));
            insert.setString(9, column == null || column.length() == 0 ? "" : String.valueOf(column.length()));
            insert.setInt(10, code);
            insert.setString(11, cut(reason, LONGEST_REASON));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot remember a load error: " + e.getMessage(), e);
        }
        history(load, "aborted", 0, 0, 0);
    }

    /** Remembers that a load is done. */
    synchronized void completed(Load load, long rows, int files, long bytes) {
        history(load, "completed", rows, files, bytes);
    }

    private void history(Load load, String status, long rows, int files, long bytes) {
        String sql = "INSERT INTO sys_load_history VALUES"
                + " (?, ?, 0, ?, current_database(), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        Instant end = Instant.now();
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, USER);
            insert.setLong(2, load.query());
            insert.setInt(3, load.session());
            insert.setString(4, status);
            insert.setString(5, load.command().table().toString());
            insert.setTimestamp(6, timestamp(load.start()));
            insert.setTimestamp(7, timestamp(end));
            insert.setLong(8, Duration.between(load.start(), end).toNanos() / 1000);
            insert.setString(9, load.command().source().toString());
            insert.setString(10, "parquet");
            insert.setLong(11, rows);
            insert.setNull(12, Types.BIGINT);
            insert.setInt(13, files);
            insert.setLong(14, bytes);
            insert.setInt(15, files);
            insert.setInt(16, status.equals("completed") ? 0 : 1);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot remember a load: " + e.getMessage(), e);
        }
    }

    /** Redshift's times are UTC. */
    private static Timestamp timestamp(Instant instant) {
        return Timestamp.valueOf(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

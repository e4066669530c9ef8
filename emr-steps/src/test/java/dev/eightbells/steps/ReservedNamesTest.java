package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A database, tables and columns whose names are words of SQL, through all steps. */
@ExtendWith(LocalServices.class)
class ReservedNamesTest {
    private static final String PIPELINE =
            """
            version: 1
            pipeline: reserved
            source: {location: raw/, layout: flat}
            lake: lake/
            table:
              name: analytics.table
              key: [order]
              partitionBy: {from: timestamp, unit: day}
              columns:
                - {name: order, type: string, required: true}
                - {name: user, type: string}
                - {name: timestamp, type: timestamp}
                - {name: from, type: string}
                - {name: group, type: "decimal(10,2)"}
            quality:
              rules: |
                Rules = [
                  IsComplete "order",
                  IsUnique "order",
                  ColumnValues "group" > 0,
                  ColumnLength "from" > 0
                ]
            sessions:
              name: analytics.select
              by: user
              time: timestamp
              gap: 30m
              columns:
                - {name: where, first: from}
                - {name: having, count: "`from` = '/'"}
                - {name: union, sum: group}
            """;

    @Test
    void wordsOfSqlNameADatabaseTablesAndColumns(
            @TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException, SQLException {
        try (WarehouseSite site = new WarehouseSite("create", folder, session, s3, postgres, redshift)) {
            site.define(PIPELINE, site.warehouse("create"));
            site.deliver(
                    "batch.json",
                    """
                    {"order":"o1","user":"anna","timestamp":"2026-03-01T12:00:00Z","from":"/","group":1.50}
                    {"order":"o2","user":"anna","timestamp":"2026-03-01T12:10:00Z","from":"/paid","group":2}
                    {"order":"o1","user":"anna","timestamp":"2026-03-01T12:00:00Z","from":"/","group":1.50}
                    """);
            Site.Result run = site.command("run");
            assertThat(run.exitCode()).as(run.err()).isZero();

            assertThat(site.ask("SELECT \"order\", \"from\" FROM \"create\".events ORDER BY \"order\""))
                    .containsExactly(Map.of("order", "o1", "from", "/"), Map.of("order", "o2", "from", "/paid"));
            List<Map<String, String>> sessions =
                    site.ask("SELECT \"where\", \"having\", \"union\" FROM \"create\".sessions");
            assertThat(sessions).containsExactly(Map.of("where", "/", "having", "1", "union", "3.50"));
        }
    }
}

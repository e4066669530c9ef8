package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Forgets;
import dev.eightbells.batch.Ledger;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.LocalObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
    private static final Expression VISITOR =
            Expressions.and(Expressions.notNull("visitor"), Expressions.notEqual("visitor", "v-1"));

    @TempDir
    private Path folder;

    private Table table;
    private Ledger ledger;

    @BeforeEach
    void createTable() {
        Pipeline pipeline = PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: at, type: timestamp}
                    - {name: visitor, type: string}
                """
                        .formatted(folder),
                "shop.yaml",
                Map.of());
        table = EventsTable.openOrCreate(
                        Catalogs.open(pipeline, Map.of(), new Configuration()), pipeline, new Turn(1, 0))
                .table();
        ledger = Ledger.open(new LocalObjectStore(pipeline.lake()), pipeline);
    }

    @Test
    void aCommitSaysWhichRowsItTook() {
        Removal removal = Removal.retention(VISITOR);
        removal.sign(table.newOverwrite()).commit();

        assertThat(Removal.of(table.currentSnapshot())).contains(removal);
        assertThat(removal.expression(ledger)).hasValueSatisfying(expression -> assertThat(expression.toString())
                .isEqualTo(VISITOR.toString()));
    }

    @Test
    void otherCommitsAreNoRemovals() {
        new Provenance("20261122T0800Z", 1, "convert").sign(table.newAppend()).commit();
        assertThat(Removal.of(table.currentSnapshot())).isEmpty();

        new Removal("convert", "true").sign(table.newAppend()).commit();
        assertThat(Removal.of(table.currentSnapshot())).isEmpty();
    }

    @Test
    void whatIsForgottenStandsInTheLedgerAlone() {
        Forgets.Held held = ledger.forgets()
                .open("visitor <> 'v-1'", ExpressionParser.toJson(VISITOR), Instant.parse("2026-11-22T08:20:00Z"));
        Removal.of(held.forget()).sign(table.newOverwrite()).commit();
        Removal removal = Removal.of(table.currentSnapshot()).orElseThrow();

        assertThat(table.currentSnapshot().summary().toString()).doesNotContain("v-1");
        assertThat(removal).isEqualTo(new Removal("forget", "forgets/00000001"));
        assertThat(removal.expression(ledger)).hasValueSatisfying(expression -> assertThat(expression.toString())
                .isEqualTo(VISITOR.toString()));
    }

    @Test
    void afterTheReceiptNobodyKnowsWhichRowsTheyWere() {
        Forgets.Held held = ledger.forgets()
                .open("visitor <> 'v-1'", ExpressionParser.toJson(VISITOR), Instant.parse("2026-11-22T08:20:00Z"));
        Removal removal = Removal.of(held.forget());
        ledger.forgets()
                .replace(held, "{\"version\":1,\"number\":1,\"state\":\"done\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(removal.expression(ledger)).isEmpty();
        assertThat(new Removal("forget", "forgets/00000009").expression(ledger)).isEmpty();
    }

    @Test
    void anExpressionThatWasReadBindsToTheTypesOfItsTime() {
        Expression late = Expressions.lessThan("at", "2026-11-22T08:20:00+00:00");
        Schema schema = table.schema();

        Expression read = Removal.retention(late).expression(ledger).orElseThrow();

        assertThat(Binder.bind(schema.asStruct(), read, true).toString())
                .isEqualTo(Binder.bind(schema.asStruct(), late, true).toString());
    }
}

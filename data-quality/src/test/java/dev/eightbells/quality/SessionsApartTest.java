package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Rules mean the same in any session, and leave it as it was. */
class SessionsApartTest {
    private static final Map<String, String> STRANGE = Map.of(
            "spark.sql.ansi.enabled", "true",
            "spark.sql.session.timeZone", "Asia/Tokyo",
            "spark.sql.caseSensitive", "true");

    private static final QualityRules RULES = QualityRules.parse(
            """
            Rules = [
              ColumnValues S > 5,
              ColumnValues at = "2026-03-10",
              ColumnDataType s = "Integer",
              IsComplete ID where "cast(s as int) > 5",
              CustomSql "select count(*) from primary where S > 5 and hour(AT) = 23" = 1,
              CustomSql "select id from primary where cast(s as int) is not null",
              DataFreshness at < 1 days
            ]
            """,
            "rules");

    private static Dataset<Row> in(SparkSession session) {
        Dataset<Row> rows = rows(
                "id int, s string, at timestamp",
                row(1, "6", Instant.parse("2026-03-10T23:30:00Z")),
                row(2, "x", Instant.parse("2026-03-10T00:30:00Z")));
        return session.createDataFrame(rows.collectAsList(), rows.schema());
    }

    @Test
    void settingsOfTheCallerChangeNoVerdict() {
        SparkSession usual = LocalSpark.session().newSession();
        SparkSession strange = LocalSpark.session().newSession();
        STRANGE.forEach(strange.conf()::set);
        Surroundings now = Surroundings.none(Instant.parse("2026-03-11T00:00:00Z"));
        Audit ofUsual = QualityCheck.audit(in(usual), RULES, now);
        Audit ofStrange = QualityCheck.audit(in(strange), RULES, now);
        assertThat(ofUsual.report().outcomes().stream().map(RuleOutcome::verdict))
                .containsExactly(
                        Verdict.FAILED,
                        Verdict.PASSED,
                        Verdict.FAILED,
                        Verdict.PASSED,
                        Verdict.PASSED,
                        Verdict.FAILED,
                        Verdict.PASSED);
        assertThat(ofStrange.report()).isEqualTo(ofUsual.report());
        assertThat(ofStrange.marked(in(strange)).collectAsList())
                .containsExactlyInAnyOrderElementsOf(ofUsual.marked(in(usual)).collectAsList());
        STRANGE.forEach((name, value) -> assertThat(strange.conf().get(name)).isEqualTo(value));
    }

    @Test
    void viewsOfTheCallerAreNeitherSeenNorReplaced() {
        SparkSession session = LocalSpark.session().newSession();
        session.range(7).toDF("seven").createOrReplaceTempView("primary");
        session.range(3).toDF("three").createOrReplaceTempView("other");
        Surroundings surroundings = new Surroundings(
                MetricHistory.none(),
                Map.of("other", in(session)),
                null,
                Instant.EPOCH,
                Surroundings.Samples.SHOWN,
                null);
        QualityReport report = QualityCheck.audit(
                        in(session),
                        QualityRules.parse(
                                """
                                Rules = [
                                  CustomSql "select count(*) from primary" = 2,
                                  CustomSql "select count(*) from other" = 2,
                                  CustomSql "select count(seven) from primary" = 7
                                ]
                                """,
                                "rules"),
                        surroundings)
                .report();
        assertThat(report.outcomes().stream().map(RuleOutcome::verdict))
                .containsExactly(Verdict.PASSED, Verdict.PASSED, Verdict.ERROR);
        assertThat(List.of(
                        session.table("primary").count(), session.table("other").count()))
                .containsExactly(7L, 3L);
        assertThat(session.catalog().listTables().count()).isEqualTo(2);
    }
}

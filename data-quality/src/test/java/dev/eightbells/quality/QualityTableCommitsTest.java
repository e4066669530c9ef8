package dev.eightbells.quality;

import static dev.eightbells.quality.FlakyCatalog.End.LOST;
import static dev.eightbells.quality.FlakyCatalog.End.MADE_UNHEARD;
import static dev.eightbells.quality.FlakyCatalog.End.REFUSED;
import static dev.eightbells.quality.TestEvaluations.ROWS;
import static dev.eightbells.quality.TestEvaluations.passed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityTableCommitsTest {
    @TempDir
    private Path folder;

    private Pipeline pipeline;

    @BeforeEach
    void appendsToANewTable() {
        pipeline = TestHistory.pipeline(folder);
        new QualityTable(new FlakyCatalog(pipeline), pipeline).append(passed(1, 10));
    }

    private FlakyCatalog commitsThatEnd(FlakyCatalog.End... ends) {
        return new FlakyCatalog(pipeline, ends);
    }

    private Table table() {
        return new FlakyCatalog(pipeline).loadTable(TableIdentifier.of("analytics", "events_quality"));
    }

    private List<Double> rows() {
        return new QualityTable(new FlakyCatalog(pipeline), pipeline)
                .before(9)
                .newest(Set.of(ROWS), 10)
                .get(ROWS);
    }

    @Test
    void aCommitWhoseAnswerWasLostIsFound() {
        FlakyCatalog catalog = commitsThatEnd(MADE_UNHEARD);
        new QualityTable(catalog, pipeline).append(passed(2, 20));
        assertThat(catalog.left()).isZero();
        assertThat(rows()).containsExactly(20.0, 10.0);
        assertThat(table().snapshots()).hasSize(2);
    }

    @Test
    void aCommitThatWasLostCanBeRunAgain() {
        QualityTable history = new QualityTable(commitsThatEnd(LOST), pipeline);
        assertThatThrownBy(() -> history.append(passed(2, 20))).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.TRANSIENT);
            assertThat(failure)
                    .hasMessage("Cannot tell whether the evaluation of batch 20260101T0800Z is in"
                            + " analytics.events_quality: the catalog's answer was lost. Run it again; it looks"
                            + " before it commits.");
        });
        history.append(passed(2, 20));
        assertThat(rows()).containsExactly(20.0, 10.0);
    }

    @Test
    void commitsThatLostARaceAreMadeAgain() {
        table().updateSchema().deleteColumn("kind").commit();
        table().updateProperties().remove("eightbells.version").commit();
        FlakyCatalog catalog = commitsThatEnd(REFUSED, REFUSED);
        new QualityTable(catalog, pipeline).append(passed(2, 20));
        FlakyCatalog appending = commitsThatEnd(REFUSED, REFUSED);
        new QualityTable(appending, pipeline).append(passed(3, 30));
        assertThat(catalog.left() + appending.left()).isZero();
        assertThat(rows()).containsExactly(30.0, 20.0, 10.0);
        assertThat(table().schema().findField("kind")).isNotNull();
    }
}

package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** With Deequ missing on the class path, or one that does not fit, rules cannot be evaluated; the data is not blamed. */
class WithoutDeequTest {
    private static final List<String> NEED_DEEQU = List.of(
            "Mean x > 0",
            "Sum x > 0",
            "StandardDeviation x > 0",
            "ColumnCorrelation x id > 0",
            "Entropy x > 0",
            "UniqueValueRatio x > 0",
            "DistinctValuesCount x > 0",
            "AggregateMatch \"sum(x)\" \"sum(id)\" = 1.0",
            "DetectAnomalies \"Mean\" \"x\"",
            "(IsComplete id) or (Mean x > 0)");
    private static final List<String> DO_NOT = List.of(
            "RowCount = 2",
            "RowCount = 1 where \"x > 1\"",
            "ColumnCount = 2",
            "IsComplete id",
            "ColumnValues x > 0",
            "CustomSql \"select count(*) from primary\" = 2");

    /** Evaluates rules, in whatever class loader it is. */
    static final class Evaluation implements Function<Dataset<Row>, Map<String, Object>> {
        @Override
        public Map<String, Object> apply(Dataset<Row> rows) {
            String rules = String.join(",\n", NEED_DEEQU) + ",\n" + String.join(",\n", DO_NOT);
            QualityReport report =
                    QualityCheck.evaluate(rows, QualityRules.parse("Rules = [\n" + rules + "\n]", "rules"));
            Map<String, Object> found = new LinkedHashMap<>();
            report.outcomes()
                    .forEach(outcome ->
                            found.put(outcome.rule(), outcome.verdict().text()));
            found.put("rows", report.rows());
            found.put("sentence", report.firstError().orElseThrow().sentence());
            found.put("error", report.firstError().orElseThrow().error());
            return found;
        }
    }

    /** This module once more, beside a class path on which there is no Deequ. */
    private static final class NoDeequ extends ClassLoader {
        private static final String OURS = "dev.eightbells.quality.";
        private static final String DEEQU = "com.amazon.deequ.";

        NoDeequ(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(DEEQU)) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (file == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    @SuppressWarnings("unchecked") // The class comes from another loader; the types that it names are the same.
    void whatNeedsItIsAnErrorAndNoFailure() throws ReflectiveOperationException {
        Class<?> evaluation =
                new NoDeequ(getClass().getClassLoader()).loadClass(getClass().getName() + "$Evaluation");
        var constructor = evaluation.getDeclaredConstructor();
        constructor.setAccessible(true);
        Map<String, Object> found = ((Function<Dataset<Row>, Map<String, Object>>) constructor.newInstance())
                .apply(rows("id int, x double", row(1, 1.0), row(2, 2.0)));
        assertThat(NEED_DEEQU)
                .allSatisfy(rule -> assertThat(found.get(rule)).as(rule).isEqualTo("ERROR"));
        assertThat(DO_NOT)
                .allSatisfy(rule -> assertThat(found.get(rule)).as(rule).isEqualTo("PASSED"));
        assertThat(found.get("rows")).isEqualTo(2L);
        assertThat(found.get("error")).isInstanceOf(NoClassDefFoundError.class);
        assertThat((String) found.get("sentence")).startsWith("java.lang.NoClassDefFoundError: com/amazon/deequ/");
    }
}

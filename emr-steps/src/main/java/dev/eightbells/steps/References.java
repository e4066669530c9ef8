package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Quality;
import dev.eightbells.quality.QualityRules;
import dev.eightbells.store.Location;
import dev.eightbells.table.HadoopPaths;
import dev.eightbells.table.ScannedFiles;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tables that rules compare with; only those that a rule names are opened. */
final class References {
    private final SparkSession session;
    private final Catalog catalog;

    /**
     * @param catalog in which tables are looked up
     */
    References(SparkSession session, Catalog catalog) {
        this.session = session;
        this.catalog = catalog;
    }

    /**
     * The rows of each, as they are now.
     *
     * @throws Failure of kind INPUT when one is not there or cannot be read
     */
    Map<String, Dataset<Row>> of(QualityRules rules, Quality quality) {
        Map<String, Dataset<Row>> references = new HashMap<>();
        quality.references().forEach((name, place) -> {
            if (rules.mention(name)) {
                references.put(name, isPlace(place) ? file(name, place) : table(name, place));
            }
        });
        return references;
    }

    private static boolean isPlace(String place) {
        return place.contains("/");
    }

    private Dataset<Row> table(String name, String table) {
        try {
            return ScannedFiles.all(session, catalog.loadTable(TableIdentifier.parse(table)));
        } catch (NoSuchTableException e) {
            throw Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot compare with " + name + ": there is no table " + table
                            + ". Create it, or name another one under quality.references and abandon with --return the"
                            + " batches that were planned with this one.",
                    e);
        }
    }

    private Dataset<Row> file(String name, String place) {
        String path = HadoopPaths.of(Location.of(place)).replaceFirst("/$", "");
        try {
            if (path.endsWith(".json")) {
                return session.read().json(path);
            }
            return path.endsWith(".csv")
                    ? session.read().option("header", "true").csv(path)
                    : session.read().parquet(path);
        } catch (Exception e) {
            // Scala throws what it does not declare.
            if (e instanceof AnalysisException || e instanceof SparkException) {
                throw Failure.of(
                        Failure.Kind.INPUT,
                        "Cannot compare with " + name + ": " + place + " cannot be read ("
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")
                                        .replaceFirst("\\.$", "")
                                + "). Name a table, or Parquet, .json or .csv files, under quality.references.",
                        e);
            }
            throw e;
        }
    }
}

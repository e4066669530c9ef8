package dev.eightbells.query;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a query may read, by name; upper and lower case are the same. A relation is opened when a query names it. */
public final class Relations {
    private final Map<String, Supplier<Dataset<Row>>> rows = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();

    /** Adds a relation that people are told of, unless the name is taken. */
    public void add(String name, Supplier<Dataset<Row>> relation) {
        if (rows.putIfAbsent(key(name), relation) == null) {
            told.add(name);
        }
    }

    /** Adds a relation, or another name of one, that goes without saying, unless the name is taken. */
    public void addBeside(String name, Supplier<Dataset<Row>> relation) {
        rows.putIfAbsent(key(name), relation);
    }

    /**
     * The rows of a relation.
     *
     * @param name its parts joined by dots
     * @throws Failure of kind INPUT when there is none of this name
     */
    Dataset<Row> open(String name) {
        return Optional.ofNullable(rows.get(key(name)))
                .orElseThrow(() -> unknown(name))
                .get();
    }

    private Failure unknown(String name) {
        return Failure.input("Cannot find a table " + name + ": "
                + Nearest.to(name, rows.keySet())
                        .map(near -> "did you mean " + near + "? ")
                        .orElse("")
                + "There are " + String.join(", ", told) + ".");
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

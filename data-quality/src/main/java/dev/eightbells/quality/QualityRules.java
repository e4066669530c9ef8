package dev.eightbells.quality;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Dqdl;
import dev.eightbells.quality.dqdl.Ruleset;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.StructType;

/** Rules that can be evaluated. */
public final class QualityRules {
    private final String name;
    private final Understanding understanding;

    private QualityRules(String name, Understanding understanding) {
        this.name = name;
        this.understanding = understanding;
    }

    /**
     * Reads rules.
     *
     * @param text DQDL
     * @param name what errors call it, e.g. the file's name
     * @throws Failure of kind INPUT when it is no DQDL or a rule cannot be evaluated whatever the data; one line for each
     *     problem, with its place
     */
    public static QualityRules parse(String text, String name) {
        Ruleset ruleset = Dqdl.parse(text, name);
        Understanding understanding = Understanding.of(ruleset);
        if (!understanding.problems().isEmpty()) {
            throw Failure.input(String.join("\n", told(name, understanding.problems())));
        }
        return new QualityRules(name, understanding);
    }

    /**
     * What keeps the rules from being evaluated over such data.
     *
     * @param columns of the data
     * @param references the names of the other data sets that there are
     * @return sentences with their places; empty when there is nothing
     */
    public List<String> problems(StructType columns, Set<String> references) {
        return told(name, new Fit(columns, references).problems(understanding));
    }

    /**
     * Whether the rules look at another data set: they compare with it, or its name stands in their SQL.
     *
     * @param dataSet its name
     */
    public boolean mention(String dataSet) {
        Pattern word = Pattern.compile("(?i)(?<![\\w$])" + Pattern.quote(dataSet) + "(?![\\w$])");
        return understanding.references().contains(dataSet)
                || understanding.queries().stream()
                        .anyMatch(sql -> word.matcher(sql).find());
    }

    /** How many rules there are; analyzers are none. */
    public int size() {
        return understanding.checks().size();
    }

    /** How many analyzers there are, which are measured and judge nothing. */
    public int analyzers() {
        return understanding.analyzers().size();
    }

    Understanding understanding() {
        return understanding;
    }

    private static List<String> told(String name, List<Understanding.Problem> problems) {
        return problems.stream()
                .map(problem -> name + ":" + problem.place() + ": " + problem.sentence() + ".")
                .toList();
    }
}

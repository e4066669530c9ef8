package dev.eightbells.query;

import dev.eightbells.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.CTESubstitution$;
import org.apache.spark.sql.catalyst.analysis.ExpressionWithUnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.PlanWithUnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.RelationTimeTravel;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.InsertIntoDir;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.plans.logical.ScriptTransformation;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias$;
import org.apache.spark.sql.execution.CommandExecutionMode;
import scala.PartialFunction;
import scala.collection.JavaConverters;

/**
 * A question in Spark's SQL that reads certain relations and does nothing else. A statement that changes something, names
 * a file, starts a program or calls Java is refused before Spark looks at what it names.
 */
public final class Query {
    /** They call any method of any class. */
    private static final Set<String> CALLS_OF_JAVA = Set.of("java_method", "reflect", "try_reflect");

    private Query() {}

    /** A session beside a given one, in which times are in UTC, files are no tables and {@code ${…}} is only text. */
    public static SparkSession session(SparkSession spark) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", "UTC");
        session.conf().set("spark.sql.datetime.java8API.enabled", "true");
        session.conf().set("spark.sql.runSQLOnFiles", "false");
        session.conf().set("spark.sql.variable.substitute", "false");
        return session;
    }

    /**
     * Looks at a query, and runs nothing yet.
     *
     * @param session one of {@link #session}
     * @param relations what it may read
     * @throws Failure of kind INPUT when it is no query, or reads something else
     */
    public static Dataset<Row> open(SparkSession session, String text, Relations relations) {
        try {
            LogicalPlan parsed = parsed(session, text);
            requireQuery(parsed);
            // What is a name of the query's own is Spark's to tell: it depends on where it stands.
            LogicalPlan plan = CTESubstitution$.MODULE$.apply(parsed);
            requireQuery(plan);
            LogicalPlan analyzed = analyzed(session, plan.transformUpWithSubqueries(relationsOf(relations)));
            // Some statements are commands only once Spark knows what they are about.
            requireNoCommand(analyzed);
            return Dataset.ofRows(session, analyzed);
        } catch (AnalysisException e) {
            throw Mistakes.of(e);
        }
    }

    /** The parser asks the active session for its settings, whichever session it belongs to. */
    private static LogicalPlan parsed(SparkSession session, String text) {
        return session.withActive(() -> {
            try {
                return session.sessionState().sqlParser().parsePlan(text);
            } catch (ParseException e) {
                throw Mistakes.of(e);
            }
        });
    }

    /** @throws AnalysisException which Scala does not declare */
    private static LogicalPlan analyzed(SparkSession session, LogicalPlan plan) throws AnalysisException {
        return session.sessionState()
                .executePlan(plan, CommandExecutionMode.SKIP())
                .analyzed();
    }

    private static void requireNoCommand(LogicalPlan plan) {
        for (LogicalPlan node : nodes(plan)) {
            // A directory is written to by what Spark counts among the queries.
            if (node instanceof Command || node instanceof ParsedStatement || node instanceof InsertIntoDir) {
                throw Failure.input(
                        "Cannot run this statement: it is a " + node.nodeName()
                                + " and no query, and nothing but a query is answered here. Begin with SELECT, WITH or VALUES.");
            }
        }
    }

    private static void requireQuery(LogicalPlan plan) {
        requireNoCommand(plan);
        for (LogicalPlan node : nodes(plan)) {
            if (node instanceof ScriptTransformation) {
                throw refused("TRANSFORM, which starts a program", "Leave it out.");
            }
            if (node instanceof RelationTimeTravel) {
                throw refused("AS OF", "Use --as-of BATCH, which means all tables.");
            }
            if (node instanceof PlanWithUnresolvedIdentifier) {
                throw refused("IDENTIFIER", "Write the name itself.");
            }
            for (Expression expression : list(node.expressions())) {
                expression.foreach(part -> {
                    requireHarmless(part);
                    return null;
                });
            }
        }
    }

    private static void requireHarmless(Expression part) {
        if (part instanceof ExpressionWithUnresolvedIdentifier) {
            throw refused("IDENTIFIER", "Write the name itself.");
        }
        if (part instanceof UnresolvedFunction function) {
            List<String> name = list(function.nameParts());
            if (CALLS_OF_JAVA.contains(name.get(name.size() - 1).toLowerCase(Locale.ROOT))) {
                throw refused(String.join(".", name) + ", which calls Java", "Leave it out.");
            }
        }
    }

    private static Failure refused(String what, String remedy) {
        return Failure.input("Cannot answer the query: it uses " + what + ". " + remedy);
    }

    private static List<LogicalPlan> nodes(LogicalPlan plan) {
        return list(plan.collectWithSubqueries(new PartialFunction<LogicalPlan, LogicalPlan>() {
            @Override
            public boolean isDefinedAt(LogicalPlan node) {
                return true;
            }

            @Override
            public LogicalPlan apply(LogicalPlan node) {
                return node;
            }
        }));
    }

    private static PartialFunction<LogicalPlan, LogicalPlan> relationsOf(Relations relations) {
        return new PartialFunction<>() {
            @Override
            public boolean isDefinedAt(LogicalPlan node) {
                return node instanceof UnresolvedRelation;
            }

            @Override
            public LogicalPlan apply(LogicalPlan node) {
                UnresolvedRelation named = (UnresolvedRelation) node;
                List<String> parts = list(named.multipartIdentifier());
                return SubqueryAlias$.MODULE$.apply(
                        named.multipartIdentifier(),
                        relations.open(String.join(".", parts)).queryExecution().analyzed());
            }
        };
    }

    private static <T> List<T> list(scala.collection.Seq<T> seq) {
        return JavaConverters.seqAsJavaList(seq);
    }
}

package dev.eightbells.session;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.SparkUpgradeException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.Analyzer;
import org.apache.spark.sql.catalyst.analysis.FakeV2SessionCatalog$;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog$;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Alias$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.catalyst.types.DataTypeUtils$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.BoxedUnit;

/**
 * A Spark SQL expression over the columns of one row, understood without a Spark session, so that a mistake in a pipeline
 * file costs a second and not a cluster.
 *
 * @param type what it gives
 */
public record SqlExpression(String sql, DataType type) {
    private static final Logger LOG = LoggerFactory.getLogger(SqlExpression.class);
    private static final String WORDS = "(now|today|tomorrow|yesterday)\\b";
    private static final Pattern PRESENT = Pattern.compile("(?i)\\s*" + WORDS + ".*");
    private static final Pattern PRESENT_LITERAL =
            Pattern.compile("(?i)\\b(date|timestamp(_ltz|_ntz)?)\\s*(['\"])\\s*" + WORDS);

    /**
     * Understands an expression.
     *
     * @param columns what it may name
     * @param whose the row, for people: {@code the events' table}
     * @throws IllegalArgumentException that says why it cannot stand in a pipeline file, without a final period
     */
    public static SqlExpression analyze(String sql, StructType columns, String whose) {
        return Engine.understanding(() -> understand(sql, columns, whose));
    }

    /**
     * Reads an expression without looking whether it means anything; times without a zone are in UTC.
     *
     * @throws IllegalArgumentException that says why it is none, without a final period
     */
    public static Expression parsed(String sql) {
        return Engine.understanding(() -> parse(sql));
    }

    private static SqlExpression understand(String sql, StructType columns, String whose) {
        Expression parsed = parse(sql);
        if (parsed instanceof Alias) {
            throw new IllegalArgumentException("'" + sql + "' gives itself a name; leave the AS away, 'name' says it");
        }
        requireNamedColumnsAndKnownFunctions(sql, parsed);
        LogicalPlan plan = analyze(sql, parsed, columns, whose);
        if (!(plan instanceof Project project) || !(project.child() instanceof LocalRelation)) {
            throw new IllegalArgumentException("'" + sql + "' looks at more than one row; write an expression over the"
                    + " columns of one row, Eightbells aggregates");
        }
        Expression resolved = (Expression) project.projectList().head();
        if (resolved.containsPattern(TreePattern.PLAN_EXPRESSION())) {
            throw new IllegalArgumentException(
                    "'" + sql + "' asks another table; write an expression over the columns of " + whose);
        }
        if (!resolved.deterministic()
                || resolved.containsPattern(TreePattern.CURRENT_LIKE())
                || PRESENT_LITERAL.matcher(sql).find()
                || resolved.exists(SqlExpression::isCastOfThePresent)) {
            throw new IllegalArgumentException(
                    "'" + sql + "' gives something else whenever it is asked, and what comes out must"
                            + " not depend on when it is computed; take out what is random or depends on the present time");
        }
        requireUsablePatterns(sql, resolved, ((LocalRelation) project.child()).output());
        return new SqlExpression(sql, resolved.dataType());
    }

    /**
     * Computes the expression once, for a row of nothing in particular. What Spark then says of the row means nothing; what
     * it says of a pattern for texts or times, which it only looks at when it needs it, would be said of every row.
     */
    private static void requireUsablePatterns(String sql, Expression resolved, Seq<Attribute> columns) {
        List<Attribute> attributes = JavaConverters.seqAsJavaList(columns);
        Object[] row =
                attributes.stream().map(column -> anything(column.dataType())).toArray();
        try {
            Expression bound = computable(resolved, attributes);
            LOG.debug("{} of nothing in particular is {}", sql, bound.eval(new GenericInternalRow(row)));
        } catch (Exception e) {
            if (e instanceof SparkUpgradeException) {
                throw new IllegalArgumentException(
                        "'" + sql + "' has a pattern of times that Spark does not take; mend the pattern", e);
            }
            String code = e instanceof SparkThrowable mistake ? String.valueOf(mistake.getErrorClass()) : "";
            boolean isOfAPattern =
                    code.endsWith("PATTERN") || String.valueOf(e.getMessage()).contains("patterns are unsupported");
            if (isOfAPattern) {
                throw new IllegalArgumentException("'" + sql + "' cannot be computed (" + reason(e) + "); mend it", e);
            }
        }
    }

    /** Some functions only stand for others, which Spark's optimizer puts in their place; and columns have places. */
    private static Expression computable(Expression expression, List<Attribute> columns) {
        if (expression instanceof AttributeReference column) {
            int place = IntStream.range(0, columns.size())
                    .filter(i -> columns.get(i).exprId().equals(column.exprId()))
                    .findFirst()
                    .orElseThrow();
            return new BoundReference(place, column.dataType(), column.nullable());
        }
        Expression real = expression instanceof RuntimeReplaceable stand ? stand.replacement() : expression;
        return real.mapChildren(child -> computable(child, columns));
    }

    private static Object anything(DataType type) {
        if (type instanceof StringType) {
            return UTF8String.EMPTY_UTF8;
        }
        if (type instanceof LongType || type instanceof TimestampType) {
            return 0L;
        }
        return type instanceof IntegerType || type instanceof DateType ? (Object) 0 : null;
    }

    private static Expression parse(String sql) {
        if (sql.strip().endsWith(";")) {
            throw new IllegalArgumentException("'" + sql + "' ends with a semicolon; take it away");
        }
        try {
            return CatalystSqlParser$.MODULE$.parseExpression(sql);
        } catch (Exception e) {
            // Scala throws it without saying so.
            if (e instanceof ParseException) {
                throw new IllegalArgumentException(
                        "'" + sql + "' is no SQL expression (" + reason(e) + "); mend it", e);
            }
            throw e;
        }
    }

    /** What Spark replaces by a day or an instant when it is asked, e.g. {@code 'today'} where a date belongs. */
    private static boolean isCastOfThePresent(Expression part) {
        return part instanceof Cast cast
                && (cast.dataType() instanceof DateType || cast.dataType() instanceof TimestampType)
                && cast.child() instanceof Literal literal
                && PRESENT.matcher(String.valueOf(literal.value())).matches();
    }

    private static void requireNamedColumnsAndKnownFunctions(String sql, Expression parsed) {
        FunctionRegistry known = FunctionRegistry$.MODULE$.builtin();
        parsed.foreach(part -> {
            if (part instanceof Star) {
                throw new IllegalArgumentException("'" + sql + "' asks for all columns; name those that it needs");
            }
            if (part instanceof UnresolvedFunction function) {
                String name = function.nameParts().mkString(".");
                if (!known.functionExists(new FunctionIdentifier(name))) {
                    throw new IllegalArgumentException("'" + sql + "' calls the function " + name
                            + ", which Spark SQL does not have; use one of its built-in functions");
                }
            }
            return BoxedUnit.UNIT;
        });
    }

    private static LogicalPlan analyze(String sql, Expression parsed, StructType columns, String whose) {
        Alias named = Alias$.MODULE$.apply(
                parsed, "value", NamedExpression.newExprId(), seq(List.of()), scala.Option.empty(), seq(List.of()));
        Analyzer analyzer = analyzer();
        try {
            LogicalPlan plan = analyzer.execute(new Project(seq(List.of(named)), relation(columns)));
            analyzer.checkAnalysis(plan);
            return plan;
        } catch (Exception e) {
            if (!(e instanceof AnalysisException mistake)) {
                throw e;
            }
            if (String.valueOf(mistake.getErrorClass()).startsWith("UNRESOLVED_COLUMN")) {
                throw new IllegalArgumentException(
                        "'" + sql + "' names "
                                + mistake.getMessageParameters()
                                        .get("objectName")
                                        .replace("`", "") + ", which is no column of " + whose
                                + "; name one of its columns",
                        e);
            }
            throw new IllegalArgumentException("'" + sql + "' cannot be computed (" + reason(e) + "); mend it", e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // A sequence of a subtype, which Scala takes and Java does not.
    private static LocalRelation relation(StructType columns) {
        return new LocalRelation((Seq) DataTypeUtils$.MODULE$.toAttributes(columns), seq(List.of()), false);
    }

    private static Analyzer analyzer() {
        InMemoryCatalog empty = new InMemoryCatalog(
                InMemoryCatalog$.MODULE$.$lessinit$greater$default$1(),
                InMemoryCatalog$.MODULE$.$lessinit$greater$default$2());
        SessionCatalog functions = new SessionCatalog(empty, FunctionRegistry$.MODULE$.builtin());
        return new Analyzer(
                new org.apache.spark.sql.connector.catalog.CatalogManager(FakeV2SessionCatalog$.MODULE$, functions));
    }

    /** Spark's own words, without the name of the error, its place and its lengthy rest. */
    private static String reason(Exception e) {
        String line = String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("no message");
        String text = line.replaceFirst("^\\[[A-Z_.]+\\] *", "")
                .replaceFirst("[;.]? *\\(?line \\d+,? pos \\d+\\)?.*$", "")
                .replaceFirst("\\.? *(SQLSTATE|Please, refer to).*$", "")
                .replaceFirst("[.;]$", "");
        return text.isEmpty() ? "no message" : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static <T> Seq<T> seq(List<T> elements) {
        return JavaConverters.asScalaBuffer(elements).toSeq();
    }
}

package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.localaws.Faults;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.RedshiftError;
import dev.eightbells.pipeline.Pipeline;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * Loads the warehouse again and again, and each time another statement goes wrong, in another way: what fails is worth
 * another try, and that ends as if nothing had happened.
 */
final class FaultPoints {
    /** The ways in which a statement can go wrong. */
    private static final Map<String, ObjIntConsumer<Faults>> FAULTS = faults();

    private final WarehouseSite site;
    private final LocalRedshift redshift;
    private final Load load;
    private final Check check;
    private final List<String> tried = new ArrayList<>();

    FaultPoints(WarehouseSite site, LocalRedshift redshift, Load load, Check check) {
        this.site = site;
        this.redshift = redshift;
        this.load = load;
        this.check = check;
    }

    private static Map<String, ObjIntConsumer<Faults>> faults() {
        Map<String, ObjIntConsumer<Faults>> faults = new LinkedHashMap<>();
        faults.put("refused before", (all, n) -> all.failBefore(n, RedshiftError.diskFull()));
        faults.put("refused after", (all, n) -> all.failAfter(n, RedshiftError.diskFull()));
        faults.put("dropped before", Faults::dropBefore);
        faults.put("dropped after", Faults::dropAfter);
        return faults;
    }

    /** Loads all that is new. */
    interface Load {
        void into(Pipeline pipeline);
    }

    /** Looks whether a schema holds what it is to hold. */
    interface Check {
        void of(String schema, String point) throws SQLException;
    }

    /** How a schema is made before a load that fails. */
    interface Before {
        void in(String schema) throws SQLException;
    }

    /** The points that were tried. */
    List<String> tried() {
        return tried;
    }

    /** The ways in which each statement goes wrong. */
    enum Ways {
        ALL,

        /**
         * All for what commits. For another it is the same whether it fails before or after it has worked, as its
         * transaction is undone; the one and the other take turns.
         */
        TELLING,

        /** One way for each statement that changes columns or deletes rows by their values, and for each that commits. */
        OF_CHANGES;

        boolean include(String way, int number, String statement) {
            boolean isTurn = way.equals(number % 2 == 0 ? "refused before" : "refused after")
                    || way.equals(number % 2 == 0 ? "dropped after" : "dropped before");
            boolean isChange =
                    statement.startsWith("ALTER TABLE") || statement.matches("(?s)DELETE FROM .*WHERE \\(.*");
            boolean isCommit = statement.startsWith("COMMIT");
            return switch (this) {
                case ALL -> true;
                case TELLING -> isTurn || isCommit;
                case OF_CHANGES ->
                    isCommit
                            ? way.equals("dropped after")
                            : isChange && way.equals(number % 2 == 0 ? "refused after" : "dropped after");
            };
        }
    }

    /** Visits every point of a load that the ways include. */
    void visit(String name, Ways ways, Before before) throws SQLException {
        String whole = site.name() + "_whole" + tried.size();
        before.in(whole);
        redshift.faults().reset();
        load.into(site.into(whole));
        List<String> statements = redshift.faults().statements();
        check.of(whole, name);
        for (Map.Entry<String, ObjIntConsumer<Faults>> fault : FAULTS.entrySet()) {
            for (int n = 1; n <= statements.size(); n++) {
                if (!ways.include(fault.getKey(), n, statements.get(n - 1))) {
                    continue;
                }
                String point = name + ", " + fault.getKey() + " " + n + ": "
                        + statements.get(n - 1).lines().findFirst().orElse("");
                String schema = site.name() + "_fault" + tried.size();
                before.in(schema);
                fail(schema, n, fault.getValue(), point);
                tried.add(point);
                site.say("DROP SCHEMA " + schema + " CASCADE");
            }
        }
    }

    private void fail(String schema, int n, ObjIntConsumer<Faults> fault, String point) throws SQLException {
        Pipeline pipeline = site.into(schema);
        redshift.faults().reset();
        fault.accept(redshift.faults(), n);
        try {
            load.into(pipeline);
        } catch (Failure failure) {
            assertThat(failure.kind()).as(point).isEqualTo(Failure.Kind.TRANSIENT);
            assertThat(failure.getMessage()).as(point).startsWith("Cannot ").contains("isk");
        }
        redshift.faults().reset();
        load.into(pipeline);
        check.of(schema, point);
        assertThat(site.ask("SELECT \"table\", \"number\" FROM " + schema
                        + ".eightbells_loads GROUP BY \"table\", \"number\" HAVING COUNT(*) > 1"))
                .as(point)
                .isEmpty();
    }
}

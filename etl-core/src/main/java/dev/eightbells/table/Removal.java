package dev.eightbells.table;

import dev.eightbells.batch.Forget;
import dev.eightbells.batch.Forgets;
import dev.eightbells.batch.Ledger;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;

/**
 * Why a commit took rows away; it stands in the commit's summary. The rows are all for which its predicate is true, of
 * those that the table had before.
 *
 * @param step the step's name: {@link #FORGET} or {@link #RETENTION}
 * @param predicate over the columns as they were named then, in the form of Iceberg's expressions as JSON and explicit
 *     about null; or, as of what is to be forgotten, where that stands in the ledger
 */
public record Removal(String step, String predicate) {
    /** Somebody asked for the rows to be forgotten. */
    public static final String FORGET = "forget";

    /** The rows were older than they are kept. */
    public static final String RETENTION = "retention";

    static final String PREDICATE = "eightbells.predicate";

    /** What names the rows stands in the ledger, where it can be taken out again: a summary is for ever. */
    public static Removal of(Forget forget) {
        return new Removal(FORGET, forget.reference());
    }

    /** Rows that are not kept any longer. */
    public static Removal retention(Expression predicate) {
        return new Removal(RETENTION, ExpressionParser.toJson(predicate));
    }

    /** What a commit says of itself; empty when it is no such commit. */
    public static Optional<Removal> of(Snapshot snapshot) {
        return snapshot.summary() == null ? Optional.empty() : of(snapshot.summary());
    }

    static Optional<Removal> of(Map<String, String> summary) {
        String step = summary.get(Provenance.STEP);
        String predicate = summary.get(PREDICATE);
        return predicate != null && (FORGET.equals(step) || RETENTION.equals(step))
                ? Optional.of(new Removal(step, predicate))
                : Optional.empty();
    }

    /** Writes this into the summary of a commit that is to be made. */
    public <T> SnapshotUpdate<T> sign(SnapshotUpdate<T> update) {
        update.set(Provenance.STEP, step);
        update.set(PREDICATE, predicate);
        return update;
    }

    /**
     * Which rows they were: an expression that is bound to no schema yet.
     *
     * @param ledger of the table's lake
     * @return empty when it was forgotten with them
     * @throws dev.eightbells.Failure of kind DATA when the ledger's object is damaged
     */
    public Optional<Expression> expression(Ledger ledger) {
        String json = Forgets.isReference(predicate)
                ? ledger.forgets()
                        .find(predicate)
                        .map(held -> held.forget().predicate())
                        .orElse(null)
                : predicate;
        return Optional.ofNullable(json).map(ExpressionParser::fromJson);
    }
}

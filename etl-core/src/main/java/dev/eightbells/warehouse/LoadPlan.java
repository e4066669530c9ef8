package dev.eightbells.warehouse;

import java.util.ArrayList;
import java.util.List;

/**
 * What brings a table of the warehouse up to the lake's.
 *
 * @param growth what comes first, each for itself
 * @param transactions what comes then, in this order
 * @param lists what COPY reads; to be there before
 * @param findings why none of it may begin
 */
record LoadPlan(
        Target target,
        Course course,
        List<Statement> growth,
        List<Transaction> transactions,
        List<CopyList> lists,
        List<Finding> findings) {
    LoadPlan {
        growth = List.copyOf(growth);
        transactions = List.copyOf(transactions);
        lists = List.copyOf(lists);
        findings = List.copyOf(findings);
    }

    /**
     * All of a load, or nothing of it.
     *
     * @param statements from BEGIN to COMMIT
     * @param entry what the ledger says afterwards
     */
    record Transaction(List<Statement> statements, Statement.Entry entry) {
        Transaction {
            statements = List.copyOf(statements);
        }

        /** The number of the table's newest load that this builds upon; 0 when it is the first. */
        long base() {
            return entry.number() - 1;
        }

        /** Whether it is what a ledger notes as the newest load. */
        boolean isNotedAs(FoundTable.LastLoad last) {
            return last != null && last.number() == entry.number() && last.snapshot() == entry.snapshot();
        }
    }

    /**
     * An object that lists files for COPY.
     *
     * @param key below the lake
     */
    record CopyList(String key, String json) {}

    /** This plan, with more reasons why it may not begin. */
    LoadPlan with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new LoadPlan(target, course, growth, transactions, lists, all);
    }

    /**
     * Throws when there is a reason not to begin.
     *
     * @throws dev.eightbells.Failure of kind INPUT or DATA, with all reasons
     */
    void refuse() {
        if (!findings.isEmpty()) {
            throw Finding.failure(target.pipeline(), findings);
        }
    }

    /** Why all rows come anew, as a clause; null when only new ones come. */
    String whyReloaded() {
        return course instanceof Course.Reload reload ? reload.why() : null;
    }

    /** How many rows come in. */
    long rows() {
        return transactions.stream()
                .mapToLong(transaction -> transaction.entry().rows())
                .sum();
    }
}

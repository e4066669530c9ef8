package dev.eightbells.warehouse;

import java.util.ArrayList;
import java.util.List;

/** Why a table of the warehouse is not touched. */
final class Refusals {
    private Refusals() {}

    /**
     * Looks at a target before anything is planned for it.
     *
     * @param unfit the columns that cannot become what they are to be, in words
     */
    static List<Finding> of(Target target, FoundTable found, List<String> unfit, LoadRequest request) {
        List<Finding> findings = new ArrayList<>();
        if (!found.isAbsent() && !found.isTable()) {
            findings.add(Finding.input(target.name() + " is a " + found.kind()
                    + ", and rows are loaded into tables only; name another target, or drop it"));
            return findings;
        }
        if (found.last() != null && !found.last().pipeline().equals(target.pipeline())) {
            findings.add(Finding.input("table " + target.name() + " is loaded by pipeline "
                    + found.last().pipeline() + "; name another target"));
            return findings;
        }
        if (found.last() != null
                && request == LoadRequest.WHAT_IS_NEW
                && !found.last().source().equals(target.sourceId())) {
            findings.add(Finding.input("table " + target.name() + " was loaded from another table than "
                    + target.source() + " of this lake (of the UUID "
                    + found.last().source() + ", not "
                    + target.sourceId() + "); name another target, or let eightbells load --reload replace its rows"));
            return findings;
        }
        boolean isTakenOver = found.last() == null && request == LoadRequest.WHAT_IS_NEW;
        if (isTakenOver && !unfit.isEmpty()) {
            findings.add(Finding.input("table " + target.name() + " was not made by Eightbells, and "
                    + String.join(", and ", unfit)
                    + "; drop it, name another target, or let eightbells load --reload make it anew"));
        } else if (isTakenOver && found.rows() == FoundTable.Rows.SOME) {
            findings.add(Finding.input("table " + target.name() + " holds rows, and the ledger " + target.ledger()
                    + " knows of no load into it; empty it, name another target, or let eightbells load --reload"
                    + " replace them"));
        }
        return findings;
    }
}

package dev.eightbells.warehouse;

import dev.eightbells.Failure;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that would make a load fail, found before its first byte moves.
 *
 * @param kind whose it is to mend
 * @param clause what is wrong, and what to do; part of a sentence
 */
public record Finding(Failure.Kind kind, String clause) {
    static Finding input(String clause) {
        return new Finding(Failure.Kind.INPUT, clause);
    }

    static Finding data(String clause) {
        return new Finding(Failure.Kind.DATA, clause);
    }

    /** All findings of a load as one failure, of kind DATA when one of them is. */
    public static Failure failure(String pipeline, List<Finding> findings) {
        boolean isData = findings.stream().anyMatch(finding -> finding.kind() == Failure.Kind.DATA);
        return Failure.of(
                isData ? Failure.Kind.DATA : Failure.Kind.INPUT,
                "Cannot load pipeline " + pipeline + " into its warehouse: "
                        + findings.stream().map(Finding::clause).collect(Collectors.joining("; "))
                        + ". Nothing was loaded.",
                null);
    }
}

package dev.eightbells.pipeline;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Map;

/**
 * The data-quality rules of a pipeline and what follows when they fail.
 *
 * @param rules the rules themselves, in DQDL; without blanks around them, and with a newline at the end
 * @param onRowFailure what becomes of rows that fail a row rule
 * @param onFailure what becomes of a batch that fails a data set rule
 * @param maxQuarantined the fraction (0 to 1) of records in quarantine above which the batch stops; null when only a
 *     batch that is wholly in quarantine stops
 * @param references the tables that rules compare with, by the name that rules use: {@code database.table}, or an
 *     absolute location
 * @param sampleValues whether reports show offending values
 */
public record Quality(
        String rules,
        OnRowFailure onRowFailure,
        OnFailure onFailure,
        BigDecimal maxQuarantined,
        Map<String, String> references,
        boolean sampleValues)
        implements Serializable {
    public Quality {
        rules = rules == null ? null : rules.strip().replace("\r\n", "\n") + "\n";
        maxQuarantined = maxQuarantined == null ? null : maxQuarantined.stripTrailingZeros();
        references = Map.copyOf(references);
    }

    /** What becomes of rows that fail a row rule. */
    public enum OnRowFailure {
        QUARANTINE,
        KEEP
    }

    /** What becomes of a batch that fails a data set rule. */
    public enum OnFailure {
        STOP,
        WARN
    }
}

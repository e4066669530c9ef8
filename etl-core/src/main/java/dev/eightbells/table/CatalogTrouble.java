package dev.eightbells.table;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/** What it means when a catalog throws, for each kind of catalog has exceptions of its own. */
public enum CatalogTrouble {
    /** Its database, its metastore or its service fails, or cannot be reached; worth a retry. */
    DOWN,
    /** Another writer holds the table's lock, and has held it for long; worth a retry. */
    LOCKED,
    /** Who asks may not. */
    DENIED,
    /** A Hive metastore does not let a table have other columns, as it is configured. */
    COLUMNS_REFUSED;

    // By name: where there is no Hive, as in a Lambda function, there are no classes of it either.
    private static final String HIVE_LOCK = "org.apache.iceberg.hive.LockException";
    private static final String HIVE_WAITING = "org.apache.iceberg.hive.MetastoreLock$WaitingForLockException";
    private static final String HIVE_REFUSAL = "org.apache.iceberg.hive.RuntimeMetaException";
    private static final String HIVE_INVALID = "org.apache.hadoop.hive.metastore.api.InvalidOperationException";
    private static final String THRIFT = "org.apache.thrift.TException";

    private static final Pattern REFUSAL = Pattern.compile("AccessControlException|Permission denied");

    /** What a throwable means by itself, its causes left aside; empty when it is no trouble of a catalog. */
    public static Optional<CatalogTrouble> of(Throwable thrown) {
        String type = thrown.getClass().getName();
        if (type.equals(HIVE_LOCK) || type.equals(HIVE_WAITING)) {
            return Optional.of(LOCKED);
        }
        if (thrown instanceof CommitFailedException && thrown.getCause() != null) {
            return of(thrown.getCause()).filter(LOCKED::equals);
        }
        if (thrown instanceof CommitStateUnknownException && thrown.getCause() != null) {
            // Iceberg cannot tell a refusal by a metastore from a lost answer.
            return of(thrown.getCause()).filter(COLUMNS_REFUSED::equals);
        }
        if (thrown instanceof UncheckedSQLException) {
            return Optional.of(DOWN);
        }
        if (type.equals(HIVE_INVALID) && String.valueOf(thrown.getMessage()).contains("incompatible")) {
            return Optional.of(COLUMNS_REFUSED);
        }
        if (type.equals(HIVE_REFUSAL) || isOfThrift(thrown)) {
            return Optional.of(
                    REFUSAL.matcher(String.valueOf(thrown.getMessage())).find() ? DENIED : DOWN);
        }
        return Optional.empty();
    }

    /** What a throwable means, or the first of its causes that means something; empty when none does. */
    static Optional<CatalogTrouble> within(Throwable thrown) {
        Optional<CatalogTrouble> trouble = Optional.empty();
        for (Throwable next = thrown; next != null && trouble.isEmpty(); next = next.getCause()) {
            trouble = of(next);
        }
        return trouble;
    }

    /** All that a metastore answers but a result, and that its connection broke. */
    private static boolean isOfThrift(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(THRIFT)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Goes on when the answer to a commit was lost, so that it may have been made or not: look before it is made again.
     *
     * @throws RuntimeException the same, when it says something else
     */
    public static void requireLostAnswer(RuntimeException thrown) {
        // Catalogs other than jdbc look themselves, and say so when they cannot tell.
        boolean mayBeLost = thrown instanceof CommitStateUnknownException || thrown instanceof UncheckedSQLException;
        if (!mayBeLost || of(thrown).filter(COLUMNS_REFUSED::equals).isPresent()) {
            throw thrown;
        }
    }
}

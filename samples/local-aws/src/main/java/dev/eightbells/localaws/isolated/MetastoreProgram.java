package dev.eightbells.localaws.isolated;

import java.sql.SQLException;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.txn.TxnDbUtil;

/** Hive's own metastore, after the tables of its locks are made: it makes all others itself. */
public final class MetastoreProgram {
    /** What Derby says to whoever makes a table again. */
    private static final String ALREADY_THERE = "X0Y32";

    private MetastoreProgram() {}

    /** Runs until the process is ended; the arguments are the metastore's. */
    public static void main(String[] arguments) throws Throwable {
        try {
            TxnDbUtil.prepDb(new HiveConf());
        } catch (SQLException e) {
            if (!ALREADY_THERE.equals(e.getSQLState())) {
                throw e;
            }
        }
        HiveMetaStore.main(arguments);
    }
}

package dev.eightbells.quality;

import java.util.function.Consumer;
import org.apache.spark.sql.AnalysisException;

/** Some work that may fail without anything being wrong with the data. */
@FunctionalInterface
interface Work {
    void run() throws Exception;

    /** Works, or tells why not. An error of the machine itself is nobody's verdict, and goes on. */
    static void attempt(Work work, Consumer<Throwable> onError) {
        try {
            work.run();
        } catch (Exception | LinkageError e) {
            onError.accept(e instanceof AnalysisException ? RuleQuery.mistake(e) : e);
        }
    }
}

package dev.eightbells.write;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests that ask for it the one Spark session of this test run, which ends with the run. */
final class LocalSpark implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SparkSession.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(LocalSpark.class))
                .getOrComputeIfAbsent(Running.class, any -> Running.start(), Running.class)
                .session();
    }

    private record Running(SparkSession session) implements AutoCloseable {
        static Running start() {
            return new Running(SparkSession.builder()
                    .appName("tests")
                    .master("local[2,4]")
                    .config("spark.ui.enabled", "false")
                    .config("spark.driver.host", "localhost")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.sql.shuffle.partitions", "2")
                    .getOrCreate());
        }

        @Override
        public void close() {
            session.stop();
        }
    }
}

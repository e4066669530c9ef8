package dev.eightbells.steps;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests what is started once for the whole test run, and only if a test asks: Spark, S3, PostgreSQL, Redshift. */
final class LocalServices implements ParameterResolver {
    private static final Set<Class<?>> SERVICES =
            Set.of(Session.class, LocalS3.class, LocalPostgres.class, LocalRedshift.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return SERVICES.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store running = context.getRoot().getStore(Namespace.create(LocalServices.class));
        Class<?> service = parameter.getParameter().getType();
        if (service == LocalS3.class) {
            return s3(running);
        }
        if (service == LocalPostgres.class) {
            return running.getOrComputeIfAbsent(LocalPostgres.class, any -> postgres(), LocalPostgres.class);
        }
        if (service == LocalRedshift.class) {
            return running.getOrComputeIfAbsent(LocalRedshift.class, any -> redshift(s3(running)), LocalRedshift.class);
        }
        return running.getOrComputeIfAbsent(Session.class, any -> session(running), Session.class);
    }

    private static LocalRedshift redshift(LocalS3 s3) {
        try {
            return LocalRedshift.start(s3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Session session(Store running) {
        return new Session(s3(running).environment());
    }

    private static LocalS3 s3(Store running) {
        return running.getOrComputeIfAbsent(LocalS3.class, any -> s3(), LocalS3.class);
    }

    private static LocalS3 s3() {
        try {
            return LocalS3.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LocalPostgres postgres() {
        try {
            return LocalPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

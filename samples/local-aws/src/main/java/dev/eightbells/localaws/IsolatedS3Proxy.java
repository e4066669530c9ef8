package dev.eightbells.localaws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * S3Proxy, driven by reflection: nothing of it may be on the class path, where its servlet, Guava and Jackson would meet
 * Spark's.
 */
final class IsolatedS3Proxy implements AutoCloseable {
    private static final String CONSISTENT = "dev.eightbells.localaws.isolated.ConsistentBlobStore";
    private static final String JAR = "s3proxy.jar";

    /** What the class loader holds: resources, and the places where it looks for them. */
    private static final Map<String, String> FILES = Map.of(
            "/local-aws/" + JAR,
            JAR,
            "/local-aws/logback-test.xml",
            "logback-test.xml",
            "/" + CONSISTENT.replace('.', '/') + ".class",
            CONSISTENT.replace('.', '/') + ".class");

    private final URLClassLoader classes;
    private final Path folder;
    private final Object blobStore;
    private final Object proxy;

    private IsolatedS3Proxy(URLClassLoader classes, Path folder, Object blobStore, Object proxy) {
        this.classes = classes;
        this.folder = folder;
        this.blobStore = blobStore;
        this.proxy = proxy;
    }

    static IsolatedS3Proxy start(String provider, Properties settings) throws IOException {
        Path folder = unpack();
        URL[] places = {folder.toUri().toURL(), folder.resolve(JAR).toUri().toURL()};
        URLClassLoader classes = new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            return start(classes, folder, provider, settings);
        } catch (ReflectiveOperationException e) {
            classes.close();
            delete(folder);
            throw new IOException("Cannot start S3Proxy: " + cause(e) + ".", cause(e));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static IsolatedS3Proxy start(URLClassLoader classes, Path folder, String provider, Properties settings)
            throws ReflectiveOperationException {
        Class<?> blobStoreType = classes.loadClass("org.gaul.s3proxy.blobstore.BlobStore");
        Object inconsistent = classes.loadClass("org.gaul.s3proxy.BlobStores")
                .getMethod("create", String.class, Properties.class)
                .invoke(null, provider, settings);
        Object blobStore =
                classes.loadClass(CONSISTENT).getConstructor(blobStoreType).newInstance(inconsistent);
        Class<?> builderType = classes.loadClass("org.gaul.s3proxy.S3Proxy$Builder");
        Object builder =
                builderType.getMethod("fromProperties", Properties.class).invoke(null, settings);
        builderType.getMethod("blobStore", blobStoreType).invoke(builder, blobStore);
        builderType.getMethod("stopTimeout", long.class).invoke(builder, 0L);
        Object proxy = builderType.getMethod("build").invoke(builder);
        proxy.getClass().getMethod("start").invoke(proxy);
        return new IsolatedS3Proxy(classes, folder, blobStore, proxy);
    }

    int port() {
        return (Integer) call(proxy, "getPort");
    }

    void createBucket(String name) {
        try {
            Class<?> blobStoreType = classes.loadClass("org.gaul.s3proxy.blobstore.BlobStore");
            blobStoreType.getMethod("createContainer", String.class).invoke(blobStore, name);
        } catch (InvocationTargetException e) {
            String answer = e.getCause().getClass().getSimpleName();
            if (!answer.startsWith("BucketAlready")) {
                throw new IllegalStateException(
                        "Cannot create bucket " + name + ": " + e.getCause() + ".", e.getCause());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot create bucket " + name + ": " + e + ".", e);
        }
    }

    @Override
    public void close() {
        try {
            call(proxy, "stop");
            ((AutoCloseable) blobStore).close();
            classes.close();
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot stop S3Proxy: " + e + ".", e);
        }
    }

    /** A jar within a jar cannot be loaded from, and a class folder may be rebuilt while the server runs. */
    private static Path unpack() throws IOException {
        Path folder = Files.createTempDirectory("s3proxy-");
        for (Map.Entry<String, String> entry : FILES.entrySet()) {
            try (InputStream packed = IsolatedS3Proxy.class.getResourceAsStream(entry.getKey())) {
                if (packed == null) {
                    throw new IOException("Cannot start S3Proxy: " + entry.getKey()
                            + " is not on the class path. Build local-aws by Maven, which puts it there.");
                }
                Path file = folder.resolve(entry.getValue());
                Files.createDirectories(file.getParent());
                Files.copy(packed, file);
            }
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object call(Object target, String method) {
        try {
            return target.getClass().getMethod(method).invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot call S3Proxy: " + cause(e) + ".", cause(e));
        }
    }

    private static Throwable cause(ReflectiveOperationException e) {
        return e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
    }
}

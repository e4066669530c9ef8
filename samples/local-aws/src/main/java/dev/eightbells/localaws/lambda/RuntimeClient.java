package dev.eightbells.localaws.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * AWS's runtime interface client for Java, which Lambda's own runtimes are made of: the program that fetches events and
 * calls the handler. Its jars are resources and on nobody's class path, for a function that works only with them beside it
 * is not to be helped by whoever runs it here.
 *
 * @param jars the client and what it needs
 * @param library its part in machine code
 */
record RuntimeClient(List<Path> jars, Path library) {
    static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    static final String LIBRARY_PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private static final String CLIENT = "aws-lambda-java-runtime-interface-client.jar";
    private static final List<String> JARS =
            List.of(CLIENT, "aws-lambda-java-core.jar", "aws-lambda-java-serialization.jar", "utils-lite.jar");

    /**
     * Unpacks it.
     *
     * @param folder created when absent
     * @throws IOException when it is not there, or does not run on this system
     */
    static RuntimeClient unpackTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> jars = new ArrayList<>();
        for (String jar : JARS) {
            String resource = "/local-aws/lambda/" + jar;
            try (InputStream packed = RuntimeClient.class.getResourceAsStream(resource)) {
                if (packed == null) {
                    throw new IOException("Cannot run functions: " + resource
                            + " is not on the class path. Build local-aws by Maven, which puts it there.");
                }
                Path file = folder.resolve(jar);
                Files.copy(packed, file);
                jars.add(file);
            }
        }
        return new RuntimeClient(List.copyOf(jars), library(folder));
    }

    /** Left to itself, the client unpacks it to one place for all processes of a machine, also while others run it. */
    private static Path library(Path folder) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (!system.startsWith("linux")) {
            throw new IOException("Cannot run functions on " + system + ": AWS's runtime client runs on Linux only.");
        }
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        String name = "libaws-lambda-jni.linux-" + machine + ".so";
        try (FileSystem client = FileSystems.newFileSystem(folder.resolve(CLIENT))) {
            return Files.copy(client.getPath("jni", name), folder.resolve(name));
        }
    }
}

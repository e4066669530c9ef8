package dev.eightbells.localaws.lambda;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Deployment packages for tests. */
final class FunctionZip {
    private FunctionZip() {}

    /** {@link EchoHandler} at the root, and a jar in {@code lib/} that has the resource {@code beside.txt}. */
    static Path create(Path folder) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        String name = EchoHandler.class.getName().replace('.', '/') + ".class";
        try (InputStream bytes = EchoHandler.class.getResourceAsStream("/" + name)) {
            entries.put(name, bytes.readAllBytes());
        }
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (JarOutputStream packed = new JarOutputStream(jar)) {
            packed.putNextEntry(new JarEntry("beside.txt"));
        }
        entries.put("lib/beside.jar", jar.toByteArray());
        return of(folder, entries);
    }

    static Path of(Path folder, Map<String, byte[]> entries) throws IOException {
        Path zip = folder.resolve("function.zip");
        try (ZipOutputStream packed = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                packed.putNextEntry(new ZipEntry(entry.getKey()));
                packed.write(entry.getValue());
            }
        }
        return zip;
    }
}

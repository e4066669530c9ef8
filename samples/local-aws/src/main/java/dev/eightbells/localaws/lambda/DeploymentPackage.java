package dev.eightbells.localaws.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A zip with a function's classes at its root and its jars in {@code lib/}. */
record DeploymentPackage(Path zip) {
    private static final long MOST_BYTES = 250L * 1024 * 1024;

    /**
     * Unpacks it.
     *
     * @param folder created when absent
     * @throws IOException when it cannot be read, or Lambda would not take it
     */
    void unpackTo(Path folder) throws IOException {
        if (!Files.isRegularFile(zip)) {
            throw new IOException("Cannot run the function: there is no " + zip + ".");
        }
        Files.createDirectories(folder);
        long bytes = 0;
        try (InputStream packed = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(packed)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException("Cannot run the function: " + zip + " has the entry " + entry.getName()
                            + ", which leads out of it.");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                bytes += Files.copy(entries, file);
            }
        }
        if (bytes > MOST_BYTES) {
            throw new IOException("Cannot run the function: " + zip + " holds " + bytes + " bytes unpacked, and Lambda"
                    + " takes at most " + MOST_BYTES + ".");
        }
    }
}

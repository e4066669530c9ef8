package dev.eightbells.store;

import dev.eightbells.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** What the file system refuses, in sentences. */
final class LocalFailures {

    private LocalFailures() {}

    /**
     * A file or folder that cannot be read or listed.
     *
     * @param verb what was tried: {@code read}, {@code list}
     */
    static Failure reading(String verb, Path path, IOException e) {
        if (e instanceof NoSuchFileException) {
            return Failure.input("Cannot " + verb + " " + path + ": there is no such file or folder."
                    + " Create it, or name another location.");
        }
        return e instanceof AccessDeniedException ? denied(verb, path, "read") : failed(verb, path, e);
    }

    /** A file that cannot be written, with this many bytes wanted. */
    static Failure writing(Path path, long bytes, IOException e) {
        if (isFull(path, bytes, e)) {
            return Failure.of(
                    Failure.Kind.TRANSIENT,
                    "Cannot write " + path + ": no space left on device" + room(path, bytes)
                            + ". Free some space and run it again.",
                    e);
        }
        return e instanceof AccessDeniedException ? denied("write", path, "write") : failed("write", path, e);
    }

    private static Failure denied(String verb, Path path, String access) {
        return Failure.input("Cannot " + verb + " " + path + ": permission denied. Grant user "
                + System.getProperty("user.name") + " " + access + " access to it.");
    }

    private static Failure failed(String verb, Path path, IOException e) {
        return Failure.of(
                Failure.Kind.TRANSIENT,
                "Cannot " + verb + " " + path + ": " + reason(e) + ". Mend that and run it again.",
                e);
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException refused ? refused.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private static boolean isFull(Path path, long bytes, IOException e) {
        String reason = reason(e).toLowerCase(Locale.ROOT);
        return reason.contains("no space left") || reason.contains("quota exceeded") || freeBytes(path) < bytes;
    }

    private static String room(Path path, long wanted) {
        long bytes = freeBytes(path);
        return bytes == Long.MAX_VALUE ? "" : " (" + wanted + " bytes to write, " + bytes + " free)";
    }

    private static long freeBytes(Path path) {
        Path folder = path.getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        try {
            return folder == null ? Long.MAX_VALUE : Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // It is only asked to say more about another failure.
        }
    }
}

package dev.eightbells.pipeline;

import dev.eightbells.store.Location;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What locations and file names in a pipeline file mean: local ones are relative to the folder of that file. */
final class Places {
    private static final Pattern S3 = Pattern.compile("s3://[A-Za-z0-9][A-Za-z0-9._-]*(/.*)?", Pattern.DOTALL);

    private final Path folder;

    /** A null folder refuses relative names and files: the text is no file's. */
    Places(Path folder) {
        this.folder = folder;
    }

    /**
     * Where objects lie.
     *
     * @throws IllegalArgumentException when the text is neither on S3 nor a local path
     */
    Location location(String text) {
        if (text.startsWith("s3://") && !S3.matcher(text).matches()) {
            throw new IllegalArgumentException("the location names no valid bucket; write s3://bucket/prefix/");
        }
        if (text.contains("://") && !text.startsWith("s3://") && !text.startsWith("file://")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither on S3 nor a local path; write s3://bucket/prefix/ or a path");
        }

        return Location.of(text.startsWith("s3://") ? text : path(text).toString());
    }

    /**
     * The text of a file, without byte order mark.
     *
     * @throws IllegalArgumentException when it cannot be read as UTF-8
     */
    String read(String name) {
        if (name.startsWith("s3://")) {
            throw new IllegalArgumentException("'" + name + "' lies on S3; put it beside the pipeline file");
        }

        Path file = path(name);
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("there is no file " + file + "; correct the name", missing);
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("the file " + file + " is no UTF-8 text; save it as UTF-8", malformed);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "the file " + file + " cannot be read (" + reason(unreadable) + "); make it a readable file",
                    unreadable);
        }
    }

    /** What a file that is named in the pipeline file is called in full. */
    String name(String name) {
        return path(name).toString();
    }

    private static String reason(IOException unreadable) {
        return unreadable instanceof AccessDeniedException ? "no permission" : unreadable.getMessage();
    }

    private Path path(String text) {
        Path path;
        try {
            path = Path.of(text.replaceFirst("^file:(//)?", ""));
        } catch (InvalidPathException invalid) {
            throw new IllegalArgumentException("'" + text + "' is no path (" + invalid.getReason() + ")", invalid);
        }

        if (!path.isAbsolute() && folder == null) {
            throw new IllegalArgumentException("'" + text + "' is relative, and there is no pipeline file beside it; "
                    + "write an absolute path or s3://…");
        }

        return path.isAbsolute() ? path.normalize() : folder.resolve(path).normalize();
    }
}

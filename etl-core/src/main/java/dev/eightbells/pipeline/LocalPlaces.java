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

/** What a local pipeline file means: what it names is relative to its folder. */
final class LocalPlaces implements Places {
    private final Path folder;

    /** A null folder refuses relative names and files: the text is no file's. */
    LocalPlaces(Path folder) {
        this.folder = folder;
    }

    @Override
    public Location location(String text) {
        return Places.isOnS3(text) ? Location.of(text) : Location.of(path(text).toString());
    }

    @Override
    public Location beside(String text) {
        return location(text);
    }

    @Override
    public String read(String name) {
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

    @Override
    public String name(String name) {
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

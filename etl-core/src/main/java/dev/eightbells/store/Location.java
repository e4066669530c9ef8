package dev.eightbells.store;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A place that holds objects: {@code s3://bucket/prefix/} or an absolute local folder. Immutable; always ends with a
 * slash, so that a key can be appended.
 */
public final class Location implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String text;

    private Location(String text) {
        this.text = text;
    }

    /**
     * Parses {@code s3://bucket/prefix} or an absolute local path ({@code file:} is accepted).
     *
     * @throws IllegalArgumentException for another scheme, an empty bucket or a relative path
     */
    public static Location of(String text) {
        String rest = text.startsWith("file:") ? text.replaceFirst("^file:(//)?", "") : text;
        boolean s3 = rest.startsWith("s3://");
        if (!s3 && rest.contains("://")) {
            throw new IllegalArgumentException("Invalid location: " + text
                    + " (neither s3:// nor a local path). Use s3://bucket/prefix/ or a path.");
        }
        if (s3 && rest.substring("s3://".length()).replaceFirst("/.*", "").isEmpty()) {
            throw new IllegalArgumentException("Invalid location: " + text + " (no bucket). Use s3://bucket/prefix/.");
        }
        if (!s3 && !Path.of(rest).isAbsolute()) {
            throw new IllegalArgumentException(
                    "Invalid location: " + text + " (a relative path). Use an absolute path.");
        }
        String whole = s3 ? rest : Path.of(rest).normalize().toString();
        return new Location(whole.endsWith("/") ? whole : whole + "/");
    }

    public boolean isS3() {
        return text.startsWith("s3://");
    }

    /** The bucket; only for S3. */
    public String bucket() {
        return text.substring("s3://".length(), text.indexOf('/', "s3://".length()));
    }

    /** What stands before every key in the bucket, empty or ending with a slash; only for S3. */
    public String prefix() {
        return text.substring(text.indexOf('/', "s3://".length()) + 1);
    }

    /** The folder; only for local locations. */
    public Path path() {
        return Path.of(text);
    }

    /** The full name of the object with this key below this location. */
    public String resolve(String key) {
        return text + key;
    }

    /** The key of an object below this location, given its full name; the full name itself when it is elsewhere. */
    public String relativize(String fullName) {
        return fullName.startsWith(text) ? fullName.substring(text.length()) : fullName;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Location location && location.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text);
    }

    @Override
    public String toString() {
        return text;
    }
}

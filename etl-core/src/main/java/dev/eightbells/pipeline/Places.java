package dev.eightbells.pipeline;

import dev.eightbells.store.Location;
import java.util.regex.Pattern;

/** What locations and file names in a pipeline file mean, which depends on where that file lies itself. */
interface Places {
    Pattern S3 = Pattern.compile("s3://[A-Za-z0-9][A-Za-z0-9._-]*(/.*)?", Pattern.DOTALL);

    /**
     * Where objects lie.
     *
     * @throws IllegalArgumentException when the text is neither on S3 nor a local path
     */
    Location location(String text);

    /**
     * Where something lies that belongs to the pipeline file, and may be named from its folder.
     *
     * @throws IllegalArgumentException when the text is neither on S3 nor a local path
     */
    Location beside(String text);

    /**
     * The text of a file, without byte order mark.
     *
     * @throws IllegalArgumentException when it cannot be read as UTF-8
     */
    String read(String name);

    /** What a file that is named in the pipeline file is called in full. */
    String name(String name);

    /**
     * Whether a location is on S3, and not a local path.
     *
     * @throws IllegalArgumentException when it can be neither
     */
    static boolean isOnS3(String text) {
        if (text.startsWith("s3://") && !S3.matcher(text).matches()) {
            throw new IllegalArgumentException("the location names no valid bucket; write s3://bucket/prefix/");
        }
        if (text.contains("://") && !text.startsWith("s3://") && !text.startsWith("file://")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither on S3 nor a local path; write s3://bucket/prefix/ or a path");
        }

        return text.startsWith("s3://");
    }
}

package dev.eightbells.read;

import java.util.Objects;

/**
 * Why a record or a malformed stretch is no row.
 *
 * @param reason a stable code, one of the constants here
 * @param column the column to blame; null when it is the text
 * @param sentence the same for people
 * @param text the bytes as they stood, a copy; null when they are too many to carry along or cannot be decoded: then
 *     object, offset and length are the reference to them
 */
public record Rejection(String reason, String column, String sentence, byte[] text) {
    /** The text is not RFC 8259 JSON, or something stands where the next record should begin. */
    public static final String NOT_JSON = "not-json";

    /** Legal JSON, but no object. */
    public static final String NOT_AN_OBJECT = "not-an-object";

    /** The text is not UTF-8. */
    public static final String INVALID_UTF8 = "invalid-utf8";

    /** An escape stands for half a surrogate pair, which no UTF-8 text can hold. */
    public static final String INVALID_UNICODE = "invalid-unicode";

    /** Objects and arrays are nested too deeply. */
    public static final String TOO_DEEP = "too-deep";

    /** The record has more bytes than {@code maxRecord}. */
    public static final String TOO_LONG = "too-long";

    /** The gzip data end before they are complete. */
    public static final String TRUNCATED_GZIP = "truncated-gzip";

    /** The gzip data cannot be decoded, fail their checksum, or are followed by something else. */
    public static final String CORRUPT_GZIP = "corrupt-gzip";

    /** A required column has no value. */
    public static final String MISSING_REQUIRED = "missing-required";

    /** A value cannot become the column's type without loss. */
    public static final String NOT_CASTABLE = "not-castable";

    public Rejection {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(sentence, "sentence");
    }
}

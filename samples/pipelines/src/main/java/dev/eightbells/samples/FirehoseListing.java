package dev.eightbells.samples;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * The keys that Firehose would have written, as S3 lists them. None of the objects is there: a planner looks at listings
 * alone.
 *
 * @param bucket the name of the bucket
 * @param from when the first window begins
 * @param window how long a window is
 * @param windows how many there are
 * @param objects how many each of them has, spread evenly
 */
record FirehoseListing(String bucket, Instant from, Duration window, int windows, int objects) {
    /** As many as S3 lists at once. */
    static final int PAGE = 1_000;

    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/HH/", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final long LEAST_BYTES = 40_000;
    private static final long SPREAD = 50_000;
    /** Firehose delivers what it has gathered for a minute. */
    private static final int GATHERED = 60;

    /** Mixes the bits of a number: Fibonacci hashing. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /**
     * An answer to ListObjectsV2.
     *
     * @param query the request's parameters: {@code prefix}, {@code start-after}, {@code continuation-token} and
     *     {@code max-keys} are honoured
     */
    String page(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        int most = Math.min(PAGE, Integer.parseInt(query.getOrDefault("max-keys", String.valueOf(PAGE))));
        String token = query.get("continuation-token");
        int first = token != null
                ? Integer.parseInt(token)
                : Math.max(first(prefix), firstAfter(query.getOrDefault("start-after", "")));
        int end = first;
        StringBuilder contents = new StringBuilder();
        while (end < total() && end < first + most && key(end).startsWith(prefix)) {
            append(contents, end);
            end++;
        }
        boolean isTruncated = end < total() && key(end).startsWith(prefix);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + bucket
                + "</Name><Prefix>" + prefix + "</Prefix><MaxKeys>" + most + "</MaxKeys><KeyCount>" + (end - first)
                + "</KeyCount><IsTruncated>" + isTruncated + "</IsTruncated>"
                + (isTruncated ? "<NextContinuationToken>" + end + "</NextContinuationToken>" : "")
                + contents + "</ListBucketResult>";
    }

    private void append(StringBuilder contents, int number) {
        long mixed = (number + 1) * GOLDEN;
        contents.append("<Contents><Key>")
                .append(key(number))
                .append("</Key><LastModified>")
                .append(instant(number).plusSeconds(GATHERED))
                .append("</LastModified><ETag>&quot;")
                .append(hex(mixed))
                .append(hex(mixed * GOLDEN))
                .append("&quot;</ETag><Size>")
                .append(LEAST_BYTES + Long.remainderUnsigned(mixed, SPREAD))
                .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
    }

    private int total() {
        return windows * objects;
    }

    private int firstAfter(String key) {
        int first = first(key);
        return first < total() && key(first).equals(key) ? first + 1 : first;
    }

    /** The first object whose key is not before this one, in the order of their bytes. */
    private int first(String key) {
        int low = 0;
        int high = total();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (key(middle).compareTo(key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** In the order of numbers, which the first digits of the last part keep within a second. */
    private String key(int number) {
        String mixed = hex((number + 1) * GOLDEN);
        return FOLDER.format(instant(number)) + "clicks-1-" + SECOND.format(instant(number))
                + "-" + HexFormat.of().toHexDigits(number) + "-" + mixed.substring(0, 4) + "-4" + mixed.substring(4, 7)
                + "-9" + mixed.substring(7, 10) + "-"
                + mixed.substring(10) + mixed.substring(0, 6);
    }

    private Instant instant(int number) {
        return from.plus(window.multipliedBy(number).dividedBy(objects)).truncatedTo(ChronoUnit.SECONDS);
    }

    private static String hex(long bits) {
        return HexFormat.of().toHexDigits(bits);
    }
}

package dev.eightbells.batch;

import dev.eightbells.pipeline.TableName;
import java.time.LocalDate;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where everything lies in a lake: keys relative to the lake's location. Folders end with a slash. */
public final class LakeLayout {
    /** Whose lake this is. */
    public static final String IDENTITY = "eightbells.json";

    /** The report for people. */
    public static final String REPORT = "report/index.html";

    /** The folder of rejected records, by batch. */
    public static final String QUARANTINE = "quarantine/";

    /** The folder of what came of the rules, by batch. */
    public static final String QUALITY = "quality/";

    static final String MANIFESTS = "manifests/";
    static final String FORGETS = "forgets/";
    static final String BATCHES = "batches/";
    static final String PUBLISHED = "published.json";
    static final String STOPPED = "stopped.json";
    static final String ABANDONED = "abandoned.json";
    static final String REPLANNED = "replanned.json";

    private static final Pattern MANIFEST = Pattern.compile(MANIFESTS + "[0-9]{8}\\.json\\.gz");
    private static final Pattern FORGET = Pattern.compile(FORGETS + "([0-9]{8})\\.json");

    private LakeLayout() {}

    /** The frozen pipeline file with this SHA-256. */
    public static String definition(String sha256) {
        return "definitions/" + sha256 + ".yaml";
    }

    /** The manifest with this number. */
    public static String manifest(int number) {
        return String.format(Locale.ROOT, "%s%08d.json.gz", MANIFESTS, number);
    }

    /** The folder of a batch's markers and attempts. */
    public static String batch(BatchId batch) {
        return BATCHES + batch + "/";
    }

    /** The marker that a step writes when it has finished. */
    public static String marker(BatchId batch, Step step) {
        return batch(batch) + step.marker();
    }

    /** What one process that worked on a batch says about itself. */
    public static String attempt(BatchId batch, int attempt) {
        return attempts(batch) + attempt + ".json";
    }

    /** The folder of the records that one attempt at a batch rejected. */
    public static String quarantine(BatchId batch, int attempt) {
        return QUARANTINE + batch + "/" + attempt + "/";
    }

    /** The folder of what all attempts at a batch noted about records that they dropped for others of the batch. */
    static String duplicates(BatchId batch) {
        return "duplicates/" + batch + "/";
    }

    /** What came of every rule when one attempt judged a batch. */
    public static String qualityReport(BatchId batch, int attempt) {
        return QUALITY + batch + "/" + attempt + ".json";
    }

    /** The list of files that a warehouse copies, by the SHA-256 of its content. */
    public static String copyList(String sha256) {
        return "loads/" + sha256 + ".json";
    }

    /** That somebody asked for values to be forgotten, or the receipt of it. */
    static String forget(int number) {
        return String.format(Locale.ROOT, "%s%08d.json", FORGETS, number);
    }

    /** The folder of a table. */
    public static String table(TableName table) {
        return "tables/" + table.database() + "/" + table.table() + "/";
    }

    /** That a batch was given to a compute service. */
    static String submission(BatchId batch, int submission) {
        return batch(batch) + "submissions/" + submission + ".json";
    }

    /** What a day's look for late objects found. */
    static String stragglers(LocalDate day) {
        return "stragglers/" + day + ".json";
    }

    static String attempts(BatchId batch) {
        return batch(batch) + "attempts/";
    }

    /** Whether a key below the folder of manifests is a manifest's; an aside file of a store is not. */
    static boolean isManifest(String key) {
        return MANIFEST.matcher(key).matches();
    }

    /** The number in the key of a manifest. */
    static int manifestNumber(String key) {
        return Integer.parseInt(key.substring(MANIFESTS.length(), key.length() - ".json.gz".length()));
    }

    /** The number in the key of what is to be forgotten; empty for other keys. */
    static OptionalInt forgetNumber(String key) {
        Matcher matcher = FORGET.matcher(key);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }
}

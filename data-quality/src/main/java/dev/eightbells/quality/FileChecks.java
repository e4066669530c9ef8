package dev.eightbells.quality;

import dev.eightbells.quality.dqdl.Condition;
import dev.eightbells.quality.dqdl.Operand;
import dev.eightbells.quality.dqdl.Rule;
import dev.eightbells.quality.dqdl.RuleType;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Rules about the raw files of a batch, as its manifest lists them. Contents are read only where sizes leave it open
 * whether two files are the same, and where a rule gives checksums.
 */
final class FileChecks {
    private static final String USUAL_ALGORITHM = "SHA-256";

    private final List<FileFact> files;
    private final Instant now;

    /** Reading a file takes long, and several rules may ask for it. */
    private final Map<List<String>, String> checksums = new HashMap<>();

    FileChecks(List<FileFact> files, Instant now) {
        this.files = files;
        this.now = now;
    }

    /**
     * What came out of a rule.
     *
     * @param share of files that fulfil it, or that are unique
     * @param failing how many do not
     * @param example one that does not; null when there is none
     */
    record Outcome(double share, long files, long failing, String example) {}

    /**
     * Looks whether a rule can be evaluated.
     *
     * @throws IllegalArgumentException that says why not, without a final period
     */
    static void require(Rule.Simple rule) {
        Condition share = share(rule);
        if (share != null) {
            Thresholds.require(share);
            if (Thresholds.history(share) > 0) {
                throw new IllegalArgumentException("what rules about files find has no history; compare with a number");
            }
        }
        zone(rule);
        digest(rule);
    }

    /** What the share of files must fulfil; null means that all must fulfil the rule. */
    static Condition share(Rule.Simple rule) {
        return rule.type() == RuleType.FILE_UNIQUENESS ? rule.condition() : rule.threshold();
    }

    private static ZoneId zone(Rule.Simple rule) {
        String zone = rule.tags().get("timeZone");
        try {
            return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + zone + "' is no time zone; write e.g. Europe/Paris", e);
        }
    }

    private static MessageDigest digest(Rule.Simple rule) {
        return digest(rule.tags().getOrDefault("hashAlgorithm", USUAL_ALGORITHM));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(
                    "'" + algorithm + "' is no algorithm for checksums; take MD5, SHA-1, SHA-256 or SHA-512", e);
        }
    }

    /**
     * Looks at the files that a rule is about.
     *
     * @throws IOException when a file cannot be read
     */
    Outcome of(Rule.Simple rule) throws IOException {
        List<FileFact> chosen =
                below(rule.parameters().isEmpty() ? "" : rule.parameters().get(0));
        if (chosen.isEmpty()) {
            return new Outcome(0, 0, 0, null);
        }
        return switch (rule.type()) {
            case FILE_FRESHNESS -> share(chosen, file -> isFresh(file, rule));
            case FILE_SIZE -> share(chosen, file -> hasSize(file, rule.condition()));
            case FILE_UNIQUENESS -> uniqueness(chosen);
            default -> match(rule, chosen);
        };
    }

    private List<FileFact> below(String path) {
        return files.stream().filter(file -> file.location().startsWith(path)).toList();
    }

    private static Outcome share(List<FileFact> files, Predicate<FileFact> fulfils) {
        List<FileFact> failing = files.stream().filter(fulfils.negate()).toList();
        return outcome(files.size(), failing);
    }

    private static Outcome outcome(int files, List<FileFact> failing) {
        return new Outcome(
                1.0 - (double) failing.size() / files,
                files,
                failing.size(),
                failing.isEmpty() ? null : failing.get(0).location());
    }

    private boolean isFresh(FileFact file, Rule.Simple rule) {
        ZoneId zone = zone(rule);
        Condition condition = rule.condition();
        return switch (condition.operator()) {
            case EQUAL, IN -> isAtOne(file, condition, zone);
            case NOT_EQUAL, NOT_IN -> !isAtOne(file, condition, zone);
            default -> {
                double[] operands = condition.operands().stream()
                        .mapToDouble(operand -> seconds(instant((Operand.Moment) operand, zone)))
                        .toArray();
                yield Thresholds.holds(seconds(file.modified()), condition.operator(), operands);
            }
        };
    }

    /** Whether a file was written at one of some moments; any time of a day is on that day. */
    private boolean isAtOne(FileFact file, Condition condition, ZoneId zone) {
        return condition.operands().stream()
                .anyMatch(operand -> operand instanceof Operand.Day day
                        ? file.modified().atZone(zone).toLocalDate().equals(day.date())
                        : file.modified().equals(instant((Operand.Moment) operand, zone)));
    }

    private Instant instant(Operand.Moment moment, ZoneId zone) {
        if (moment instanceof Operand.Day day) {
            return day.date().atStartOfDay(zone).toInstant();
        }
        if (moment instanceof Operand.TimeOfDay time) {
            return now.atZone(zone)
                    .toLocalDate()
                    .atTime(time.time())
                    .atZone(zone)
                    .toInstant();
        }
        return now.plus(((Operand.Now) moment).later());
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }

    private static boolean hasSize(FileFact file, Condition condition) {
        double[] sizes = condition.operands().stream()
                .mapToDouble(operand -> (double) ((Operand.Size) operand).bytes())
                .toArray();
        return Thresholds.holds((double) file.bytes(), condition.operator(), sizes);
    }

    private Outcome uniqueness(List<FileFact> files) throws IOException {
        Map<Long, Long> bySize = files.stream().collect(Collectors.groupingBy(FileFact::bytes, Collectors.counting()));
        Map<String, String> first = new HashMap<>();
        long again = 0;
        String example = null;
        for (FileFact file : files) {
            boolean isAlone = bySize.get(file.bytes()) == 1;
            if (!isAlone && first.putIfAbsent(checksum(file, digest(USUAL_ALGORITHM)), file.location()) != null) {
                again++;
                example = file.location();
            }
        }
        return new Outcome(1.0 - (double) again / files.size(), files.size(), again, example);
    }

    private Outcome match(Rule.Simple rule, List<FileFact> chosen) throws IOException {
        return rule.parameters().size() == 2 ? matchOfFolders(rule, chosen) : matchOfChecksums(rule, chosen);
    }

    private Outcome matchOfChecksums(Rule.Simple rule, List<FileFact> chosen) throws IOException {
        Set<String> wanted =
                rule.condition().operands().stream().map(FileChecks::text).collect(Collectors.toSet());
        List<FileFact> failing = new ArrayList<>();
        for (FileFact file : chosen) {
            if (!wanted.contains(checksum(file, digest(rule)))) {
                failing.add(file);
            }
        }
        return outcome(chosen.size(), failing);
    }

    private Outcome matchOfFolders(Rule.Simple rule, List<FileFact> chosen) throws IOException {
        Set<Long> sizes = chosen.stream().map(FileFact::bytes).collect(Collectors.toSet());
        Set<Long> otherSizes = new HashSet<>();
        Set<String> wanted = new HashSet<>();
        for (FileFact other : below(rule.parameters().get(1))) {
            otherSizes.add(other.bytes());
            if (sizes.contains(other.bytes())) {
                wanted.add(checksum(other, digest(rule)));
            }
        }
        List<FileFact> failing = new ArrayList<>();
        for (FileFact file : chosen) {
            if (!otherSizes.contains(file.bytes()) || !wanted.contains(checksum(file, digest(rule)))) {
                failing.add(file);
            }
        }
        return outcome(chosen.size(), failing);
    }

    private static String text(Operand operand) {
        return operand instanceof Operand.Text text ? text.value().toLowerCase(Locale.ROOT) : "";
    }

    private String checksum(FileFact file, MessageDigest digest) throws IOException {
        List<String> key = List.of(file.location(), digest.getAlgorithm());
        String known = checksums.get(key);
        if (known == null) {
            known = computed(file, digest);
            checksums.put(key, known);
        }
        return known;
    }

    private static String computed(FileFact file, MessageDigest digest) throws IOException {
        try (InputStream content = file.content().open()) {
            byte[] buffer = new byte[1 << 16];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}

package dev.eightbells.pipeline;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the folders of the raw objects follow time: {@code firehose} ({@code yyyy/MM/dd/HH/} in UTC), {@code flat} (not at
 * all), or a pattern such as {@code year=yyyy/month=MM/day=dd}. Folder names sort as their times do.
 *
 * <p>In a pattern, words made of {@code yyyy}, {@code MM}, {@code dd}, {@code HH} and {@code mm} alone stand for times in
 * UTC, from large to small; a word before {@code =}, any other word, and text in single quotes stand for themselves.
 *
 * @param text as the pipeline file has it, without a final slash
 */
public record Layout(String text) implements Serializable {
    // These come first: the layouts below are checked with them.
    private static final String UNITS = "yyyy, MM, dd, HH and mm";
    private static final Pattern PART = Pattern.compile("'[^']*'|[A-Za-z]+|[^A-Za-z']+|'");
    private static final Pattern UNIT = Pattern.compile("yyyy|MM|dd|HH|mm");
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** The layout of Amazon Data Firehose. */
    public static final Layout FIREHOSE = new Layout("firehose");

    /** Folders say nothing about time. */
    public static final Layout FLAT = new Layout("flat");

    /** Checks the text. */
    public Layout {
        if (!text.equals("flat")) {
            checkOrder(text, parts(text));
            checkFolders(text);
        }
    }

    /**
     * Reads {@code firehose}, {@code flat} or a pattern.
     *
     * @throws IllegalArgumentException when the pattern's folders would not sort as their times do
     */
    public static Layout parse(String text) {
        return new Layout(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    public boolean isFlat() {
        return equals(FLAT);
    }

    /**
     * The folder that holds objects of this instant, ending with a slash, e.g. {@code 2026/11/22/08/}; for flat, which
     * has one folder, the empty key prefix. Instants outside the years 0 to 9999 are in the first or last folder.
     */
    public String folder(Instant instant) {
        if (isFlat()) {
            return "";
        }

        LocalDateTime time = LocalDateTime.ofInstant(clamp(instant), ZoneOffset.UTC);
        return parts(text).stream().map(part -> part.text(time)).collect(Collectors.joining()) + "/";
    }

    /** The instant at which the folder of this instant begins; for flat {@link Instant#MIN}. */
    public Instant folderStart(Instant instant) {
        if (isFlat()) {
            return Instant.MIN;
        }

        String smallest = units(parts(text)).stream().reduce("", (before, unit) -> unit);
        return clamp(instant)
                .truncatedTo(
                        switch (smallest) {
                            case "dd" -> ChronoUnit.DAYS;
                            case "HH" -> ChronoUnit.HOURS;
                            default -> ChronoUnit.MINUTES;
                        });
    }

    @Override
    public String toString() {
        return text;
    }

    private static Instant clamp(Instant instant) {
        if (instant.isBefore(FIRST)) {
            return FIRST;
        }

        return instant.isAfter(LAST) ? LAST : instant;
    }

    private static List<Part> parts(String text) {
        String pattern = text.equals("firehose") ? "yyyy/MM/dd/HH" : text;
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(pattern);
        while (matcher.find()) {
            String word = matcher.group();
            boolean isName = pattern.startsWith("=", matcher.end());
            if (word.startsWith("'")) {
                if (word.length() == 1) {
                    throw new IllegalArgumentException("'" + text + "' has a quote that does not end");
                }

                parts.add(new Part(word.substring(1, word.length() - 1), false));
            } else if (!isName && word.matches("(" + UNIT + ")+")) {
                UNIT.matcher(word).results().forEach(unit -> parts.add(new Part(unit.group(), true)));
            } else if (!isName && word.matches("[yYuMLdDHhkKms]+")) {
                throw new IllegalArgumentException("'" + word + "' in '" + text + "' is no unit of time; use " + UNITS
                        + ", or put text that stands for itself in single quotes");
            } else {
                parts.add(new Part(word, false));
            }
        }
        return parts;
    }

    private static List<String> units(List<Part> parts) {
        return parts.stream().filter(Part::isUnit).map(Part::pattern).toList();
    }

    private static void checkOrder(String text, List<Part> parts) {
        List<String> units = units(parts);
        List<String> order = List.of("yyyy", "MM", "dd", "HH", "mm");
        if (units.size() < 3 || units.size() > order.size() || !units.equals(order.subList(0, units.size()))) {
            throw new IllegalArgumentException("the folders of '" + text + "' do not sort as their times do; use "
                    + "firehose, flat, or a pattern with yyyy, MM and dd (then HH, then mm), each once and in this "
                    + "order, e.g. year=yyyy/month=MM/day=dd");
        }
    }

    private static void checkFolders(String text) {
        for (String folder : text.split("/", -1)) {
            if (folder.isEmpty() || folder.equals(".") || folder.equals("..")) {
                throw new IllegalArgumentException("'" + text + "' has a folder named '" + folder
                        + "'; write folder names with one slash between them");
            }
        }
    }

    /** A piece of the pattern: a unit of time, or text that stands for itself. */
    private record Part(String pattern, boolean isUnit) {
        private String text(LocalDateTime time) {
            return isUnit
                    ? DateTimeFormatter.ofPattern(pattern.replace('y', 'u'), Locale.ROOT)
                            .format(time)
                    : pattern;
        }
    }
}

package dev.eightbells.warehouse;

import dev.eightbells.Failure;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What it means that the warehouse refused something.
 *
 * @param sqlState null when there is none
 * @param code Redshift's own, e.g. 1023; null when there is none
 * @param message what it said, in one line, without a full stop
 * @param advice what to do, a sentence
 * @param cause what was thrown
 */
record WarehouseError(Kind kind, String sqlState, Integer code, String message, String advice, SQLException cause) {
    static final String REPORT = "This was not expected: run it again with --debug, and report what it prints.";

    private static final String CANCELLED = "57014";
    private static final String TOO_LONG = "22001";
    private static final int LONGEST = 500;
    private static final String UNEXPECTED_BY_DRIVER = "99999";

    private static final Pattern SEVERITY = Pattern.compile("^(ERROR|FATAL|PANIC):\\s*");
    private static final Pattern DETAIL = Pattern.compile("\\s+details?:\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern REST = Pattern.compile("(?s)\\R\\s*(Hint|Position|Where|Internal Query|Location):.*");

    /** A number of its own stands first, or behind a word of its block; those of HTTP have three digits. */
    private static final Pattern CODE = Pattern.compile("\\bcode:\\s*([0-9]{4,5})\\b|^(?:ERROR:\\s*)?([0-9]{4,5})\\b");

    private static final Pattern CONTEXT =
            Pattern.compile("(?s)\\bcontext:(.*?)(?:\\b(?:query|location|process):|-{5}|$)");
    private static final Pattern PROBLEM = Pattern.compile("(?s)\\berror:(.*?)\\bcode:");
    private static final Pattern SIGNATURE = Pattern.compile("\\?[^\\s']*X-Amz-[^\\s']*");

    /** What the caller can do about it. */
    enum Kind {
        /** Somebody else changed the same rows or tables: the whole transaction is worth repeating at once. */
        CONFLICT(Failure.Kind.TRANSIENT),
        /** The connection broke: worth repeating over another one. Whether a commit that was under way succeeded is unknown. */
        LOST(Failure.Kind.TRANSIENT),
        /** Worth a later run. */
        TRANSIENT(Failure.Kind.TRANSIENT),
        /** A right, a role, a name or a network that is not as it has to be. */
        PERMISSION(Failure.Kind.INPUT),
        /** The data, or the files that hold it. */
        DATA(Failure.Kind.DATA),
        /** The tables of the warehouse are not as expected. */
        DEFINITION(Failure.Kind.INPUT),
        BUG(Failure.Kind.BUG);

        private final Failure.Kind failure;

        Kind(Failure.Kind failure) {
            this.failure = failure;
        }
    }

    static WarehouseError of(SQLException thrown) {
        // A batch only says that others say more.
        SQLException first = thrown instanceof BatchUpdateException && thrown.getNextException() != null
                ? thrown.getNextException()
                : thrown;
        List<Throwable> links = links(first);
        String text = links.stream()
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
        String sqlState = sqlState(links);
        Integer code = code(text);
        ErrorRule rule = ErrorRule.of(new ErrorRule.Facts(sqlState, code, text, links));
        return new WarehouseError(rule.kind(), sqlState, code, message(first, links), rule.advice(), thrown);
    }

    /** This error in other words. */
    WarehouseError saying(String words) {
        return new WarehouseError(kind, sqlState, code, words, advice, cause);
    }

    /** This error in other words, with other advice. */
    WarehouseError saying(String words, String otherAdvice) {
        return new WarehouseError(kind, sqlState, code, words, otherAdvice, cause);
    }

    /** Whether the warehouse gave up because it took too long. */
    boolean isTooLate() {
        return CANCELLED.equals(sqlState);
    }

    /** Whether a text does not fit its column. */
    boolean isTooLong() {
        return TOO_LONG.equals(sqlState);
    }

    /** Whether it is worth repeating at once. */
    boolean isPassing() {
        return kind == Kind.CONFLICT || kind == Kind.LOST;
    }

    /**
     * One sentence for people.
     *
     * @param doing what could not be done, e.g. {@code load commit 7 into analytics.events}
     */
    Failure toFailure(String doing) {
        List<String> names = new ArrayList<>();
        if (sqlState != null) {
            names.add("SQLSTATE " + sqlState);
        }
        if (code != null) {
            names.add("code " + code);
        }
        String place = names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
        return Failure.of(kind.failure, "Cannot " + doing + ": " + message + place + ". " + advice, cause);
    }

    /** What it said and what to do, as part of a sentence. */
    String clause() {
        return message + "; " + advice.substring(0, 1).toLowerCase(Locale.ROOT)
                + advice.substring(1).replaceFirst("\\.$", "");
    }

    /** The exception, what it is about, and what came after it. */
    private static List<Throwable> links(SQLException first) {
        Set<Throwable> links = new LinkedHashSet<>();
        collect(first, links);
        return List.copyOf(links);
    }

    private static void collect(Throwable link, Set<Throwable> links) {
        if (link == null || !links.add(link)) {
            return;
        }

        collect(link.getCause(), links);
        if (link instanceof SQLException exception) {
            collect(exception.getNextException(), links);
        }
    }

    private static String sqlState(List<Throwable> links) {
        return links.stream()
                .filter(SQLException.class::isInstance)
                .map(link -> ((SQLException) link).getSQLState())
                .filter(state -> state != null && !state.isEmpty() && !state.equals(UNEXPECTED_BY_DRIVER))
                .findFirst()
                .orElse(null);
    }

    private static Integer code(String text) {
        Matcher matcher = CODE.matcher(text);
        if (!matcher.find()) {
            return null;
        }

        return Integer.valueOf(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }

    private static String message(SQLException first, List<Throwable> links) {
        Throwable root = first;
        for (int depth = 0; root.getCause() != null && depth < links.size(); depth++) {
            root = root.getCause();
        }
        String said = said(first);
        if (root != first && !said.contains(said(root))) {
            String behind = root.getClass().getSimpleName() + ": " + said(root);
            // The driver's own words for what it did not foresee ask to report it.
            said = said.startsWith("Something unusual has occurred") ? behind : said + " (" + behind + ")";
        }
        return said.length() > LONGEST ? said.substring(0, LONGEST) + "…" : said;
    }

    /** The first line of a message, and of its detail what is more than that. */
    private static String said(Throwable link) {
        String text = link.getMessage() == null ? link.getClass().getSimpleName() : link.getMessage();
        String[] parts = DETAIL.split(SEVERITY.matcher(text.strip()).replaceFirst(""), 2);
        String head = oneLine(parts[0].replaceFirst("(?s)\\R.*", ""));
        String detail = parts.length == 1 ? "" : detail(REST.matcher(parts[1]).replaceFirst(""));
        if (head.isEmpty() || head.matches("[0-9]+")) {
            return detail.isEmpty() ? head : detail;
        }
        return detail.isEmpty() || head.contains(detail) ? head : head + ": " + detail;
    }

    /** A compute node answers in a block of lines, of which {@code context} says most. */
    private static String detail(String text) {
        Matcher context = CONTEXT.matcher(text);
        if (context.find() && !context.group(1).isBlank()) {
            return oneLine(context.group(1));
        }

        Matcher problem = PROBLEM.matcher(text);
        return oneLine(problem.find() ? problem.group(1) : text);
    }

    private static String oneLine(String text) {
        return SIGNATURE
                .matcher(text)
                .replaceAll("")
                .replaceAll("\\s*\\(SDK [^)]*\\)", "")
                .replaceAll("\\s+", " ")
                .strip()
                .replaceFirst("[.\\s]+$", "");
    }
}

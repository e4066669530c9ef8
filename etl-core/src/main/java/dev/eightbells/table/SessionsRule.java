package dev.eightbells.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What makes a session, in clauses that name columns of the events: the same rule under other names is the same rule. */
record SessionsRule(List<String> clauses) {
    private static final String BY = "by: ";

    /** A declared column: its name, how it is made, and of what. */
    private static final Pattern DECLARED =
            Pattern.compile("([a-z0-9_]+: (?:count|sum|min|max|any|first|last|(expression)) )(.+)", Pattern.DOTALL);

    /** What is no name of a column in SQL: texts, fields of structs, numbers, functions; then what may be one. */
    private static final Pattern WORD = Pattern.compile(
            "'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|\\.\\s*`?\\w+`?|\\b\\d\\w*|\\b[A-Za-z_]\\w*\\s*\\(|`?\\b([A-Za-z_]\\w*)\\b`?",
            Pattern.DOTALL);

    SessionsRule {
        clauses = List.copyOf(clauses);
    }

    /** The column of the visitor. */
    String visitor() {
        return clauses.stream()
                .filter(clause -> clause.startsWith(BY))
                .map(clause -> clause.substring(BY.length()))
                .findFirst()
                .orElse("");
    }

    /** The same rule over columns that have other names now. */
    SessionsRule renamed(Map<String, String> names) {
        if (names.isEmpty()) {
            return this;
        }
        String visitor = visitor();
        List<String> renamed = new ArrayList<>();
        for (String clause : clauses) {
            Matcher declared = DECLARED.matcher(clause);
            if (!declared.matches()) {
                int text = clause.indexOf(": ") + 2;
                renamed.add(clause.substring(0, text) + renamed(clause.substring(text), names));
            } else if (declared.group(2) == null) {
                renamed.add(declared.group(1) + renamed(declared.group(3), names));
            } else {
                // Of the session's columns, only the visitor is one of the events'.
                Map<String, String> one = names.containsKey(visitor) ? Map.of(visitor, names.get(visitor)) : Map.of();
                renamed.add(declared.group(1) + renamed(declared.group(3), one));
            }
        }
        return new SessionsRule(renamed);
    }

    /** The same, but for clauses that another rule has as they are: a word of SQL may be a column's former name. */
    SessionsRule renamed(Map<String, String> names, SessionsRule other) {
        List<String> renamed = renamed(names).clauses;
        return new SessionsRule(IntStream.range(0, clauses.size())
                .mapToObj(i -> other.clauses.contains(clauses.get(i)) ? clauses.get(i) : renamed.get(i))
                .toList());
    }

    private static String renamed(String sql, Map<String, String> names) {
        return WORD.matcher(sql).replaceAll(word -> {
            String name = word.group(1) == null ? null : names.get(word.group(1).toLowerCase(Locale.ROOT));
            return Matcher.quoteReplacement(name == null ? word.group() : name);
        });
    }

    /** How another rule differs from this one, in clauses. */
    List<String> differences(SessionsRule file) {
        List<String> differences = new ArrayList<>();
        Set<String> there = new TreeSet<>(clauses);
        there.stream()
                .filter(clause -> !file.clauses.contains(clause))
                .forEach(clause -> differences.add("'" + clause + "' there is not in the file"));
        file.clauses.stream()
                .filter(clause -> !there.contains(clause))
                .forEach(clause -> differences.add("'" + clause + "' in the file is not there"));
        return differences;
    }
}

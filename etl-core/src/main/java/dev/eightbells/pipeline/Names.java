package dev.eightbells.pipeline;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What tables and columns may be called. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_]*");
    private static final int LONGEST = 127;

    private Names() {}

    /** A column's name. */
    static String column(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no name of a column; use a-z, 0-9 and _, not beginning with a digit ('from' reaches any "
                    + "name in the JSON)");
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "'" + text + "' is longer than the " + LONGEST + " letters that Redshift takes; shorten it");
        }

        return text;
    }

    static boolean isTable(String text) {
        return TABLE.matcher(text).matches();
    }

    /** A table's name, {@code database.table}. */
    static TableName table(String text) {
        int dot = text.indexOf('.');
        if (!isTable(text) || dot > LONGEST || text.length() - dot - 1 > LONGEST) {
            throw new IllegalArgumentException("'" + text
                    + "' is no name of a table; write database.table, both with a-z, 0-9 and _, not beginning with a "
                    + "digit");
        }

        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    /**
     * Notes a problem at the second of two names that Redshift and Glue, which ignore case, cannot tell apart, and at a
     * name that is taken already.
     *
     * @param value where the name stands
     * @param name the name as it was written, perhaps an invalid one; null when there is none
     * @param seen the names before it, in lower case, and the lines they stand in; the new one is added
     * @param reserved names that are taken
     */
    static void checkUnique(Value value, String name, Map<String, Integer> seen, Set<String> reserved) {
        if (name == null) {
            return;
        }

        String folded = name.toLowerCase(Locale.ROOT);
        if (reserved.contains(folded)) {
            value.problem("'" + name + "' is a column that Eightbells or Iceberg adds itself; choose another name");
        }
        Integer earlier = seen.putIfAbsent(folded, value.keyLine());
        if (earlier != null) {
            value.problem("the name '" + name + "' is taken by line " + earlier
                    + " (upper and lower case are the same); choose another");
        }
    }
}

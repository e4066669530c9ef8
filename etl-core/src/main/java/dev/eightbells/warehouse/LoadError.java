package dev.eightbells.warehouse;

import java.util.List;

/** What a warehouse notes about the file that stopped a COPY. */
final class LoadError {
    private static final int FILE = 0;
    private static final int COLUMN = 2;
    private static final int TYPE = 3;
    private static final int MESSAGE = 5;

    private LoadError() {}

    /**
     * What a COPY said, with what was noted about its file; said once where both say the same.
     *
     * @param row as in {@link #of}
     */
    static String explaining(String said, List<Object> row) {
        String noted = of(row);
        return noted.contains(said) || said.contains(message(row)) ? noted : said + ": " + noted;
    }

    /**
     * The error in words.
     *
     * @param row as {@link Statement.FindLoadError} asks for it; any value may be null, and is padded with blanks
     */
    static String of(List<Object> row) {
        String column = text(row, COLUMN);
        String type = text(row, TYPE);
        return "file " + text(row, FILE)
                + (column.isEmpty() ? "" : ", column " + column)
                + (type.isEmpty() ? "" : " (" + type + ")")
                + ": " + message(row);
    }

    private static String message(List<Object> row) {
        return text(row, MESSAGE).replaceAll("\\s+", " ").replaceFirst("\\.$", "");
    }

    private static String text(List<Object> row, int i) {
        return row.get(i) == null ? "" : row.get(i).toString().strip();
    }
}

package dev.eightbells.steps;

import java.io.PrintStream;

/**
 * Where a command speaks: results on {@code out}, progress and errors on {@code err}.
 *
 * @param progress how long work is shown
 */
public record Console(PrintStream out, PrintStream err, Progress progress) {
    /** How long work is shown. */
    public enum Progress {
        /** A bar that is redrawn in place. */
        BAR,
        /** Plain lines. */
        LINES
    }

    /** The process's own streams; a bar when a person looks at a terminal. */
    @SuppressWarnings("SystemConsoleNull") // On a newer JDK the worst is a bar in a file.
    public static Console system() {
        boolean terminal = System.console() != null && System.getenv("CI") == null;
        return new Console(System.out, System.err, terminal ? Progress.BAR : Progress.LINES);
    }

    /** Prints a line of the result. */
    public void println(String line) {
        out.println(line);
        out.flush();
    }
}

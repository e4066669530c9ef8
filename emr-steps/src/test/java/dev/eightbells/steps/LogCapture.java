package dev.eightbells.steps;

import java.io.StringWriter;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** All that this project's code and the driver log in full, and everybody else at INFO, while it is open. */
final class LogCapture implements AutoCloseable {
    private static final List<String> IN_FULL = List.of("dev.eightbells", "com.amazon.redshift");
    private static final String NAME = "capture";

    private final StringWriter text = new StringWriter();
    private final LoggerContext context;
    private final Handler handler = new JavaLogging();
    private final java.util.logging.Level before = Logger.getLogger("").getLevel();

    /** The compiler of Spark's generated code cannot log in full: it fails on types of its own that have no name. */
    private final Logger compiler = Logger.getLogger("org.codehaus.janino");

    private LogCapture(LoggerContext context) {
        this.context = context;
    }

    /** Begins to listen. */
    static LogCapture begin() {
        LogCapture capture = new LogCapture((LoggerContext) LogManager.getContext(false));
        WriterAppender appender = WriterAppender.createAppender(
                PatternLayout.newBuilder().withPattern("%p %c %m%n%throwable").build(),
                null,
                capture.text,
                NAME,
                true,
                true);
        appender.start();
        LoggerConfig root = capture.context.getConfiguration().getRootLogger();
        // What else would print them comes back when this is closed.
        root.getAppenders().keySet().forEach(root::removeAppender);
        root.addAppender(appender, Level.INFO, null);
        root.setLevel(Level.INFO);
        for (String name : IN_FULL) {
            LoggerConfig logger = new LoggerConfig(name, Level.ALL, false);
            logger.addAppender(appender, Level.ALL, null);
            capture.context.getConfiguration().addLogger(name, logger);
        }
        capture.context.updateLoggers();
        Logger.getLogger("").addHandler(capture.handler);
        Logger.getLogger("").setLevel(java.util.logging.Level.ALL);
        capture.compiler.setLevel(java.util.logging.Level.INFO);
        return capture;
    }

    /** What was logged until now. */
    String text() {
        return text.toString();
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(handler);
        Logger.getLogger("").setLevel(before);
        compiler.setLevel(null);
        // Back to what the file says.
        context.reconfigure();
    }

    private final class JavaLogging extends Handler {
        private JavaLogging() {
            setLevel(java.util.logging.Level.ALL);
        }

        @Override
        public void publish(LogRecord entry) {
            text.append(entry.getLevel() + " " + entry.getLoggerName() + " " + entry.getMessage() + " "
                    + entry.getThrown() + "\n");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}

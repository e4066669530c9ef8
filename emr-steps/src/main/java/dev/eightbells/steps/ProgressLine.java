package dev.eightbells.steps;

import dev.eightbells.batch.Manifest;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;
import org.apache.spark.sql.SparkSession;

/** Shows how far a batch's tasks are: a bar on a terminal, a line now and then elsewhere. Silent for short work. */
final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long BAR_MILLIS = 200;
    private static final long LINE_MILLIS = 10_000;

    private final Workplace workplace;
    private final Console console;
    private final String batch;
    private final ScheduledExecutorService clock;
    private ScheduledFuture<?> ticking;
    private boolean drawn;

    private ProgressLine(Workplace workplace, Console console, String batch) {
        this.workplace = workplace;
        this.console = console;
        this.batch = batch;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "eightbells-progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    static ProgressLine start(Workplace workplace, Console console, Manifest manifest) {
        return new ProgressLine(workplace, console, manifest.batch().toString());
    }

    /** Draws from now on, until this is closed. */
    void show() {
        long period = console.progress() == Console.Progress.BAR ? BAR_MILLIS : LINE_MILLIS;
        ticking = clock.scheduleAtFixedRate(this::draw, period, period, TimeUnit.MILLISECONDS);
    }

    private synchronized void draw() {
        if (clock.isShutdown()) {
            return;
        }
        Optional<SparkSession> session = workplace.runningSpark();
        if (session.isEmpty()) {
            return;
        }
        JavaSparkStatusTracker tracker =
                JavaSparkContext.fromSparkContext(session.get().sparkContext()).statusTracker();
        int tasks = 0;
        int done = 0;
        int stages = 0;
        for (int id : tracker.getActiveStageIds()) {
            SparkStageInfo stage = tracker.getStageInfo(id);
            if (stage != null) {
                tasks += stage.numTasks();
                done += stage.numCompletedTasks();
                stages++;
            }
        }
        if (stages == 0) {
            return;
        }
        String text = String.format(Locale.ROOT, "%s  %d of %d tasks", batch, done, tasks);
        if (console.progress() == Console.Progress.LINES) {
            console.err().println(text);
            return;
        }
        int filled = WIDTH * done / Math.max(1, tasks);
        console.err().print("\r[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + text);
        console.err().flush();
        drawn = true;
    }

    @Override
    public synchronized void close() {
        ticking.cancel(false);
        clock.shutdownNow();
        if (drawn) {
            console.err().print("\r\u001b[K");
            console.err().flush();
            drawn = false;
        }
    }
}

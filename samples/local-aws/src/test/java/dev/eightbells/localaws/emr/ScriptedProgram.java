package dev.eightbells.localaws.emr;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Does what the first argument says: {@code exit 3}, {@code print TEXT} and fail, {@code throw TEXT}, {@code wait}. */
final class ScriptedProgram implements StepProgram {
    private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final List<String> interrupted = new CopyOnWriteArrayList<>();

    @Override
    public int run(StepRun run) throws Exception {
        ran.add(run.name());
        switch (run.arguments().get(0)) {
            case "exit" -> {
                return Integer.parseInt(run.arguments().get(1));
            }
            case "print" -> {
                Files.writeString(run.logs().resolve("stderr"), run.arguments().get(1));
                return 1;
            }
            case "throw" -> throw new IllegalArgumentException(run.arguments().get(1));
            default -> {
                try {
                    gate(run.name()).await();
                    return 0;
                } catch (InterruptedException e) {
                    interrupted.add(run.name());
                    throw e;
                }
            }
        }
    }

    private CountDownLatch gate(String step) {
        return waiting.computeIfAbsent(step, name -> new CountDownLatch(1));
    }

    /** Lets a step that waits return 0, now or when it comes to wait. */
    void release(String step) {
        gate(step).countDown();
    }

    /** The names of the steps that were begun, in order. */
    List<String> ran() {
        return ran;
    }

    List<String> interrupted() {
        return interrupted;
    }
}

package dev.eightbells.quality;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.FileScanTask;

/**
 * What batches before a number measured, in the history's table as it was when this was made. Files are read from the
 * newest batches backwards, and only until what is asked for is known.
 */
final class EarlierBatches implements MetricHistory {
    private final EvaluationFiles files;
    private final int number;
    private final Deque<FileScanTask> unread;
    private final Baselines baselines = new Baselines();

    EarlierBatches(EvaluationFiles files, int number) {
        this.files = files;
        this.number = number;
        this.unread = new ArrayDeque<>(files.baselinesBefore(number).stream()
                .sorted(Comparator.comparing(files::highestNumber).reversed())
                .toList());
    }

    @Override
    public synchronized Map<String, List<Double>> newest(Set<String> metrics, int batches) {
        while (!unread.isEmpty() && !baselines.areEnough(metrics, batches, files.highestNumber(unread.getFirst()))) {
            files.read(unread.getFirst()).stream()
                    .filter(row -> row.number() < number)
                    .forEach(baselines::add);
            unread.removeFirst();
        }
        return baselines.newest(metrics, batches);
    }
}

package dev.eightbells.write;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.StoredObject;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one attempt at a batch works on.
 *
 * @param batch the batch's id
 * @param attempt the attempt's number, from 1; names its files
 * @param pipeline the definition that was frozen with the batch
 * @param objects the manifest's objects, in its order
 * @param selection which of their records it takes
 * @param environment where credentials and endpoints of AWS are looked up; the other variables are left out
 */
public record BatchInput(
        String batch,
        int attempt,
        Pipeline pipeline,
        List<StoredObject> objects,
        RecordSelection selection,
        Map<String, String> environment)
        implements Serializable {
    public BatchInput {
        objects = List.copyOf(objects);
        // It travels with every task; of the secrets in it, tasks need those of AWS alone.
        environment = environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("AWS_"))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The same for tasks that know their objects otherwise: the manifest need not travel with each of them. */
    BatchInput withoutObjects() {
        return new BatchInput(batch, attempt, pipeline, List.of(), RecordSelection.all(), environment);
    }

    @Override
    public String toString() {
        return "batch " + batch + ", attempt " + attempt + ", " + objects.size() + " objects";
    }
}

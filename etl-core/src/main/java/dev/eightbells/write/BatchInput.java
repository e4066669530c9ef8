package dev.eightbells.write;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.StoredObject;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What one attempt at a batch works on.
 *
 * @param batch the batch's id
 * @param attempt the attempt's number, from 1; names its files
 * @param pipeline the definition that was frozen with the batch
 * @param objects the manifest's objects, in its order
 * @param environment where credentials and endpoints are looked up, here and in the tasks
 */
public record BatchInput(
        String batch, int attempt, Pipeline pipeline, List<StoredObject> objects, Map<String, String> environment)
        implements Serializable {
    public BatchInput {
        objects = List.copyOf(objects);
        environment = Map.copyOf(environment);
    }
}

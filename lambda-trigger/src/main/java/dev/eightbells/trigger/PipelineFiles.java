package dev.eightbells.trigger;

import dev.eightbells.Failure;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The pipeline files that a function looks after.
 *
 * @param entries as they were configured: a file's location, or a folder's that ends with a slash
 */
record PipelineFiles(List<String> entries) {
    static final String VARIABLE = "EIGHTBELLS_PIPELINES";

    PipelineFiles {
        entries = List.copyOf(entries);
    }

    /**
     * Those that an environment names.
     *
     * @throws Failure of kind INPUT when it names none
     */
    static PipelineFiles of(Map<String, String> environment) {
        List<String> entries = Stream.of(environment.getOrDefault(VARIABLE, "").split("[\\s,]+", -1))
                .filter(entry -> !entry.isEmpty())
                .toList();
        if (entries.isEmpty()) {
            throw Failure.input(
                    "Cannot look after any pipeline: " + VARIABLE + " is not set. Set it to the locations of"
                            + " pipeline files, separated by blanks, or to a folder of them that ends with a slash.");
        }
        return new PipelineFiles(entries);
    }

    /**
     * The files that an entry stands for: itself, or every .yaml file directly in the folder.
     *
     * @throws Failure of kind INPUT when the folder holds none or cannot be listed
     */
    static List<String> expand(String entry, Map<String, String> environment) {
        if (!entry.endsWith("/")) {
            return List.of(entry);
        }
        try (ObjectStore folder = ObjectStores.open(Location.of(entry), environment);
                Stream<StoredObject> objects = folder.list("", "")) {
            List<String> files = objects.map(StoredObject::key)
                    .filter(key -> key.matches("[^/]+\\.ya?ml"))
                    .map(folder.location()::resolve)
                    .toList();
            if (files.isEmpty()) {
                throw Failure.input("Cannot look after any pipeline in " + entry
                        + ": there is no .yaml file in it. Upload one, or correct " + VARIABLE + ".");
            }
            return files;
        }
    }
}

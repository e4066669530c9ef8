package dev.eightbells.pipeline;

import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Set;

/** What a pipeline file on S3 means: what belongs to it lies below its folder, and nothing else is relative to it. */
final class S3Places implements Places {
    private static final Set<String> NO_NAMES = Set.of("", ".", "..");

    private final ObjectStore folder;

    S3Places(ObjectStore folder) {
        this.folder = folder;
    }

    @Override
    public Location location(String text) {
        if (!Places.isOnS3(text) && !isLocal(text)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is relative, and the pipeline file lies on S3; write s3://bucket/prefix/");
        }

        return Location.of(text);
    }

    @Override
    public Location beside(String text) {
        return Places.isOnS3(text) || isLocal(text) ? Location.of(text) : Location.of(name(text));
    }

    @Override
    public String read(String name) {
        String key = key(name);
        byte[] bytes = folder.read(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no object " + folder.location().resolve(key) + "; correct the name, or upload it"))
                .bytes();
        try {
            String text = Utf8.decode(bytes);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException(
                    "the object " + folder.location().resolve(key) + " is no UTF-8 text; save it as UTF-8", malformed);
        }
    }

    @Override
    public String name(String name) {
        return folder.location().resolve(key(name));
    }

    private static String key(String name) {
        String key = name.replaceFirst("^(\\./)+", "");
        if (name.contains("://") || Arrays.stream(key.split("/", -1)).anyMatch(NO_NAMES::contains)) {
            throw new IllegalArgumentException(
                    "'" + name + "' does not lie below the folder of the pipeline file; put it there");
        }

        return key;
    }

    private static boolean isLocal(String text) {
        return text.startsWith("/") || text.startsWith("file:/");
    }
}

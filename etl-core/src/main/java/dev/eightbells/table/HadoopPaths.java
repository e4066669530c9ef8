package dev.eightbells.table;

import dev.eightbells.store.Location;

/** How a {@link Location} is written for Hadoop, whose default file system on a cluster is not the local disk. */
public final class HadoopPaths {
    private HadoopPaths() {}

    /** The location with its scheme, ending with a slash. */
    public static String of(Location location) {
        return location.isS3() ? location.toString() : "file:" + location;
    }

    /** A table file's place relative to the lake when it lies there, else as it is. */
    public static String relativeTo(Location lake, String file) {
        String root = of(lake);
        return file.startsWith(root) ? file.substring(root.length()) : lake.relativize(file);
    }
}

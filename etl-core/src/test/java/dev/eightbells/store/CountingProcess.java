package dev.eightbells.store;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Counts up an object together with others: its arguments are the location and how often. */
final class CountingProcess {

    private CountingProcess() {}

    public static void main(String[] arguments) {
        count(new LocalObjectStore(Location.of(arguments[0])), "state/counter", Integer.parseInt(arguments[1]));
    }

    static void count(ObjectStore store, String key, int times) {
        int done = 0;
        while (done < times) {
            ObjectStore.Content content = store.read(key).orElseThrow();
            int next = Integer.parseInt(new String(content.bytes(), UTF_8)) + 1;
            byte[] written = Integer.toString(next).getBytes(UTF_8);
            if (store.replace(key, content.etag(), written).isPresent()) {
                done++;
            }
        }
    }
}

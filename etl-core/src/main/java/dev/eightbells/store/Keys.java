package dev.eightbells.store;

import java.util.Comparator;

/** What all stores agree on about keys. */
final class Keys {

    /** The order of the keys' UTF-8 bytes, which is S3's; String's own order differs beyond the basic plane. */
    static final Comparator<String> ORDER = Keys::compare;

    private Keys() {}

    /**
     * Returns a key that an object may be written under: names between single slashes.
     *
     * @throws IllegalArgumentException for an empty key, an empty name in it, or a name of dots
     */
    static String check(String key) {
        for (String name : key.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException(
                        "Invalid key: " + key + " (needs names between single slashes, none of them . or ..)");
            }
        }
        return key;
    }

    private static int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (Character.isSurrogate(a) != Character.isSurrogate(b)) {
                return Character.isSurrogate(a) ? 1 : -1; // Beyond the basic plane, and so after all that is in it.
            }
            if (a != b) {
                return Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}

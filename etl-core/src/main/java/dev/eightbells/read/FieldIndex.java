package dev.eightbells.read;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields that a table wants, as a tree of names. A name is looked up by its raw bytes; the reader first tries the
 * field that came next the last time, for records of one source hold their fields in one order. For one reader only.
 */
final class FieldIndex {
    /** The slot of a field that nobody wants. */
    static final int NOT_WANTED = -1;

    /** One object's wanted fields. */
    static final class Node {
        private final Map<String, Entry> byName = new LinkedHashMap<>();
        private Entry[] table = new Entry[4];
        private Entry first;

        private void seal() {
            int size = Integer.highestOneBit(Math.max(byName.size(), 1)) * 4;
            table = new Entry[size];
            for (Entry entry : byName.values()) {
                int at = hash(entry.name, 0, entry.name.length) & (size - 1);
                while (table[at] != null) {
                    at = (at + 1) & (size - 1);
                }
                table[at] = entry;
                if (entry.child != null) {
                    entry.child.seal();
                }
            }
        }

        /** The entry of this name, or null. */
        Entry find(Entry previous, byte[] bytes, int start, int end) {
            Entry guess = previous == null ? first : previous.next;
            if (guess != null && Arrays.equals(bytes, start, end, guess.name, 0, guess.name.length)) {
                return guess;
            }
            int mask = table.length - 1;
            int at = hash(bytes, start, end) & mask;
            for (Entry entry = table[at]; entry != null; entry = table[at]) {
                if (Arrays.equals(bytes, start, end, entry.name, 0, entry.name.length)) {
                    if (previous == null) {
                        first = entry;
                    } else {
                        previous.next = entry;
                    }
                    return entry;
                }
                at = (at + 1) & mask;
            }
            return null;
        }

        private static int hash(byte[] bytes, int start, int end) {
            int hash = 0;
            for (int i = start; i < end; i++) {
                hash = 31 * hash + bytes[i];
            }
            return hash ^ (hash >>> 15);
        }
    }

    /** One wanted field: it has a slot of its own, or fields below it have, or both. */
    static final class Entry {
        private final byte[] name;
        private int slot = NOT_WANTED;
        private Node child;
        private int[] below = {};
        private Entry next;

        private Entry(String name) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
        }

        int slot() {
            return slot;
        }

        /** The wanted fields below; null when there are none. */
        Node child() {
            return child;
        }

        /** The slots of all fields below, however deep. */
        int[] below() {
            return below;
        }
    }

    private final Node root = new Node();
    private int slots;

    /** Adds a path; gives its slot, the same for the same path. */
    int add(List<String> path) {
        Node node = root;
        Entry entry = null;
        for (String name : path) {
            if (entry != null) {
                if (entry.child == null) {
                    entry.child = new Node();
                }
                node = entry.child;
            }
            entry = node.byName.computeIfAbsent(name, Entry::new);
        }
        if (entry == null) {
            throw new IllegalArgumentException("Invalid path: it has no names");
        }
        if (entry.slot == NOT_WANTED) {
            entry.slot = slots++;
            addBelow(path, entry.slot);
        }
        root.seal();
        return entry.slot;
    }

    private void addBelow(List<String> path, int slot) {
        Node node = root;
        for (String name : path.subList(0, path.size() - 1)) {
            Entry entry = node.byName.get(name);
            entry.below = Arrays.copyOf(entry.below, entry.below.length + 1);
            entry.below[entry.below.length - 1] = slot;
            node = entry.child;
        }
    }

    Node root() {
        return root;
    }

    int slots() {
        return slots;
    }
}

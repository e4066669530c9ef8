package dev.eightbells.read;

import java.util.Arrays;

/**
 * Where the wanted values of one record stand in the buffer: for each slot of the {@link FieldIndex} a kind and a span,
 * and, when unknown fields are kept, the spans of all of them in the order in which they stand.
 */
final class Fields {
    final byte[] kinds;
    final int[] starts;
    final int[] ends;

    private int unknown;
    private int[] nameStarts = new int[16];
    private int[] nameEnds = new int[16];
    private int[] valueStarts = new int[16];
    private int[] valueEnds = new int[16];

    Fields(int slots) {
        this.kinds = new byte[slots];
        this.starts = new int[slots];
        this.ends = new int[slots];
    }

    void clear() {
        Arrays.fill(kinds, Kind.ABSENT);
        unknown = 0;
    }

    void clear(int[] slots) {
        for (int slot : slots) {
            kinds[slot] = Kind.ABSENT;
        }
    }

    /** Begins an unknown field, spans with their quotes; gives the code by which {@link #set} ends it. */
    int addUnknown(int nameStart, int nameEnd) {
        if (unknown == nameStarts.length) {
            nameStarts = Arrays.copyOf(nameStarts, unknown * 2);
            nameEnds = Arrays.copyOf(nameEnds, unknown * 2);
            valueStarts = Arrays.copyOf(valueStarts, unknown * 2);
            valueEnds = Arrays.copyOf(valueEnds, unknown * 2);
        }
        nameStarts[unknown] = nameStart;
        nameEnds[unknown] = nameEnd;
        unknown++;
        return FieldIndex.NOT_WANTED - unknown;
    }

    /** Keeps a value: in its slot, or as the unknown field that has this (negative) code. */
    void set(int slot, byte kind, int start, int end) {
        if (slot >= 0) {
            kinds[slot] = kind;
            starts[slot] = start;
            ends[slot] = end;
            return;
        }
        int quote = Kind.isString(kind) ? 1 : 0;
        int field = FieldIndex.NOT_WANTED - slot - 1;
        valueStarts[field] = start - quote;
        valueEnds[field] = end + quote;
    }

    int unknown() {
        return unknown;
    }

    int nameStart(int field) {
        return nameStarts[field];
    }

    int nameEnd(int field) {
        return nameEnds[field];
    }

    int valueStart(int field) {
        return valueStarts[field];
    }

    int valueEnd(int field) {
        return valueEnds[field];
    }
}

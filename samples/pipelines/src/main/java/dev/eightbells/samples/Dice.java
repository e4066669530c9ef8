package dev.eightbells.samples;

/**
 * Seeded chance, SplitMix64. The JDK promises the sequence of no generator that is this fast, and generated data
 * must be the same on every JDK.
 */
final class Dice {
    private long state;

    Dice(long seed) {
        this.state = seed;
    }

    /** Dice of their own for another question, so that one answer more here moves nothing there. */
    Dice split(long salt) {
        return new Dice(mix(state + salt * 0x9E3779B97F4A7C15L));
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        return mix(state);
    }

    /** 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** {@code low} to {@code high - 1}; {@code low} when that is nothing. */
    long between(long low, long high) {
        return high <= low ? low : low + Long.remainderUnsigned(next(), high - low);
    }

    /** True once in so many times. */
    boolean oneIn(int times) {
        return below(times) == 0;
    }

    boolean percent(int chance) {
        return below(100) < chance;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}

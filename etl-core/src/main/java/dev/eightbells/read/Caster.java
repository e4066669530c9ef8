package dev.eightbells.read;

/**
 * Turns a JSON value into Spark's internal value of one type, without loss or not at all. For one thread; results may
 * refer to the bytes.
 */
@FunctionalInterface
interface Caster {
    /** What comes of a value that does not cast. */
    Object FAILED = new Object();

    /**
     * @param kind a {@link Kind} that is there and not null; {@link Kind#ESCAPED} never gets here
     * @return the value, null when the value means null, or {@link #FAILED}
     */
    Object cast(byte[] bytes, int kind, int start, int end);
}

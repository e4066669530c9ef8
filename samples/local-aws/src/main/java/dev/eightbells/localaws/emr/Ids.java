package dev.eightbells.localaws.emr;

import java.security.SecureRandom;

/** Identifiers of EMR's shape. */
final class Ids {
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int CLUSTER = 13;
    private static final int STEP = 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    static String cluster() {
        return "j-" + letters(CLUSTER);
    }

    static String step() {
        return "s-" + letters(STEP);
    }

    private static String letters(int count) {
        return RANDOM.ints(count, 0, LETTERS.length())
                .collect(StringBuilder::new, (text, at) -> text.append(LETTERS.charAt(at)), StringBuilder::append)
                .toString();
    }
}

package dev.eightbells.read;

/** Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** How many bytes a character that begins with this (negative) byte has, 2 to 4; 0 when none begins so. */
    static int lengthByLead(byte lead) {
        int value = lead & 0xFF;
        if (value < 0xC2 || value > 0xF4) {
            return 0;
        }
        return value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
    }

    /** Whether these 2 to 4 bytes, the first of which fits the length, are one character. */
    static boolean isCharacter(byte[] b, int at, int length) {
        int second = b[at + 1] & 0xFF;
        int lead = b[at] & 0xFF;
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < least || second > most) {
            return false;
        }
        for (int k = 2; k < length; k++) {
            if ((b[at + k] & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }

    static boolean isValid(byte[] b) {
        int i = 0;
        while (i < b.length) {
            if (b[i] >= 0) {
                i++;
                continue;
            }
            int length = lengthByLead(b[i]);
            if (length == 0 || i + length > b.length || !isCharacter(b, i, length)) {
                return false;
            }
            i += length;
        }
        return true;
    }
}

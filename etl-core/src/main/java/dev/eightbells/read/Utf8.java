package dev.eightbells.read;

/** Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    /** What begins here may be a character, but the limit cuts it. */
    static final int CUT = -1;

    private Utf8() {}

    /** The length of the character of more than one byte that begins here; 0 when none does; or {@link #CUT}. */
    static int length(byte[] b, int at, int limit) {
        int lead = b[at] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        for (int k = 1; k < length; k++) {
            if (at + k >= limit) {
                return CUT;
            }
            int next = b[at + k] & 0xFF;
            if (next < least || next > most) {
                return 0;
            }
            least = 0x80;
            most = 0xBF;
        }
        return length;
    }

    static boolean isValid(byte[] b) {
        int i = 0;
        while (i < b.length) {
            int length = b[i] >= 0 ? 1 : length(b, i, b.length);
            if (length <= 0) {
                return false;
            }
            i += length;
        }
        return true;
    }
}

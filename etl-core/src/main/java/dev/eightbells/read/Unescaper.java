package dev.eightbells.read;

import java.util.Arrays;

/** Turns the text between a JSON string's quotes into the UTF-8 it stands for. The text has been checked before. */
final class Unescaper {
    private byte[] scratch = new byte[256];

    /** The bytes, a new array. */
    byte[] unescape(byte[] b, int start, int end) {
        if (scratch.length < end - start) {
            scratch = new byte[Math.max(end - start, scratch.length * 2)];
        }
        byte[] out = scratch;
        int size = 0;
        int i = start;
        while (i < end) {
            byte c = b[i];
            if (c != '\\') {
                out[size++] = c;
                i++;
                continue;
            }
            byte escape = b[i + 1];
            if (escape != 'u') {
                out[size++] = simple(escape);
                i += 2;
                continue;
            }
            int unit = unit(b, i + 2);
            i += 6;
            int character = unit;
            if (Character.isHighSurrogate((char) unit)) {
                character = Character.toCodePoint((char) unit, (char) unit(b, i + 2));
                i += 6;
            }
            size = append(out, size, character);
        }
        return Arrays.copyOf(out, size);
    }

    private static byte simple(byte escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private static int unit(byte[] b, int at) {
        int unit = 0;
        for (int k = at; k < at + 4; k++) {
            unit = (unit << 4) | Character.digit(b[k], 16);
        }
        return unit;
    }

    // Never more bytes than the escape has: 6 for up to 3, 12 for 4.
    private static int append(byte[] out, int at, int character) {
        int size = at;
        if (character < 0x80) {
            out[size++] = (byte) character;
        } else if (character < 0x800) {
            out[size++] = (byte) (0xC0 | (character >> 6));
            out[size++] = tail(character);
        } else if (character < 0x10000) {
            out[size++] = (byte) (0xE0 | (character >> 12));
            out[size++] = tail(character >> 6);
            out[size++] = tail(character);
        } else {
            out[size++] = (byte) (0xF0 | (character >> 18));
            out[size++] = tail(character >> 12);
            out[size++] = tail(character >> 6);
            out[size++] = tail(character);
        }
        return size;
    }

    private static byte tail(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}

package dev.eightbells.read;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern of fixed-width numbers, fractions, offsets and literals, such as {@code yyyy-MM-dd HH:mm:ss[.SSSSSS]}, read
 * straight from the bytes. {@code S…} takes 1 to that many digits; those below micros must be zero.
 */
final class FixedPattern implements TimeFormat {
    /** One part of a pattern: reads at an index and gives the index behind it, or -1. */
    @FunctionalInterface
    private interface Part {
        int read(byte[] b, int at, int end, TimeFields into);
    }

    private final Part[] parts;

    private FixedPattern(List<Part> parts) {
        this.parts = parts.toArray(Part[]::new);
    }

    /** The pattern, or null when it has something else in it. */
    static FixedPattern compile(String pattern) {
        Compiler compiler = new Compiler(pattern);
        List<Part> parts = compiler.parts(false);
        return parts == null || compiler.next < pattern.length() ? null : new FixedPattern(parts);
    }

    @Override
    public boolean read(byte[] bytes, int kind, int start, int end, TimeFields into) {
        if (kind != Kind.STRING && kind != Kind.INTEGER) {
            return false;
        }
        into.clear();
        return readAll(parts, bytes, start, end, into) == end;
    }

    private static int readAll(Part[] parts, byte[] b, int start, int end, TimeFields into) {
        int at = start;
        for (Part part : parts) {
            at = part.read(b, at, end, into);
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }

    /** Turns a pattern's text into parts. */
    private static final class Compiler {
        private final String pattern;
        private int next;

        Compiler(String pattern) {
            this.pattern = pattern;
        }

        private List<Part> parts(boolean optional) {
            List<Part> parts = new ArrayList<>();
            while (next < pattern.length()) {
                char c = pattern.charAt(next);
                if (c == ']' && optional) {
                    return parts;
                }
                Part part = c == '[' ? option() : Character.isLetter(c) ? field(c) : literal(c);
                if (part == null) {
                    return null;
                }
                parts.add(part);
            }
            return optional ? null : parts;
        }

        private Part option() {
            next++;
            List<Part> inside = parts(true);
            if (inside == null) {
                return null;
            }
            next++;
            Part[] option = inside.toArray(Part[]::new);
            TimeFields before = new TimeFields();
            return (b, at, end, into) -> {
                before.set(into);
                int behind = readAll(option, b, at, end, into);
                if (behind < 0) {
                    into.set(before);
                    return at;
                }
                return behind;
            };
        }

        private Part literal(char c) {
            next++;
            if (c == '\'') {
                int quote = pattern.indexOf('\'', next);
                if (quote < 0) {
                    return null;
                }
                String text = quote == next ? "'" : pattern.substring(next, quote);
                next = quote + 1;
                // Two quotes inside quotes are one more that java.time knows how to read.
                boolean doubled = next < pattern.length() && pattern.charAt(next) == '\'';
                return doubled ? null : text(text);
            }
            return "{}#]".indexOf(c) >= 0 ? null : text(String.valueOf(c));
        }

        private Part field(char letter) {
            int begin = next;
            while (next < pattern.length() && pattern.charAt(next) == letter) {
                next++;
            }
            int width = next - begin;
            return switch (letter) {
                case 'y', 'u' -> width == 4 ? FixedPattern::year : null;
                case 'S' -> width <= 9 ? fraction(width) : null;
                case 'X' -> offset(width);
                default -> width == 2 ? twoDigits(letter) : null;
            };
        }
    }

    private static Part offset(int width) {
        return switch (width) {
            case 1 -> Offsets.SHORT::read;
            case 2 -> Offsets.BASIC::read;
            case 3 -> Offsets.EXTENDED::read;
            default -> null;
        };
    }

    private static int year(byte[] b, int at, int end, TimeFields into) {
        if (end - at < 4) {
            return -1;
        }
        int upperHalf = IsoTimestamp.two(b, at);
        int lowerHalf = IsoTimestamp.two(b, at + 2);
        into.year = upperHalf * 100 + lowerHalf;
        return (upperHalf | lowerHalf) < 0 ? -1 : at + 4;
    }

    private static Part fraction(int width) {
        return (b, at, end, into) -> {
            int behind = IsoTimestamp.fraction(b, at, Math.min(end, at + width), into);
            return behind == at ? -1 : behind;
        };
    }

    private static Part twoDigits(char letter) {
        return switch (letter) {
            case 'M' -> (b, at, end, into) -> (into.month = two(b, at, end)) < 0 ? -1 : at + 2;
            case 'd' -> (b, at, end, into) -> (into.day = two(b, at, end)) < 0 ? -1 : at + 2;
            case 'H' -> (b, at, end, into) -> (into.hour = two(b, at, end)) < 0 ? -1 : at + 2;
            case 'm' -> (b, at, end, into) -> (into.minute = two(b, at, end)) < 0 ? -1 : at + 2;
            case 's' -> (b, at, end, into) -> (into.second = two(b, at, end)) < 0 ? -1 : at + 2;
            default -> null;
        };
    }

    private static int two(byte[] b, int at, int end) {
        return end - at < 2 ? -1 : IsoTimestamp.two(b, at);
    }

    private static Part text(String text) {
        byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        return (b, at, end, into) -> {
            boolean fits = end - at >= expected.length
                    && Arrays.equals(b, at, at + expected.length, expected, 0, expected.length);
            return fits ? at + expected.length : -1;
        };
    }
}

package dev.eightbells.read;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * A JSON number, and what it is as other types without loss. After {@link #parse}, each {@code toX} says whether the
 * number is one of X, and {@link #whole()}, {@link #real()} or {@link #decimal()} is it. For one thread, used again and
 * again.
 *
 * <p>When is a binary number lossless? Nobody takes 0.1 for lost because a double holds the nearest value to it. So a
 * number that is not whole becomes the nearest double, unless that is infinite or zero. A whole number written in plain
 * digits must be held exactly ({@code 9007199254740993} is not); one written with a point or an exponent must be held
 * exactly or come back when the double is printed with as many digits ({@code 6.022e23} does).
 */
final class NumberText {
    private static final int MOST_DIGITS = 18;
    private static final int LONGEST = 2_000;
    private static final long[] POWERS = powers();
    private static final double[] DOUBLE_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final float[] FLOAT_POWERS = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f};

    private byte[] bytes = {};
    private int start;
    private int end;
    private boolean negative;
    private boolean plain;
    /** The digits, when there are at most 18 of them. */
    private long unscaled;
    /** How many digits there are from the first that is not zero. */
    private int digits;
    /** The power of ten that the digits are multiplied with. */
    private long exponent;

    private long whole;
    private double real;
    private BigDecimal decimal = BigDecimal.ZERO;

    private static long[] powers() {
        long[] powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }

    /** Parses these bytes; false when they are no JSON number. */
    boolean parse(byte[] b, int from, int to) {
        bytes = b;
        start = from;
        end = to;
        unscaled = 0;
        digits = 0;
        exponent = 0;
        plain = true;
        int i = from;
        negative = i < to && b[i] == '-';
        if (negative) {
            i++;
        }
        int begin = i;
        i = digits(b, i, to);
        if (i == begin || (b[begin] == '0' && i > begin + 1)) {
            return false;
        }
        if (i < to && b[i] == '.') {
            plain = false;
            begin = i + 1;
            i = digits(b, begin, to);
            if (i == begin) {
                return false;
            }
            exponent = (long) begin - i;
        }
        if (i < to && (b[i] == 'e' || b[i] == 'E')) {
            plain = false;
            return exponent(b, i + 1, to);
        }
        return i == to;
    }

    private int digits(byte[] b, int from, int to) {
        int i = from;
        for (; i < to; i++) {
            int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (digits > 0 || digit > 0) {
                digits++;
                if (digits <= MOST_DIGITS) {
                    unscaled = unscaled * 10 + digit;
                }
            }
        }
        return i;
    }

    private boolean exponent(byte[] b, int from, int to) {
        int i = from;
        boolean minus = i < to && b[i] == '-';
        if (minus || (i < to && b[i] == '+')) {
            i++;
        }
        int begin = i;
        long value = 0;
        for (; i < to && b[i] >= '0' && b[i] <= '9'; i++) {
            // Far more than any type holds is as good as more.
            value = Math.min(value * 10 + (b[i] - '0'), 1L << 40);
        }
        exponent += minus ? -value : value;
        return i == to && i > begin;
    }

    long whole() {
        return whole;
    }

    double real() {
        return real;
    }

    /** The number with the scale that was asked for. */
    BigDecimal decimal() {
        return decimal;
    }

    /** Whether the number, times ten to the power of {@code shift}, is a long. */
    boolean toWhole(int shift) {
        if (digits == 0) {
            whole = 0;
            return true;
        }
        long power = exponent + shift;
        if (digits > MOST_DIGITS) {
            return bigToWhole(shift);
        }
        if (power > MOST_DIGITS || power < -MOST_DIGITS) {
            return false;
        }
        long value = negative ? -unscaled : unscaled;
        if (power == 0) {
            whole = value;
            return true;
        }
        if (power < 0) {
            whole = value / POWERS[(int) -power];
            return value % POWERS[(int) -power] == 0;
        }
        whole = value * POWERS[(int) power];
        return Math.multiplyHigh(value, POWERS[(int) power]) == whole >> 63;
    }

    private boolean bigToWhole(int shift) {
        if (digits + exponent + shift > 19 || !isHandy()) {
            return false;
        }
        BigDecimal value = big().scaleByPowerOfTen(shift).stripTrailingZeros();
        if (value.scale() > 0) {
            return false;
        }
        BigInteger integer = value.toBigInteger();
        whole = integer.longValue();
        return integer.bitLength() < Long.SIZE;
    }

    boolean toDouble() {
        if (digits == 0) {
            real = negative ? -0.0 : 0.0;
            return true;
        }
        if (digits <= 15 && exponent >= -22 && exponent <= 22) {
            // Both operands are exact, so the result is rounded once; 15 digits always come back.
            double value =
                    exponent < 0 ? unscaled / DOUBLE_POWERS[(int) -exponent] : unscaled * DOUBLE_POWERS[(int) exponent];
            real = negative ? -value : value;
            return true;
        }
        if (Math.abs(digits + exponent) > 400 || !isHandy()) {
            return false;
        }
        real = Double.parseDouble(text());
        return Double.isFinite(real) && real != 0 && (!isWhole() || comesBack());
    }

    boolean toFloat() {
        if (digits == 0) {
            real = negative ? -0.0 : 0.0;
            return true;
        }
        if (digits <= 6 && exponent >= -10 && exponent <= 10) {
            float value =
                    exponent < 0 ? unscaled / FLOAT_POWERS[(int) -exponent] : unscaled * FLOAT_POWERS[(int) exponent];
            real = negative ? -value : value;
            return true;
        }
        if (Math.abs(digits + exponent) > 400 || !isHandy()) {
            return false;
        }
        float value = Float.parseFloat(text());
        real = value;
        return Float.isFinite(value) && value != 0 && (!isWhole() || comesBack());
    }

    /** Whether the number has at most {@code scale} digits behind the point and {@code precision} in all. */
    boolean toDecimal(int precision, int scale) {
        if (digits == 0) {
            decimal = BigDecimal.ZERO.setScale(scale);
            return true;
        }
        if (digits + exponent > precision - scale || !isHandy()) {
            return false;
        }
        BigDecimal value = big();
        if (value.scale() > scale) {
            value = value.stripTrailingZeros();
        }
        if (value.scale() > scale) {
            return false;
        }
        decimal = value.setScale(scale);
        return true;
    }

    private boolean isWhole() {
        if (plain || exponent >= 0) {
            return true;
        }
        boolean isFraction = digits <= MOST_DIGITS && unscaled % 10 != 0;
        return !isFraction && big().stripTrailingZeros().scale() <= 0;
    }

    private boolean comesBack() {
        BigDecimal text = big();
        BigDecimal held = new BigDecimal(real);
        if (held.compareTo(text) == 0) {
            return true;
        }
        int precision = text.stripTrailingZeros().precision();
        return !plain
                && held.round(new MathContext(precision, RoundingMode.HALF_EVEN))
                                .compareTo(text)
                        == 0;
    }

    /** Nothing that a type holds exactly is longer; longer text would only cost time. */
    private boolean isHandy() {
        return end - start <= LONGEST && Math.abs(exponent) <= 2L * LONGEST;
    }

    private BigDecimal big() {
        if (digits <= MOST_DIGITS) {
            return BigDecimal.valueOf(negative ? -unscaled : unscaled, (int) -exponent);
        }
        return new BigDecimal(text());
    }

    private String text() {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}

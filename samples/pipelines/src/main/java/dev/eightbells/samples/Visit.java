package dev.eightbells.samples;

import static dev.eightbells.samples.Request.MINUTE;
import static dev.eightbells.samples.Request.SECOND;

import java.util.Arrays;

/**
 * One walk down the funnel: home, products, cart, payment, confirmation, given up anywhere. Known whole when it
 * begins, so that exactly the events asked for happen. Visits sort by the delivery of their next event.
 */
final class Visit implements Comparable<Visit> {
    private static final int LONGEST = 24;

    final Visitor visitor;
    final int referral;
    final long clickHigh;
    final long clickLow;
    private final long sequence;
    private final long lag;
    private final byte[] steps;
    private final long[] times;
    private int next;

    private Visit(Visitor visitor, Dice dice, long sequence, byte[] steps, long[] times, long lag) {
        this.visitor = visitor;
        this.referral = dice.below(WebEventText.referrals());
        this.clickHigh = dice.next();
        this.clickLow = dice.next();
        this.sequence = sequence;
        this.lag = lag;
        this.steps = steps;
        this.times = times;
    }

    /** The pages of a visit, at most so many, as numbers of {@link WebEventText}. */
    static byte[] walk(Dice dice, long most) {
        byte[] steps = new byte[LONGEST];
        int length = 0;
        steps[length++] = WebEventText.HOME;
        if (dice.percent(62)) {
            do {
                int product = dice.below(WebEventText.PRODUCTS);
                steps[length++] = (byte) (WebEventText.FIRST_PRODUCT + product);
                if (dice.percent(15)) {
                    steps[length++] = (byte) (WebEventText.FIRST_CLICK + product);
                }
            } while (length < LONGEST - 5 && dice.percent(45));
            if (dice.percent(38)) {
                steps[length++] = WebEventText.CART;
                if (dice.percent(60)) {
                    steps[length++] = WebEventText.PAYMENT;
                    if (dice.percent(80)) {
                        steps[length++] = WebEventText.CONFIRMATION;
                    }
                }
            }
        }
        return Arrays.copyOf(steps, (int) Math.min(length, most));
    }

    /** A visit that begins at a time and hurries when it would not end in time. */
    static Visit begin(Visitor visitor, byte[] steps, long start, long end, Dice dice, long sequence) {
        long[] times = new long[steps.length];
        for (int step = 1; step < steps.length; step++) {
            times[step] = times[step - 1] + pause(dice);
        }
        long duration = times[steps.length - 1];
        double pace = start + duration < end ? 1 : (double) (end - 1 - start) / duration;
        for (int step = 0; step < steps.length; step++) {
            times[step] = start + (pace == 1 ? times[step] : (long) (times[step] * pace));
        }
        visitor.visitUntil(times[steps.length - 1]);
        return new Visit(visitor, dice, sequence, steps, times, dice.between(SECOND / 20, 2 * SECOND));
    }

    int step() {
        return steps[next];
    }

    /** When the next event happens, in microseconds since 1970. */
    long happens() {
        return times[next];
    }

    /** When the next event arrives at the delivery stream, in microseconds since 1970. */
    long arrives() {
        return times[next] + lag;
    }

    /** Goes on to the next event; returns whether there is one. */
    boolean advance() {
        next++;
        return next < steps.length;
    }

    @Override
    public int compareTo(Visit other) {
        int byTime = Long.compare(arrives(), other.arrives());
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence);
    }

    /** Seconds to minutes, short ones more often; once in a hundred times a break, some of exactly half an hour. */
    private static long pause(Dice dice) {
        if (dice.oneIn(100)) {
            return dice.oneIn(10) ? 30 * MINUTE : dice.between(20 * MINUTE, 50 * MINUTE);
        }
        return dice.between(2 * SECOND, dice.between(20 * SECOND, 3 * MINUTE));
    }
}

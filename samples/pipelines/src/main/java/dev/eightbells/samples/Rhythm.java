package dev.eightbells.samples;

import static dev.eightbells.samples.Request.HOUR;

/** When events happen: few at night, most in the evening, all of them within the hours asked for. */
final class Rhythm {
    /** The share of each hour of the day in UTC. */
    private static final int[] SHARES = {
        6, 5, 4, 3, 3, 4, 5, 8, 11, 13, 14, 14, 13, 13, 14, 15, 15, 16, 17, 18, 16, 13, 11, 9
    };

    private final Request request;
    private final double sharePerEvent;
    private int hour;
    private long passed;

    Rhythm(Request request) {
        this.request = request;
        long total = 0;
        for (int at = 0; at < request.hours(); at++) {
            total += share(at);
        }
        this.sharePerEvent = (double) total / request.events();
    }

    /**
     * When so many events have happened, in microseconds since 1970.
     *
     * @param events less than all of them, and not less than in the last call
     */
    long when(double events) {
        double target = events * sharePerEvent;
        while (hour < request.hours() - 1 && target >= passed + share(hour)) {
            passed += share(hour);
            hour++;
        }
        double within = Math.min(1, (target - passed) / share(hour));
        return request.start() + hour * HOUR + (long) (within * HOUR);
    }

    private int share(int at) {
        return SHARES[(int) Math.floorMod(Math.floorDiv(request.start(), HOUR) + at, 24L)];
    }
}

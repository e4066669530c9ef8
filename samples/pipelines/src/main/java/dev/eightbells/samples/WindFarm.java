package dev.eightbells.samples;

import static dev.eightbells.samples.RecordBytes.ascii;
import static dev.eightbells.samples.Request.HOUR;
import static dev.eightbells.samples.Request.SECOND;

import dev.eightbells.Failure;
import java.io.IOException;
import java.util.List;

/**
 * Three sensors that report in turn, evenly over the hours; {@code 1,080} events an hour make it one every 10 seconds
 * each. Their software is of different versions: some records call the sensor {@code id}, some misspell a type, which is
 * for rules to find, and a time without micros loses its fraction. From the ninth hour to the twelfth the thermometer
 * drifts, up to six degrees: each record is a good one, and together they cannot be right.
 */
final class WindFarm {
    private static final byte[] ID_TEMP = ascii("{\"idtemp\": \"");
    private static final byte[] ID = ascii("{\"id\": \"");
    private static final byte[] DATA = ascii("\", \"data\": \"");
    private static final byte[] OFFLINE = ascii("offline");
    private static final byte[] TYPE = ascii("\", \"type\": \"");
    private static final byte[] TIMESTAMP = ascii("\", \"timestamp\": \"");
    private static final byte[] END = ascii("\"}");
    private static final List<Sensor> SENSORS = List.of(
            new Sensor(ascii("17"), ascii("powerfactor"), null, 9_000_000, 10_000_000, false),
            new Sensor(ascii("42"), ascii("temperature"), ascii("tempeature"), 220_000_000, 240_000_000, true),
            new Sensor(ascii("8"), ascii("hydraulicpressure"), null, 690_000_000, 710_000_000, false));
    private static final long LAG = 3 * SECOND / 2;
    private static final long DRIFT_BEGINS = 8 * HOUR;
    private static final long DRIFT_ENDS = 12 * HOUR;
    private static final long DRIFT = 60_000_000;

    private WindFarm() {}

    static void emit(Request request, Dice dice, Deliveries deliveries) throws IOException {
        long ticks = (request.events() + SENSORS.size() - 1) / SENSORS.size();
        long span = request.hours() * HOUR;
        if (ticks > span / 4) {
            throw Failure.input("Cannot generate " + request.events() + " events in " + request.hours()
                    + " hours: three sensors have no more than 2,700,000,000 an hour. Ask for fewer, or more hours.");
        }
        long interval = span / ticks;
        RecordBytes record = new RecordBytes();
        for (long event = 0; event < request.events(); event++) {
            long tick = request.start() + event / SENSORS.size() * interval;
            long happened = tick + dice.between(0, Math.min(interval / 2, SECOND));
            if (dice.oneIn(50)) {
                // Only a whole second later than the tick is still of this tick: a sensor has one record for each time.
                long wholeSecond = Math.floorDiv(happened, SECOND) * SECOND;
                happened = wholeSecond >= tick ? wholeSecond : happened;
            }
            long delivery = tick + Math.min(interval - 1, LAG);
            boolean malformed = dice.oneIn(2000);
            Sensor sensor = SENSORS.get((int) (event % SENSORS.size()));
            boolean misspelled = dice.oneIn(50) && sensor.misspelled != null;
            long drift = sensor.drifts ? drift(tick - request.start()) : 0;
            write(record, sensor, misspelled ? sensor.misspelled : sensor.type, drift, happened, dice);
            if (malformed) {
                putOffline(record);
                deliveries.sendMalformed(delivery, record);
            } else if (misspelled) {
                deliveries.sendMalformed(delivery, record);
            } else {
                deliveries.send(happened, delivery, record);
            }
        }
    }

    private static long drift(long since) {
        boolean drifts = since >= DRIFT_BEGINS && since < DRIFT_ENDS;
        return drifts ? (since - DRIFT_BEGINS) / SECOND * DRIFT / ((DRIFT_ENDS - DRIFT_BEGINS) / SECOND) : 0;
    }

    private static void write(RecordBytes record, Sensor sensor, byte[] type, long drift, long happened, Dice dice) {
        record.clear();
        record.text(dice.percent(5) ? ID : ID_TEMP).text(sensor.id);
        record.text(DATA).decimal(dice.between(sensor.low, sensor.high + 1) + drift, 7);
        record.text(TYPE).text(type);
        record.text(TIMESTAMP);
        if (Math.floorMod(happened, SECOND) == 0) {
            record.seconds(happened);
        } else {
            record.micros(happened);
        }
        record.text(END);
    }

    /** A value that is no number. */
    private static void putOffline(RecordBytes record) {
        int from = record.indexOf(DATA) + DATA.length;
        record.replace(from, record.indexOf(TYPE), OFFLINE);
    }

    /** The values lie between low and high, in units of 0.0000001; {@code misspelled} is null where no version does so. */
    private record Sensor(byte[] id, byte[] type, byte[] misspelled, long low, long high, boolean drifts) {}
}

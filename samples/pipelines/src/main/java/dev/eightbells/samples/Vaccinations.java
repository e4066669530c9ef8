package dev.eightbells.samples;

import static dev.eightbells.samples.RecordBytes.ascii;
import static dev.eightbells.samples.RecordBytes.utf8;
import static dev.eightbells.samples.Request.HOUR;

import dev.eightbells.Failure;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;

/**
 * The vaccinations of each country up to the day before the delivery, as a daily export gives them: all days, all
 * countries. Every value is a string, counts are written like {@code 123.0}, and what a country did not report is
 * {@code ""}. One in a thousand totals is a correction that the export took for a total: {@code -17.0}, which every column
 * takes, and rules find.
 */
final class Vaccinations {
    private static final byte[] DATE = ascii("\", \"date\": \"");
    private static final byte[] END = ascii("}");
    private static final byte[] TOTAL = ascii("\"total_vaccinations\": \"");
    private static final byte[] PEOPLE = ascii("\", \"people_vaccinated\"");
    private static final byte[] CORRECTION = ascii("-17.0");

    private Vaccinations() {}

    static void emit(Request request, Dice dice, Deliveries deliveries) throws IOException {
        Campaign[] campaigns = Countries.ALL.stream()
                .map(country -> new Campaign(country, dice))
                .toArray(Campaign[]::new);
        long days = (request.events() + campaigns.length - 1) / campaigns.length;
        long firstDay = LocalDate.ofInstant(request.from(), ZoneOffset.UTC).toEpochDay() - days;
        if (firstDay < LocalDate.of(1, 1, 1).toEpochDay()) {
            throw Failure.input("Cannot generate " + request.events() + " vaccination rows before " + request.from()
                    + ": there are " + campaigns.length
                    + " a day, and the calendar begins in the year 1. Ask for fewer.");
        }
        long span = request.hours() * HOUR;
        double pace = (double) span / request.events();
        RecordBytes record = new RecordBytes();
        for (long row = 0; row < request.events(); row++) {
            Campaign campaign = campaigns[(int) (row % campaigns.length)];
            campaign.nextDay(dice);
            record.clear();
            record.text(campaign.head)
                    .text(DATE)
                    .date(firstDay + row / campaigns.length)
                    .one('"');
            campaign.write(record);
            record.text(campaign.tail).text(END);
            long delivery = request.start() + Math.min(span - 1, (long) (row * pace));
            if (dice.oneIn(1000) && putCorrection(record)) {
                deliveries.sendMalformed(delivery, record);
            } else {
                deliveries.sendOnce(delivery, record);
            }
        }
    }

    /** Makes the total a negative one; not when there is none. */
    private static boolean putCorrection(RecordBytes record) {
        int from = record.indexOf(TOTAL) + TOTAL.length;
        int to = record.indexOf(PEOPLE);
        if (from == to) {
            return false;
        }
        record.replace(from, to, CORRECTION);
        return true;
    }

    /** What a country has reached. */
    private static final class Campaign {
        private static final byte[][] COUNTS = names(
                "total_vaccinations",
                "people_vaccinated",
                "people_fully_vaccinated",
                "daily_vaccinations_raw",
                "daily_vaccinations");
        private static final byte[][] RATES = names(
                "total_vaccinations_per_hundred",
                "people_vaccinated_per_hundred",
                "people_fully_vaccinated_per_hundred");
        private static final byte[] PER_MILLION = names("daily_vaccinations_per_million")[0];
        private static final long UNREPORTED = -1;

        private final byte[] head;
        private final byte[] tail;
        private final long people;
        private final int reports;
        private final long[] totals = new long[3];
        private final long[] reported = new long[COUNTS.length];
        private boolean reportedYesterday;
        private boolean first = true;

        Campaign(Countries.Country country, Dice dice) {
            this.head = utf8("{\"country\": \"" + country.name() + "\", \"iso_code\": \"" + country.code());
            this.tail = utf8(", \"vaccines\": \"" + country.vaccines() + "\", \"source_name\": \"Ministry of Health of "
                    + country.name() + "\", \"source_website\": \"https://health.example/"
                    + country.code().toLowerCase(Locale.ROOT) + "/vaccinations?lang=en\"");
            this.people = country.people();
            this.reports = 20 + dice.below(70);
        }

        /**
         * Goes on by a day: some more people get a first dose, some of those a second one, until there is nobody
         * left.
         */
        void nextDay(Dice dice) {
            long firstDoses = Math.min(people - totals[1], dice.between(0, people / 150));
            long secondDoses = Math.min(totals[1] - totals[2], dice.between(0, people / 200));
            long doses = firstDoses + secondDoses;
            totals[0] += doses;
            totals[1] += firstDoses;
            totals[2] += secondDoses;
            boolean reportsToday = first || dice.percent(reports);
            reported[0] = reportsToday ? totals[0] : UNREPORTED;
            reported[1] = reportsToday && dice.percent(95) ? totals[1] : UNREPORTED;
            reported[2] = reportsToday && totals[2] > 0 ? totals[2] : UNREPORTED;
            reported[3] = reportsToday && reportedYesterday ? doses : UNREPORTED;
            reported[4] = first ? UNREPORTED : doses;
            this.reportedYesterday = reportsToday;
            this.first = false;
        }

        void write(RecordBytes record) {
            for (int count = 0; count < COUNTS.length; count++) {
                record.text(COUNTS[count]);
                writeCount(record, reported[count]);
            }
            for (int rate = 0; rate < RATES.length; rate++) {
                record.text(RATES[rate]);
                writeRate(record, reported[rate]);
            }
            record.text(PER_MILLION);
            writeCount(record, reported[4] == UNREPORTED ? UNREPORTED : reported[4] * 1_000_000 / people);
        }

        private static void writeCount(RecordBytes record, long count) {
            if (count != UNREPORTED) {
                record.decimal(count * 10, 1);
            }
            record.one('"');
        }

        /** With two fraction digits, or one where the second is 0. */
        private void writeRate(RecordBytes record, long count) {
            if (count != UNREPORTED) {
                long hundredths = count * 10_000 / people;
                if (hundredths % 10 == 0) {
                    record.decimal(hundredths / 10, 1);
                } else {
                    record.decimal(hundredths, 2);
                }
            }
            record.one('"');
        }

        private static byte[][] names(String... names) {
            return Arrays.stream(names)
                    .map(name -> utf8(", \"" + name + "\": \""))
                    .toArray(byte[][]::new);
        }
    }
}

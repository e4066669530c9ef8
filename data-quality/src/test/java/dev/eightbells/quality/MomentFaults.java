package dev.eightbells.quality;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Days and instants, and how long ago they are. */
final class MomentFaults {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private MomentFaults() {}

    static FaultTable table() {
        return ColumnFault.table(
                "moments",
                NOW,
                List.of(
                        day("= \"2026-03-09\"", 9, 9, 9)
                                .bad(day(9), day(8), null)
                                .fails(2, 3)
                                .shown("2026-03-08", "null"),
                        day("!= \"2026-03-09\"", 8, 10, 8)
                                .bad(day(9), day(8), null)
                                .fails(1)
                                .shown("2026-03-09"),
                        day("> \"2026-03-09\"", 10, 11, 12)
                                .bad(day(9), day(10), null)
                                .fails(1, 3)
                                .shown("2026-03-09", "null"),
                        day(">= \"2026-03-09\"", 9, 10, 11)
                                .bad(day(8), day(9), null)
                                .fails(1, 3)
                                .shown("2026-03-08", "null"),
                        day("< \"2026-03-09\"", 8, 7, 6)
                                .bad(day(9), day(8), null)
                                .fails(1, 3)
                                .shown("2026-03-09", "null"),
                        day("<= \"2026-03-09\"", 9, 8, 7)
                                .bad(day(10), day(9), null)
                                .fails(1, 3)
                                .shown("2026-03-10", "null"),
                        day("between \"2026-03-05\" and \"2026-03-09\"", 6, 7, 8)
                                .bad(day(5), day(6), day(9))
                                .fails(1, 3)
                                .shown("2026-03-05", "2026-03-09"),
                        day("not between \"2026-03-05\" and \"2026-03-09\"", 5, 9, 1)
                                .bad(day(6), day(5), null)
                                .fails(1)
                                .shown("2026-03-06"),
                        day("in [\"2026-03-05\", \"2026-03-09\"]", 5, 9, 5)
                                .bad(day(6), day(5), null)
                                .fails(1, 3)
                                .shown("2026-03-06", "null"),
                        day("not in [\"2026-03-05\", \"2026-03-09\"]", 6, 7, 8)
                                .bad(day(9), day(6), null)
                                .fails(1)
                                .shown("2026-03-09"),
                        day("<= now()", 10, 9, 8)
                                .bad(day(11), day(10), null)
                                .fails(1, 3)
                                .shown("2026-03-11", "null"),
                        instant("> (now() - 3 days)")
                                .good(at("03-07T12:00:01"), at("03-10T12:00:00"), at("03-11T00:00:00"))
                                .bad(at("03-07T12:00:00"), at("03-07T12:00:01"), null)
                                .fails(1, 3)
                                .shown("2026-03-07 12:00:00", "null"),
                        instant("< (now() + 90 minutes)")
                                .good(at("03-10T13:29:59"), at("03-10T12:00:00"), at("01-01T00:00:00"))
                                .bad(at("03-10T13:30:00"), at("03-10T12:00:00"), null)
                                .fails(1, 3)
                                .shown("2026-03-10 13:30:00", "null"),
                        instant("between (now() - 24 hours) and now()")
                                .good(at("03-09T12:00:01"), at("03-10T11:59:59"), at("03-10T00:00:00"))
                                .bad(at("03-09T12:00:00"), at("03-10T11:59:59"), at("03-10T12:00:00"))
                                .fails(1, 3)
                                .shown("2026-03-09 12:00:00", "2026-03-10 12:00:00"),
                        instant("= \"2026-03-09\"")
                                .good(at("03-09T00:00:00"), at("03-09T23:59:59"), at("03-09T12:00:00"))
                                .bad(at("03-08T23:59:59"), at("03-09T12:00:00"), at("03-10T00:00:00"))
                                .fails(1, 3)
                                .shown("2026-03-08 23:59:59", "2026-03-10 00:00:00"),
                        instant(">= \"2026-03-09\" where \"id > 1\"")
                                .good(at("01-01T00:00:00"), at("03-09T00:00:00"), at("03-09T00:00:01"))
                                .bad(at("01-01T00:00:00"), at("03-08T23:59:59"), at("03-09T00:00:00"))
                                .ofRows(2)
                                .fails(2)
                                .shown("2026-03-08 23:59:59"),
                        ColumnFault.of("ColumnValues # > \"2026-03-08\"", "string")
                                .good("2026-03-09", "2026-03-08T00:00:01Z", "2026-03-08 10:00:00")
                                .bad("2026-03-08", "2026-03-09", "late")
                                .fails(1, 3)
                                .shown("2026-03-08", "late"),
                        ColumnFault.of("ColumnValues # in [\"2026-03-08\"]", "string")
                                .good("2026-03-08", "2026-03-08", "2026-03-08")
                                .bad("2026-03-08", "2026-03-09", "late")
                                .fails(2, 3)
                                .shown("2026-03-09", "late"),
                        ColumnFault.of("ColumnValues # in [\"09:30\", \"21:45\"]", "string")
                                .good("09:30", "21:45", "09:30")
                                .bad("09:30", "9:31", null)
                                .fails(2, 3)
                                .shown("9:31", "null"),
                        freshness("<= 24 hours", "timestamp")
                                .good(at("03-09T12:00:00"), at("03-10T12:00:00"), at("03-10T11:00:00"))
                                .bad(at("03-09T11:59:59"), at("03-10T12:00:00"), null)
                                .fails(1, 3)
                                .shown("2026-03-09 11:59:59", "null"),
                        freshness("between 1 hours and 3 days", "timestamp")
                                .good(at("03-09T12:00:00"), at("03-10T10:59:59"), at("03-07T12:00:01"))
                                .bad(at("03-07T12:00:00"), at("03-10T11:00:00"), at("03-10T10:00:00"))
                                .fails(1, 2)
                                .shown("2026-03-07 12:00:00", "2026-03-10 11:00:00"),
                        freshness("< 3 days", "date")
                                .good(day(8), day(9), day(10))
                                .bad(day(7), day(8), null)
                                .fails(1, 3)
                                .shown("2026-03-07", "null"),
                        freshness("<= 90 minutes where \"id < 3\"", "string")
                                .good("2026-03-10 10:30:00", "2026-03-10T12:00:00Z", "never")
                                .bad("2026-03-10 10:29:59", "2026-03-10 12:00:00", "never")
                                .ofRows(2)
                                .fails(1)
                                .shown("2026-03-10 10:29:59")));
    }

    private static ColumnFault day(String condition, int... good) {
        return ColumnFault.of("ColumnValues # " + condition, "date").good(day(good[0]), day(good[1]), day(good[2]));
    }

    private static ColumnFault instant(String condition) {
        return ColumnFault.of("ColumnValues # " + condition, "timestamp");
    }

    private static ColumnFault freshness(String condition, String type) {
        return ColumnFault.of("DataFreshness # " + condition, type);
    }

    private static LocalDate day(int ofMarch) {
        return LocalDate.of(2026, 3, ofMarch);
    }

    private static Instant at(String text) {
        return Instant.parse("2026-" + text + "Z");
    }
}

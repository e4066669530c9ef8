package dev.eightbells.quality;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Texts that can be read as some type. A missing value is of every type. */
final class TypeFaults {
    private TypeFaults() {}

    static FaultTable table() {
        return ColumnFault.table(
                "types",
                Instant.EPOCH,
                List.of(
                        of("= \"Boolean\"")
                                .good("true", "FALSE", null)
                                .bad("yes", "true", null)
                                .fails(1)
                                .shown("yes"),
                        of("= \"Date\"")
                                .good("2026-03-09", "2026-3-9", null)
                                .bad("09.03.2026", "2026-02-30", null)
                                .fails(1, 2)
                                .shown("09.03.2026", "2026-02-30"),
                        of("= \"Date\" with format = \"dd-MM-yyyy\"")
                                .good("09-03-2026", "31-12-1999", null)
                                .bad("2026-03-09", "31-13-1999", null)
                                .fails(1, 2)
                                .shown("2026-03-09", "31-13-1999"),
                        of("= \"Timestamp\"")
                                .good("2026-03-09 10:00:00", "2026-03-09T10:00:00.5Z", null)
                                .bad("10:00", "soon", null)
                                .fails(1, 2)
                                .shown("10:00", "soon"),
                        of("= \"Timestamp\" with format = \"dd/MM/yyyy HH:mm\"")
                                .good("09/03/2026 10:00", "31/12/1999 23:59", null)
                                .bad("09/03/2026", "31/12/1999 24:59", null)
                                .fails(1, 2)
                                .shown("09/03/2026", "31/12/1999 24:59"),
                        of("= \"Integer\"")
                                .good("1", "-2147483648", null)
                                .bad("1.5", "2147483648", null)
                                .fails(1, 2)
                                .shown("1.5", "2147483648"),
                        of("= \"LONG\"")
                                .good("2147483648", "+1", null)
                                .bad("one", "9223372036854775808", null)
                                .fails(1, 2)
                                .shown("one", "9223372036854775808"),
                        of("= \"Float\"")
                                .good("1.5", "-2", null)
                                .bad("1,5", "", null)
                                .fails(1, 2)
                                .shown("1,5", ""),
                        of("= \"Double\"")
                                .good("1e300", "-2", null)
                                .bad("1e", "x", null)
                                .fails(1, 2)
                                .shown("1e", "x"),
                        of("= \"Decimal(5,2)\"")
                                .good("123.45", "-1.500", null)
                                .bad("1234", "1.234", null)
                                .fails(1, 2)
                                .shown("1234", "1.234"),
                        of("= \"DECIMAL(38, 0)\"")
                                .good("12345678901234567890123456789012345678", "1e3", null)
                                .bad("123456789012345678901234567890123456789", "12345678901234567890123456789.5", null)
                                .fails(1, 2)
                                .shown("123456789012345678901234567890123456789", "12345678901234567890123456789.5"),
                        of("!= \"String\"")
                                .good(null, null, null)
                                .bad("a", null, null)
                                .fails(1)
                                .shown("a"),
                        of("!= \"Integer\"")
                                .good("a", "1.5", null)
                                .bad("1", "a", null)
                                .fails(1)
                                .shown("1"),
                        of("in [\"Integer\", \"Boolean\"]")
                                .good("1", "true", null)
                                .bad("1.5", "true", null)
                                .fails(1)
                                .shown("1.5"),
                        of("not in [\"Integer\", \"Boolean\"]")
                                .good("1.5", "a", null)
                                .bad("true", "1", null)
                                .fails(1, 2)
                                .shown("true", "1"),
                        of("= \"Integer\" where \"id > 1\"")
                                .good("a", "1", "2")
                                .bad("a", "b", "2")
                                .ofRows(2)
                                .fails(2)
                                .shown("b"),
                        of("= \"Integer\" with threshold > 0.6")
                                .good("a", "1", null)
                                .bad("a", "b", null)
                                .fails(1, 2)
                                .shown("a", "b")
                                .lenient("Column.#.ColumnDataType.Compliance = \"Integer\" is 0.333333,"
                                        + " and should be > 0.6."),
                        ColumnFault.of("ColumnDataType # = \"Integer\"", "bigint")
                                .good(1L, 2L, null)
                                .bad(1L, 1L << 31, null)
                                .fails(2)
                                .shown("2147483648"),
                        ColumnFault.of("ColumnDataType # = \"Decimal(4,1)\"", "decimal(10,2)")
                                .good(new BigDecimal("123.40"), new BigDecimal("-1.00"), null)
                                .bad(new BigDecimal("1234.00"), new BigDecimal("1.25"), null)
                                .fails(1, 2)
                                .shown("1234.00", "1.25")));
    }

    private static ColumnFault of(String condition) {
        return ColumnFault.of("ColumnDataType # " + condition, "string");
    }
}

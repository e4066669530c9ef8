package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
    private static final Instant INSTANT = Instant.parse("2026-11-22T08:59:07.5Z");

    @ParameterizedTest
    @CsvSource({
        "firehose, 2026/11/22/08/, 2026-11-22T08:00:00Z",
        "yyyy/MM/dd, 2026/11/22/, 2026-11-22T00:00:00Z",
        "year=yyyy/month=MM/day=dd, year=2026/month=11/day=22/, 2026-11-22T00:00:00Z",
        "year=yyyy/month=MM/day=dd/hour=HH, year=2026/month=11/day=22/hour=08/, 2026-11-22T08:00:00Z",
        "dt=yyyy-MM-dd/HHmm, dt=2026-11-22/0859/, 2026-11-22T08:59:00Z",
        "raw/yyyyMMdd/, raw/20261122/, 2026-11-22T00:00:00Z",
        "M=yyyy/MM/dd, M=2026/11/22/, 2026-11-22T00:00:00Z",
        "yyyy-MM-dd'THH'/HH/data, 2026-11-22THH/08/data/, 2026-11-22T08:00:00Z",
        "0001-01-01'/'yyyy/MM/dd, 0001-01-01/2026/11/22/, 2026-11-22T00:00:00Z"
    })
    void namesTheFolderOfAnInstant(String text, String folder, Instant start) {
        assertThat(Layout.parse(text).folder(INSTANT)).isEqualTo(folder);
        assertThat(Layout.parse(text).folderStart(INSTANT)).isEqualTo(start);
    }

    @Test
    void putsEverythingIntoOneFolderWhenFlat() {
        assertThat(Layout.parse("flat").isFlat()).isTrue();
        assertThat(Layout.FLAT.folder(INSTANT)).isEmpty();
        assertThat(Layout.FLAT.folderStart(INSTANT)).isEqualTo(Instant.MIN);
        assertThat(Layout.FIREHOSE.isFlat()).isFalse();
    }

    @Test
    void knowsTheFirstAndTheLastYears() {
        assertThat(Layout.FIREHOSE.folder(Instant.parse("0001-02-03T04:05:06Z")))
                .isEqualTo("0001/02/03/04/");
        assertThat(Layout.FIREHOSE.folder(Instant.parse("9999-12-31T23:59:59Z")))
                .isEqualTo("9999/12/31/23/");
        assertThat(Layout.FIREHOSE.folder(Instant.MIN)).isEqualTo("0000/01/01/00/");
        assertThat(Layout.FIREHOSE.folder(Instant.MAX)).isEqualTo("9999/12/31/23/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yyyy", "yyyy/MM", "yyyy/dd", "MM/yyyy/dd", "yyyy/MM/dd/mm", "yyyy/MM/dd/dd", "raw", "HH"})
    void refusesFoldersThatDoNotSortAsTheirTimes(String text) {
        assertThatThrownBy(() -> Layout.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the folders of '" + text + "' do not sort as their times do; use firehose, flat, or a pattern "
                                + "with yyyy, MM and dd (then HH, then mm), each once and in this order, e.g. "
                                + "year=yyyy/month=MM/day=dd");
    }

    @ParameterizedTest
    @CsvSource({"YYYY/MM/DD, YYYY", "yyyy/M/d, M", "yy/MM/dd, yy", "yyyy/MM/dd/hh, hh", "yyyy/DDD, DDD"})
    void refusesUnitsThatAreNoneOfTheFive(String text, String unit) {
        assertThatThrownBy(() -> Layout.parse(text))
                .hasMessage(
                        "'" + unit + "' in '" + text + "' is no unit of time; use yyyy, MM, dd, HH and mm, or put text "
                                + "that stands for itself in single quotes");
    }

    @Test
    void refusesFoldersThatAreNoNames() {
        assertThatThrownBy(() -> Layout.parse("/yyyy/MM/dd"))
                .hasMessage("'/yyyy/MM/dd' has a folder named ''; write folder names with one slash between them");
        assertThatThrownBy(() -> Layout.parse("yyyy/MM/../dd"))
                .hasMessage("'yyyy/MM/../dd' has a folder named '..'; write folder names with one slash between them");
        assertThatThrownBy(() -> Layout.parse("yyyy/MM/dd'x"))
                .hasMessage("'yyyy/MM/dd'x' has a quote that does not end");
    }

    @Property
    void foldersSortAsTheirTimesDo(
            @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long one,
            @ForAll @LongRange(min = 0, max = 200_000) long apart) {
        Instant earlier = Instant.ofEpochSecond(one);
        Instant later = Instant.ofEpochSecond(Math.min(one + apart, 253_402_300_799L));
        for (String text : new String[] {"firehose", "y=yyyy/m=MM/d=dd", "yyyyMMddHHmm", "yyyy-MM-dd/x/HH"}) {
            Layout layout = Layout.parse(text);
            assertThat(layout.folder(earlier)).isLessThanOrEqualTo(layout.folder(later));
            assertThat(layout.folder(layout.folderStart(later))).isEqualTo(layout.folder(later));
            assertThat(layout.folderStart(later)).isBeforeOrEqualTo(later);
            assertThat(layout.folder(layout.folderStart(later).minusSeconds(1))).isLessThan(layout.folder(later));
        }
    }
}

package dev.eightbells.forget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {
    private final Texts texts = new Texts(List.of("anna-of-green-gables", "DE", "größe-\"x\"/y"));

    @Test
    void findsATextAsItIsAndBehindEscapes() {
        assertThat(texts.isIn("of anna-of-green-gables.")).isTrue();
        assertThat(texts.isIn("\"gr\\u00f6\\u00DFe-\\\"x\\\"\\/y\"")).isTrue();
        assertThat(texts.isIn("in DE")).isTrue();
        assertThat(texts.isIn("anna of green gables")).isFalse();
    }

    @Test
    void shortTextsSayNothingByThemselves() {
        assertThat(texts.isTellinglyIn("DE")).isFalse();
        assertThat(texts.isTellinglyIn("anna-of-green-gables")).isTrue();
    }

    @Test
    void takesLongTextsOutWhereverTheyStandAndShortOnesAsWords() {
        assertThat(texts.takenFrom("'xanna-of-green-gablesx' in DE is no DEPARTURE"))
                .isEqualTo("'x[forgotten]x' in [forgotten] is no DEPARTURE");
    }

    @Test
    void leavesNothingOfATextThatHidesOneOrWasCutOffInOne() {
        assertThat(texts.takenFrom("{\"a\": \"gr\\u00f6\\u00dfe-\\\"x\\\"/y\"}"))
                .isEqualTo("[forgotten]");
        assertThat(texts.takenFrom("'anna-of-gr…' does not cast.")).isEqualTo("[forgotten]");
        assertThat(texts.takenFrom("'anna…' does not cast.")).isEqualTo("'anna…' does not cast.");
        assertThat(texts.isCutOffIn("/page/anna-of-g")).isTrue();
        assertThat(texts.isCutOffIn("/page/anna")).isFalse();
    }

    @Test
    void neverPrintsThem() {
        assertThat(texts).hasToString("3 texts");
    }
}

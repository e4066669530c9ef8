package dev.eightbells.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class KeysTest {

    @Property
    void ordersKeysByTheirUtf8Bytes(
            @ForAll @StringLength(max = 6) String left, @ForAll @StringLength(max = 6) String right) {
        String a = wellFormed(left);
        String b = wellFormed(right);

        assertThat(Integer.signum(Keys.ORDER.compare(a, b)))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8))));
    }

    /** Half a character has no bytes of its own. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }
}

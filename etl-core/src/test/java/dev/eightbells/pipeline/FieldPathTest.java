package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class FieldPathTest {
    @Test
    void splitsAtDotsThatAreNotEscaped() {
        assertThat(FieldPath.parse("a.b.c")).containsExactly("a", "b", "c");
        assertThat(FieldPath.parse("a\\.b")).containsExactly("a.b");
        assertThat(FieldPath.parse("a\\\\.b")).containsExactly("a\\", "b");
        assertThat(FieldPath.parse("User Name")).containsExactly("User Name");
    }

    @Property
    void readsWhatItWrites(@ForAll @NotEmpty List<@NotEmpty String> names) {
        assertThat(FieldPath.parse(FieldPath.text(names))).isEqualTo(names);
    }
}

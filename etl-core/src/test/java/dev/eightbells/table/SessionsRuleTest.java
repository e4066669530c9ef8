package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionsRuleTest {
    private static SessionsRule rule(String... declared) {
        java.util.ArrayList<String> clauses =
                new java.util.ArrayList<>(List.of("by: visitor", "time: at", "gap: PT30M", "key: id, page"));
        clauses.addAll(List.of(declared));
        return new SessionsRule(clauses);
    }

    private static String renamed(String declared) {
        List<String> clauses = rule(declared)
                .renamed(Map.of("visitor", "person", "page", "path", "first", "second"))
                .clauses();
        return clauses.get(clauses.size() - 1);
    }

    @Test
    void columnsOfEventsTakeTheirNewNames() {
        assertThat(rule().renamed(Map.of("visitor", "person", "page", "path")).clauses())
                .containsExactly("by: person", "time: at", "gap: PT30M", "key: id, path");
        assertThat(renamed("views: count page like '/%' and `page` <> Page"))
                .isEqualTo("views: count path like '/%' and path <> path");
        assertThat(renamed("landing: first first")).isEqualTo("landing: first second");
    }

    @Test
    void whatOnlyLooksLikeAColumnIsLeftAlone() {
        assertThat(renamed("a: any x.page = 'page' or page1 = \"it\\\"s page\" or page(1) is null"))
                .isEqualTo("a: any x.page = 'page' or page1 = \"it\\\"s page\" or page(1) is null");
        assertThat(renamed("page: sum 1e5")).isEqualTo("page: sum 1e5");
    }

    @Test
    void expressionsOverSessionsNameTheVisitorOnly() {
        assertThat(renamed("mean: expression page / length(visitor)"))
                .isEqualTo("mean: expression page / length(person)");
    }

    @Test
    void aClauseThatIsThereAsItIsHasNothingToRename() {
        SessionsRule there = rule("a: any case when page = '/' then true end", "b: max end");
        SessionsRule file = rule("a: any case when page = '/' then true end", "b: max finish");
        assertThat(there.renamed(Map.of("end", "finish"), file)).isEqualTo(file);
    }

    @Test
    void anotherRuleIsToldByItsClauses() {
        assertThat(rule("a: sum x").differences(rule("a: max x")))
                .containsExactly("'a: sum x' there is not in the file", "'a: max x' in the file is not there");
    }
}

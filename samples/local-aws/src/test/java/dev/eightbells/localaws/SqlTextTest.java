package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.Token.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTextTest {

    private static List<String> split(String text) {
        return SqlText.split(text).stream().map(SqlText::text).toList();
    }

    private static List<String> tokens(String text) {
        return SqlText.of(text).tokens().stream().map(Token::text).toList();
    }

    @Test
    void partsStatementsAtSemicolonsOutsideOfStringsNamesAndComments() {
        assertThat(split("SELECT ';', \";\" /* ; /* ; */ ; */ -- ;\n ; ; UPDATE t SET a = $x$;$x$;"))
                .containsExactly("SELECT ';', \";\"", "UPDATE t SET a = $x$;$x$");
    }

    @Test
    void findsNoStatementInCommentsAlone() {
        assertThat(split(" -- nothing\n /* here */ ;")).isEmpty();
    }

    @Test
    void takesABackslashForAnEscapeInStrings() {
        assertThat(tokens("COPY 'a\\';b''c' x")).containsExactly("COPY", "'a\\';b''c'", "x");
        assertThat(SqlText.of("'a\\';b''c\\\\'").token(0).value()).isEqualTo("a';b'c\\");
    }

    @Test
    void takesAPrefixForAPartOfTheString() {
        assertThat(SqlText.of("E'a\\'b'").tokens()).extracting(Token::kind).containsExactly(Kind.LITERAL);
        assertThat(tokens("name'b'")).containsExactly("name", "'b'");
    }

    @Test
    void foldsNamesWhetherInQuotesOrNot() {
        assertThat(SqlText.of("UserId \"UserId\" \"a\"\"B\"").tokens())
                .extracting(Token::name)
                .containsExactly("userid", "userid", "a\"b");
    }

    @Test
    void tellsNumbersParametersAndSymbolsApart() {
        assertThat(tokens("a=1.5e-3+$1::int")).containsExactly("a", "=", "1.5e-3", "+", "$", "1", ":", ":", "int");
    }

    @Test
    void endsWhereAnOpenStringEnds() {
        assertThat(split("SELECT 'open; ")).containsExactly("SELECT 'open; ");
    }
}

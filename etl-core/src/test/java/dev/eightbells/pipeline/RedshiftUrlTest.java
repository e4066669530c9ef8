package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a URL says; what is refused is in refused.txt. */
class RedshiftUrlTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:redshift://Acme.Example.com:5439/dev, false, acme.example.com",
        "jdbc:redshift://acme.example.com/dev, false, acme.example.com",
        "jdbc:redshift:iam://acme.123456789012.eu-west-1.redshift-serverless.amazonaws.com:5439/dev, true,"
                + " acme.123456789012.eu-west-1.redshift-serverless.amazonaws.com",
        "jdbc:redshift:iam://acme:eu-west-1/dev, true, acme"
    })
    void saysHowAndWhere(String text, boolean isIam, String host) {
        RedshiftUrl url = RedshiftUrl.parse(text);

        assertThat(url).hasToString(text);
        assertThat(url.isIam()).isEqualTo(isIam);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.isLoopback()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:redshift://localhost/dev",
                "jdbc:redshift://LOCALHOST:5439/dev",
                "jdbc:redshift://127.0.0.1:1/dev?ssl=false",
                "jdbc:redshift://127.1.2.3:65535/dev;ssl=true"
            })
    void knowsThisMachine(String text) {
        assertThat(RedshiftUrl.parse(text).isLoopback()).isTrue();
    }

    @Test
    void readsParametersInEitherForm() {
        assertThat(RedshiftUrl.parse("jdbc:redshift:iam://acme:5439/dev?SSL=true&DbUser=etl&&sslmode=verify-full")
                        .parameters())
                .isEqualTo(Map.of("ssl", "true", "dbuser", "etl", "sslmode", "verify-full"));
        assertThat(RedshiftUrl.parse("jdbc:redshift://acme:5439/dev;ssl;queryGroup=a=b")
                        .parameters())
                .isEqualTo(Map.of("ssl", "", "querygroup", "a=b"));
        assertThat(RedshiftUrl.parse("jdbc:redshift://acme:5439/dev").parameters())
                .isEmpty();
    }
}

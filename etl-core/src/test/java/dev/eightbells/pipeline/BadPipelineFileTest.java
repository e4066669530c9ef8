package dev.eightbells.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about each mistake; the examples are edits of one good file. */
class BadPipelineFileTest {
    private static final String GOOD =
            """
            version: 1
            pipeline: web-events
            window: 4h
            source:
              location: s3://acme-raw/web-events/
              layout: firehose
              lookback: 48h
              maxRecord: 16MB
            lake: s3://acme-lake/web-events/
            catalog: {type: glue}
            table:
              name: analytics.web_events
              key: [event_id]
              partitionBy: {from: at, unit: hour}
              columns:
                - {name: event_id, type: string, required: true}
                - {name: at, type: timestamp, formats: ["yyyy-MM-dd HH:mm:ss"], zone: UTC}
                - {name: day, type: date}
                - {name: amount, type: double, from: user.amount}
                - {name: items, type: "array<string>"}
              rescue: rescued
            quality:
              rules: "Rules = [ RowCount > 0 ]"
              maxQuarantined: 5%
            sessions:
              name: analytics.web_sessions
              by: event_id
              time: at
              gap: 30m
              columns:
                - {name: views, count: "amount > 0"}
            warehouse:
              url: jdbc:redshift:iam://acme.example.com:5439/dev
              events: analytics.web_events
              sortKey: [at]
            compute:
              type: emr-steps
              cluster: {name: acme-etl}
            care: {keep: 7d, every: 6}
            retention: {events: 400d, quarantine: 30d}
            """;

    @Test
    void whatIsNestedCanBeNoKeyOfTheWarehouse() {
        String nested = GOOD.replace("{name: day, type: date}", "{name: day, type: \"array<string>\"}");
        assertThatThrownBy(() -> PipelineFile.parse(
                        nested.replace("sortKey: [at]", "sortKey: [at, day]"), "pipeline.yaml", Map.of()))
                .hasMessageContaining(
                        "warehouse.sortKey: column 'day' is array<string>, and Redshift neither distributes"
                                + " nor sorts by what is nested; name another column.");
    }

    @Test
    void refusesMachinesThatAreNoUnits() {
        assertThatThrownBy(
                        () -> parse(
                                GOOD.replace(
                                        "  type: emr-steps\n  cluster: {name: acme-etl}\n",
                                        """
                          type: emr-cluster
                          release: emr-7.14.0
                          serviceRole: EMR_DefaultRole
                          instanceProfile: EMR_EC2_DefaultRole
                          subnets: [subnet-1]
                          instanceTypes: [m5.large]
                          maxUnits: 0
                          logs: eightbells
                        """)))
                .hasMessage(
                        """
                        web.yaml:42: compute.instanceTypes[0]: 'm5.large' is no instance type of 4 vCPUs or a multiple of them; write e.g. m5.xlarge or m5.2xlarge.
                        web.yaml:43: compute.maxUnits: '0' is no number of units; write 1 to 9999.
                        web.yaml:44: compute.logs: 'eightbells' is no place for logs; write s3://bucket/prefix/, or the name of a CloudWatch log group that begins with /."""
                                .stripIndent());
    }

    @Test
    void refusesLogsThatGoNowhere() {
        assertThatThrownBy(
                        () -> parse(
                                GOOD.replace(
                                        "  type: emr-steps\n  cluster: {name: acme-etl}\n",
                                        """
                          type: emr-serverless
                          application: 00f1
                          role: arn:aws:iam::123456789012:role/etl
                          logs: eightbells
                        """)))
                .hasMessage(
                        "web.yaml:40: compute.logs: 'eightbells' is no place for logs; write s3://bucket/prefix/, or the"
                                + " name of a CloudWatch log group that begins with /.");
    }

    @Test
    void theGoodFileIsGood() {
        assertThat(parse(GOOD).name()).isEqualTo("web-events");
    }

    @ParameterizedTest(name = "{0} → {1}")
    @MethodSource("edits")
    void refuses(String good, String bad, String sentences) {
        assertThat(GOOD).contains(good);
        assertThatThrownBy(() -> parse(GOOD.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad))))
                .isInstanceOf(Failure.class)
                .hasMessage(sentences)
                .extracting(thrown -> ((Failure) thrown).kind())
                .isEqualTo(Failure.Kind.INPUT);
    }

    @Test
    void tellsAllMistakesInTheOrderOfTheFile() {
        assertThatThrownBy(() -> parse(GOOD.replace("gap: 30m", "gap: soon")
                        .replace("window: 4h", "window: 5h")
                        .replace("layout: firehose", "layuot: firehose")))
                .hasMessage(
                        """
                        web.yaml:3: window: '5h' does not divide a day into equal windows of whole minutes; use e.g. 15m, 1h, 4h, 6h or 24h.
                        web.yaml:6: source: unknown key 'layuot'; did you mean 'layout'?
                        web.yaml:29: sessions.gap: 'soon' is no duration; write a whole number with d, h, m or s, e.g. 4h."""
                                .stripIndent());
    }

    @Test
    void namesNoSecret() throws IOException {
        assertThat(edits().filter(edit -> edit.get()[1].toString().contains("planted")))
                .hasSizeGreaterThan(5)
                .allSatisfy(edit -> assertThat(edit.get()[2].toString()).doesNotContain("planted"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing but a comment\n", "---\n"})
    void refusesEmptyFiles(String yaml) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(Failure.class)
                .message()
                .startsWith("web.yaml:");
    }

    @Test
    void refusesWhatIsNoMapping() {
        assertThatThrownBy(() -> parse("- version: 1"))
                .hasMessage("web.yaml:1: found a list where a mapping belongs; write {key: value}.");
    }

    @Test
    void refusesWhatYamlCannotHold() {
        assertThatThrownBy(() -> parse("version: 1\npipeline: \u0007"))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "web.yaml:2: the character U+0007 cannot stand in YAML; take it out, or write it as an escape in "
                                + "quotes.");
        assertThatThrownBy(() -> parse("a: " + "[".repeat(100)))
                .isInstanceOf(Failure.class)
                .hasMessage("web.yaml: this is no YAML (Nesting Depth exceeded max 50).");
    }

    @Test
    void refusesWhatCannotBeRead(@TempDir Path folder) throws IOException {
        Path latin = Files.write(folder.resolve("latin.yaml"), "pipeline: caf\u00e9".getBytes(ISO_8859_1));

        assertThatThrownBy(() -> PipelineFile.load(folder.resolve("none.yaml"), Map.of()))
                .hasMessage("Cannot read the pipeline file " + folder
                        + "/none.yaml: there is no such file. Name one with " + "--pipeline.");
        assertThatThrownBy(() -> PipelineFile.load(folder, Map.of()))
                .hasMessage("Cannot read the pipeline file " + folder + ": it is a folder. Name a pipeline file.");
        assertThatThrownBy(() -> PipelineFile.load(latin, Map.of()))
                .hasMessage("Cannot read the pipeline file " + latin + ": it is no UTF-8 text. Save it as UTF-8.");
    }

    @Test
    void refusesRulesThatAreNotThere(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(folder.resolve("web.yaml"), GOOD.replace("\"Rules = [ RowCount > 0 ]\"", "web.dqdl"));
        assertThatThrownBy(() -> PipelineFile.load(file, Map.of()))
                .hasMessage(file + ":23: quality.rules: there is no file " + folder + "/web.dqdl; correct the name.");

        Files.writeString(folder.resolve("web.dqdl"), " \n");
        assertThatThrownBy(() -> PipelineFile.load(file, Map.of()))
                .hasMessage(
                        file + ":23: quality.rules: 'web.dqdl' holds no rules; write e.g. Rules = [ RowCount > 0 ].");
    }

    static Stream<Arguments> edits() throws IOException {
        try (InputStream stream = BadPipelineFileTest.class.getResourceAsStream("refused.txt")) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n", -1)).skip(1).map(BadPipelineFileTest::edit);
        }
    }

    private static Arguments edit(String text) {
        List<String> lines = text.strip().lines().toList();
        String sentences =
                lines.stream().skip(2).map(line -> "web.yaml:" + line).collect(Collectors.joining("\n"));
        return Arguments.of(content(lines.get(0)), content(lines.get(1)), sentences);
    }

    private static String content(String line) {
        return line.length() < 2 ? "" : line.substring(2);
    }

    private static Pipeline parse(String yaml) {
        return PipelineFile.parse(yaml, "web.yaml", Map.of());
    }
}

package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The parser, the JSON Schema and the reference say the same. */
class PipelineSchemaTest {
    private static final Map<Section, String> HEADINGS = Map.ofEntries(
            Map.entry(Section.FILE, "## The file"),
            Map.entry(Section.SOURCE, "## source"),
            Map.entry(Section.CATALOG, "## catalog"),
            Map.entry(Section.TABLE, "## table"),
            Map.entry(Section.PARTITION_BY, "## table.partitionBy"),
            Map.entry(Section.COLUMN, "## table.columns"),
            Map.entry(Section.QUALITY, "## quality"),
            Map.entry(Section.SESSIONS, "## sessions"),
            Map.entry(Section.SESSION_COLUMN, "## sessions.columns"),
            Map.entry(Section.WAREHOUSE, "## warehouse"),
            Map.entry(Section.LOCAL, "### compute: local"),
            Map.entry(Section.EMR_STEPS, "### compute: emr-steps"),
            Map.entry(Section.EMR_CLUSTER, "### compute: emr-cluster"),
            Map.entry(Section.EMR_SERVERLESS, "### compute: emr-serverless"),
            Map.entry(Section.EMR_ON_EKS, "### compute: emr-on-eks"),
            Map.entry(Section.CLUSTER, "### compute.cluster"),
            Map.entry(Section.CARE, "## care"),
            Map.entry(Section.RETENTION, "## retention"));
    private static final Pattern ROW = Pattern.compile("\\| `([A-Za-z]+)` \\| (.*) \\| (.*) \\| (.*) \\|");

    @ParameterizedTest
    @EnumSource
    void theSchemaHasTheKeysOfTheParser(Section section) throws IOException {
        JsonNode object = schemaOf(section);

        assertThat(names(object.path("properties").fieldNames())).containsExactlyElementsOf(section.keys());
        assertThat(texts(object.path("required"))).containsExactlyElementsOf(section.required());
        assertThat(object.path("additionalProperties").isBoolean()).isTrue();
        assertThat(object.path("additionalProperties").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void theReferenceHasTheKeysOfTheSchema(Section section) throws IOException {
        Map<String, String> meanings = new LinkedHashMap<>();
        schemaOf(section)
                .path("properties")
                .fields()
                .forEachRemaining(property -> meanings.put(
                        property.getKey(),
                        property.getValue().path("description").asText()));
        List<Matcher> rows = rows(section);

        assertThat(rows).extracting(row -> row.group(1)).containsExactlyElementsOf(section.keys());
        assertThat(rows).extracting(row -> row.group(3)).containsExactlyElementsOf(meanings.values());
        assertThat(rows)
                .filteredOn(row -> row.group(2).equals("required"))
                .extracting(row -> row.group(1))
                .containsExactlyElementsOf(section.required());
    }

    @Test
    void theSchemaRefersOnlyToWhatItDefines() throws IOException {
        assertThat(schema().findValuesAsText("$ref")).hasSizeGreaterThan(20).allSatisfy(reference -> assertThat(
                        schema().at(reference.substring(1)).isObject())
                .as(reference)
                .isTrue());
    }

    @Test
    void theSchemaListsTheValuesOfTheParser() throws IOException {
        assertThat(choices("catalog", "type")).isEqualTo(namesOf(Pipeline.Catalog.Type.values()));
        assertThat(choices("partition-by", "unit")).isEqualTo(namesOf(TableDefinition.Unit.values()));
        assertThat(choices("quality", "onRowFailure")).isEqualTo(namesOf(Quality.OnRowFailure.values()));
        assertThat(choices("quality", "onFailure")).isEqualTo(namesOf(Quality.OnFailure.values()));
    }

    @Test
    void theExampleOfTheReferenceIsAPipeline() throws IOException {
        Matcher example = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(reference());

        assertThat(example.find()).isTrue();
        assertThat(PipelineFile.parse(example.group(1), "example", Map.of()).name())
                .isEqualTo("web-events");
    }

    private static JsonNode schemaOf(Section section) throws IOException {
        return section == Section.FILE ? schema() : schema().path("$defs").path(Value.nameOf(section));
    }

    private static JsonNode schema() throws IOException {
        try (InputStream stream = PipelineFile.class.getResourceAsStream("pipeline.schema.json")) {
            return new ObjectMapper().readTree(stream);
        }
    }

    private static List<String> choices(String section, String key) throws IOException {
        return texts(schema().at("/$defs/" + section + "/properties/" + key + "/anyOf/0/enum"));
    }

    private static List<String> namesOf(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Value::nameOf).toList();
    }

    private static List<Matcher> rows(Section section) throws IOException {
        String heading = "\n" + HEADINGS.get(section) + "\n";
        assertThat(reference()).contains(heading);
        String text = reference().substring(reference().indexOf(heading) + heading.length());
        return text.lines()
                .takeWhile(line -> !line.startsWith("#"))
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
    }

    private static String reference() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        return Files.readString(Stream.of(module, module.getParent())
                .map(folder -> folder.resolve("docs/pipeline-file.md"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow());
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<String> names(Iterator<String> names) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(names, 0), false)
                .toList();
    }
}

package dev.eightbells.pipeline;

import dev.eightbells.pipeline.Quality.OnFailure;
import dev.eightbells.pipeline.Quality.OnRowFailure;
import java.util.Map;
import java.util.TreeMap;

/** Reads the section {@code quality}. */
final class QualityReader {
    private QualityReader() {}

    /** The quality; null when there is none, and with null parts where a problem was noted. */
    static Quality read(Value value, TableDefinition table, Places places, RulesJudge judge) {
        Mapping quality = value.mapping(Section.QUALITY);
        if (quality == null) {
            return null;
        }

        Value rulesValue = quality.value("rules");
        Map<String, String> references = references(quality.value("references"), places);
        String rules = rulesValue.as(text -> {
            String read = rules(text, places);
            if (TableReader.isWhole(table)) {
                String origin = isInline(text) ? rulesValue.file() : places.name(text);
                judge.problems(isInline(text) ? rulesValue.inPlace(read) : read, origin, table, references.keySet())
                        .forEach(rulesValue::placedProblem);
            }
            return read;
        });
        return new Quality(
                rules,
                quality.value("onRowFailure").asOneOf(OnRowFailure.class, OnRowFailure.QUARANTINE),
                quality.value("onFailure").asOneOf(OnFailure.class, OnFailure.STOP),
                quality.value("maxQuarantined").as(Quantity::share),
                references,
                quality.value("sampleValues").as(TableReader::flag, true));
    }

    /** DQDL has a list in brackets, and no file's name has one; frozen rules always end with a newline. */
    private static String rules(String text, Places places) {
        String rules = isInline(text) ? text : places.read(text);
        if (rules.isBlank()) {
            throw new IllegalArgumentException("'" + text + "' holds no rules; write e.g. Rules = [ RowCount > 0 ]");
        }

        return rules;
    }

    private static boolean isInline(String text) {
        return text.contains("\n") || text.contains("[");
    }

    private static Map<String, String> references(Value value, Places places) {
        Map<String, String> references = new TreeMap<>();
        value.entries().forEach((name, reference) -> {
            String text = reference.as(found ->
                    Names.isTable(found) ? found : places.location(found).toString());
            if (text != null) {
                references.put(name, text);
            }
        });
        return references;
    }
}

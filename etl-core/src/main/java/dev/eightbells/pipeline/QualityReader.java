package dev.eightbells.pipeline;

import dev.eightbells.pipeline.Quality.OnFailure;
import dev.eightbells.pipeline.Quality.OnRowFailure;
import java.util.Map;
import java.util.TreeMap;

/** Reads the section {@code quality}. */
final class QualityReader {
    /** What rules call the batch. */
    private static final String JUDGED = "primary";

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
        Map<String, String> references = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        value.entries().forEach((name, reference) -> {
            boolean isTaken = name.equalsIgnoreCase(JUDGED) || references.containsKey(name);
            String text = reference.as(found -> isTaken ? refused(name) : place(found, places));
            if (text != null) {
                references.put(name, text);
            }
        });
        return references;
    }

    private static String place(String text, Places places) {
        return Names.isTable(text) ? text : places.beside(text).toString();
    }

    /** SQL finds a data set by its name in any case. */
    private static String refused(String name) {
        throw new IllegalArgumentException(
                name.equalsIgnoreCase(JUDGED)
                        ? "'" + name + "' is the name of the batch that is judged; take another one"
                        : "'" + name + "' is there already, and names are the same in any case; take another one");
    }
}

package dev.eightbells.table;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;

/**
 * What a session table is to be.
 *
 * @param schema its columns
 * @param by the visitor's column
 * @param rule what makes a session, in clauses; a table holds sessions of one rule only
 * @param renamed the former names of the events' columns, and the names that they have in the rule
 * @param turn when the definition that says so has its turn; a later one's names are never undone
 */
public record SessionsForm(Schema schema, String by, List<String> rule, Map<String, String> renamed, Turn turn) {
    public SessionsForm {
        rule = List.copyOf(rule);
        renamed = Map.copyOf(renamed);
    }
}

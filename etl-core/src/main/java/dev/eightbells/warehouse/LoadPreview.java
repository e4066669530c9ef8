package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableName;
import java.util.List;

/**
 * What a load would do.
 *
 * @param tables the events first
 * @param findings what keeps it from doing so
 */
public record LoadPreview(List<Table> tables, List<Finding> findings) {
    public LoadPreview {
        tables = List.copyOf(tables);
        findings = List.copyOf(findings);
    }

    /**
     * What would be done to one table of the warehouse.
     *
     * @param commits how many commits of the lake's table would be loaded; 0 when it is up to date
     * @param rows how many rows would come in
     * @param whyReloaded why all rows would come anew, as a clause; null when only new ones would
     * @param changes what would be changed first, as SQL
     */
    public record Table(
            TableName target, TableName source, int commits, long rows, String whyReloaded, List<String> changes) {
        public Table {
            changes = List.copyOf(changes);
        }
    }

    static LoadPreview of(List<LoadPlan> plans, List<Finding> findings) {
        return new LoadPreview(
                plans.stream()
                        .map(plan -> new Table(
                                plan.target().name(),
                                plan.target().source(),
                                plan.transactions().size(),
                                plan.rows(),
                                plan.whyReloaded(),
                                plan.growth().stream().map(Sql::of).toList()))
                        .toList(),
                findings);
    }
}

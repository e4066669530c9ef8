package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableName;
import java.util.List;
import java.util.stream.Stream;

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
     * @param rows how many rows would come in; 0 when a finding kept anybody from looking
     * @param whyReloaded why all rows would come anew, as a clause; null when only new ones would
     * @param changes what would be done to the table first, as SQL
     */
    public record Table(
            TableName target, TableName source, int commits, long rows, String whyReloaded, List<String> changes) {
        public Table {
            changes = List.copyOf(changes);
        }
    }

    /** What is made wherever it is missing is no change of the table. */
    private static List<String> changes(LoadPlan plan) {
        return Stream.concat(
                        plan.growth().stream(),
                        plan.transactions().stream().flatMap(transaction -> transaction.statements().stream()))
                .filter(statement -> statement instanceof Statement.CreateTable
                        || statement instanceof Statement.AddColumn
                        || statement instanceof Statement.RenameColumn
                        || statement instanceof Statement.WidenColumn)
                .filter(statement -> !(statement instanceof Statement.CreateTable create)
                        || create.table().equals(plan.target().name()))
                .map(Sql::of)
                .toList();
    }

    private static int commits(Course course) {
        if (course instanceof Course.Follow follow) {
            return follow.commits().size();
        }
        return course instanceof Course.Reload ? 1 : 0;
    }

    static LoadPreview of(List<LoadPlan> plans, List<Finding> findings) {
        return new LoadPreview(
                plans.stream()
                        .map(plan -> new Table(
                                plan.target().name(),
                                plan.target().source(),
                                commits(plan.course()),
                                plan.rows(),
                                plan.whyReloaded(),
                                changes(plan)))
                        .toList(),
                findings);
    }
}

package dev.eightbells.table;

import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableName;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.UnboundTerm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a table in use what a definition says, in one commit of its schema, partitions and properties. Done twice, or by
 * two at once, it is done once: whoever lost, or got no answer, looks at the table again and plans anew.
 */
final class Reshaping {
    private static final Logger LOG = LoggerFactory.getLogger(Reshaping.class);

    /** Each round lost means that somebody else committed; batches only do so every few minutes. */
    private static final int MOST_ROUNDS = 20;

    private Reshaping() {}

    /**
     * What is left to do.
     *
     * @param properties what the table remembers of it
     */
    private record Plan(List<TableChange> changes, UnaryOperator<UpdateProperties> properties) {
        boolean isOfPropertiesAlone() {
            return changes.stream()
                    .noneMatch(change -> isOfColumns(change) || change instanceof TableChange.Repartition);
        }
    }

    /**
     * Does what is left to do of an events table.
     *
     * @throws dev.eightbells.Failure of kind INPUT when it cannot be done
     */
    static void ofEvents(Table table, TableDefinition definition, Turn turn) {
        perform(table, now -> {
            TableFacts facts = TableFacts.of(now);
            Evolution evolution = Evolution.of(facts, definition, turn);
            evolution.requirePossible(definition.name());
            return new Plan(evolution.changes(), properties -> properties(properties, facts, now, definition, turn));
        });
    }

    /**
     * Does what is left to do of a session table.
     *
     * @return what was left to do at the last look, after which nothing is
     * @throws dev.eightbells.Failure of kind INPUT when it holds sessions of another rule
     */
    static SessionsEvolution ofSessions(Table table, TableName name, SessionsForm form) {
        perform(table, now -> {
            SessionsEvolution evolution = SessionsEvolution.of(now, form).orRefuse(name);
            return new Plan(evolution.changes(), properties -> {
                SessionsEvolution.properties(form, evolution.renamed()).forEach(properties::set);
                return properties;
            });
        });
        return SessionsEvolution.of(table, form).orRefuse(name);
    }

    private static void perform(Table table, Function<Table, Plan> plan) {
        for (int round = 1; ; round++) {
            // A transaction looks at the table anew, and is what the plan must be of.
            Transaction transaction = table.newTransaction();
            TableOperations operations = ((HasTableOperations) table).operations();
            TableMetadata base = operations.current();
            Plan left = plan.apply(transaction.table());
            if (left.changes().isEmpty()) {
                table.refresh();
                return;
            }
            try {
                if (left.isOfPropertiesAlone()) {
                    // A transaction would set them again on top of whatever somebody else has done meanwhile.
                    operations.commit(
                            base,
                            base.replaceProperties(left.properties()
                                    .apply(transaction.updateProperties())
                                    .apply()));
                } else {
                    commit(transaction, left);
                }
                left.changes().forEach(change -> LOG.info("{}: {}", table.name(), change.sentence()));
            } catch (RuntimeException e) {
                if (!(e instanceof CommitFailedException)) {
                    CatalogTrouble.requireLostAnswer(e);
                }
                LOG.debug("{} was not changed, as far as is known", table.name(), e);
                if (round == MOST_ROUNDS) {
                    throw e;
                }
            }
        }
    }

    private static void commit(Transaction transaction, Plan plan) {
        if (plan.changes().stream().anyMatch(Reshaping::isOfColumns)) {
            schema(transaction, plan.changes());
        }
        for (TableChange change : plan.changes()) {
            if (change instanceof TableChange.Repartition repartition) {
                UpdatePartitionSpec spec = transaction.updateSpec();
                spec.removeField(repartition.field());
                spec.addField(
                        TableSchema.partitionName(
                                repartition.column(),
                                repartition.unit(),
                                transaction.table().schema()),
                        term(repartition));
                spec.commit();
            }
        }
        plan.properties().apply(transaction.updateProperties()).commit();
        transaction.commitTransaction();
    }

    private static UnboundTerm<?> term(TableChange.Repartition repartition) {
        return switch (repartition.unit()) {
            case HOUR -> Expressions.hour(repartition.column());
            case DAY -> Expressions.day(repartition.column());
            case MONTH -> Expressions.month(repartition.column());
        };
    }

    /** All by the names before, but for columns that are new. */
    private static void schema(Transaction transaction, List<TableChange> changes) {
        UpdateSchema schema = transaction.updateSchema();
        for (TableChange change : changes) {
            if (change instanceof TableChange.Add add && add.parent() != null) {
                schema.addColumn(add.parent(), add.name(), add.type());
            } else if (change instanceof TableChange.Add add) {
                schema.addColumn(add.name(), add.type());
                if (add.after() == null) {
                    schema.moveFirst(add.name());
                } else {
                    schema.moveAfter(add.name(), add.after());
                }
            } else if (change instanceof TableChange.Widen widen) {
                schema.updateColumn(widen.path(), widen.to().asPrimitiveType());
            } else if (change instanceof TableChange.Rename rename) {
                schema.renameColumn(rename.from(), rename.to());
            } else if (change instanceof TableChange.Relax relax) {
                schema.makeColumnOptional(relax.column());
            } else if (change instanceof TableChange.Drop drop) {
                schema.deleteColumn(drop.column());
            }
        }
        schema.commit();
    }

    private static boolean isOfColumns(TableChange change) {
        return !(change instanceof TableChange.Repartition
                || change instanceof TableChange.Rekey
                || change instanceof TableChange.Adopt);
    }

    /** Columns that filters ask for have their bounds in full, by the names that they have from then on. */
    private static UpdateProperties properties(
            UpdateProperties properties, TableFacts facts, Table now, TableDefinition definition, Turn turn) {
        Map<String, String> wanted = TableSchema.properties(definition);
        for (String property : now.properties().keySet()) {
            if (property.startsWith(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX) && !wanted.containsKey(property)) {
                String column = property.substring(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX.length());
                if (now.schema().findField(column) == null
                        || facts.shape().columns().contains(column)) {
                    properties.remove(property);
                }
            }
        }
        wanted.forEach((property, value) -> {
            if (property.startsWith(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX)) {
                properties.set(property, value);
            }
        });
        Shape shape = Shape.of(definition, turn.number())
                .after(facts.shape(), facts.schema().schemaId());
        return properties.set(Shape.PROPERTY, shape.json());
    }
}

package dev.eightbells.table;

import dev.eightbells.pipeline.TableDefinition;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.UnboundTerm;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.types.Types;
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

    private final Table table;
    private final TableDefinition definition;
    private final Turn turn;

    private Reshaping(Table table, TableDefinition definition, Turn turn) {
        this.table = table;
        this.definition = definition;
        this.turn = turn;
    }

    static Reshaping of(Table table, TableDefinition definition, Turn turn) {
        return new Reshaping(table, definition, turn);
    }

    /**
     * Does what is left to do.
     *
     * @throws dev.eightbells.Failure of kind INPUT when it cannot be done
     */
    void perform() {
        for (int round = 1; ; round++) {
            // A transaction looks at the table anew, and is what the facts must be of.
            Transaction transaction = table.newTransaction();
            TableFacts facts = TableFacts.of(transaction.table());
            Evolution evolution = Evolution.of(facts, definition, turn);
            evolution.requirePossible(definition.name());
            if (evolution.changes().isEmpty()) {
                return;
            }
            try {
                commit(transaction, facts, evolution.changes());
                evolution.changes().forEach(change -> LOG.info("{}: {}", table.name(), change.sentence()));
            } catch (CommitFailedException | CommitStateUnknownException | UncheckedSQLException e) {
                LOG.debug("{} was not changed, as far as is known", table.name(), e);
                if (round == MOST_ROUNDS) {
                    throw e;
                }
            }
            table.refresh();
        }
    }

    private void commit(Transaction transaction, TableFacts facts, List<TableChange> changes) {
        if (changes.stream().anyMatch(Reshaping::isOfColumns)) {
            schema(transaction, changes);
        }
        for (TableChange change : changes) {
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
        properties(facts, transaction);
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
    private void schema(Transaction transaction, List<TableChange> changes) {
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

    private void properties(TableFacts facts, Transaction transaction) {
        UpdateProperties properties = transaction.updateProperties();
        Map<String, String> wanted = TableSchema.properties(definition);
        for (String property : transaction.table().properties().keySet()) {
            if (property.startsWith(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX) && !wanted.containsKey(property)) {
                Types.NestedField column = transaction
                        .table()
                        .schema()
                        .findField(property.substring(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX.length()));
                if (column == null || facts.shape().columns().contains(column.name())) {
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
        properties.set(Shape.PROPERTY, shape.json()).commit();
    }
}

package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * What becomes of a table under a definition.
 *
 * @param changes what is to be done, in this order; empty when the table is as the definition says, or when a later one
 *     shaped it
 * @param refusals what cannot be done, in clauses that say what to do
 * @param remarks what whoever reads the plan should know besides, in sentences
 */
record Evolution(List<TableChange> changes, List<String> refusals, List<String> remarks) {
    Evolution {
        changes = List.copyOf(changes);
        refusals = List.copyOf(refusals);
        remarks = List.copyOf(remarks);
    }

    static Evolution of(TableFacts facts, TableDefinition definition, Turn turn) {
        ColumnMatch match = ColumnMatch.of(facts, definition, turn);
        return turn.isOver(facts.shape())
                ? new Evolution(List.of(), misfits(facts, definition, match), List.of())
                : new Planner(facts, definition, match).plan();
    }

    /** Whether the table is already what it is to be, and can be. */
    boolean isNothing() {
        return changes.isEmpty() && refusals.isEmpty();
    }

    /**
     * Looks whether it can be done.
     *
     * @throws Failure of kind INPUT with all that cannot
     */
    void requirePossible(TableName table) {
        if (!refusals.isEmpty()) {
            throw Failure.input("Cannot use table " + table + " under the pipeline file's columns: "
                    + String.join("; ", refusals)
                    + ". Batches that are planned with such columns stay so: abandon them with --return once the file is"
                    + " mended.");
        }
    }

    /** What keeps a batch of an earlier definition from being written as the table is now. */
    private static List<String> misfits(TableFacts facts, TableDefinition definition, ColumnMatch match) {
        List<String> misfits = new ArrayList<>(new DefinedColumns(match).misfits());
        Set<String> needed = new HashSet<>(definition.key());
        needed.add(definition.partitionBy().from());
        needed.stream()
                .filter(column -> match.find(column).isEmpty())
                .forEach(
                        column -> misfits.add(
                                "column " + column
                                        + " tells which rows are the same, or where they lie, and the table does not have it any more"));
        match.find(definition.partitionBy().from())
                .filter(column -> facts.specOf(definition.partitionBy().unit(), column.fieldId())
                        .isEmpty())
                .ifPresent(column -> misfits.add("the table's files were never partitioned by "
                        + TableFacts.partition(definition.partitionBy().unit(), column.name())));
        Set<Integer> matched = match.fieldIds();
        facts.schema().columns().stream()
                .filter(column -> column.isRequired() && !matched.contains(column.fieldId()))
                .forEach(column -> misfits.add("column " + column.name()
                        + " is required there, and the definition does not have it (abandon the batch with --return, or"
                        + " make the column optional first: leave required out of the file, and run a batch)"));
        return misfits;
    }

    /** Compares, and notes what differs. */
    private static final class Planner {
        private final TableFacts facts;
        private final TableDefinition definition;
        private final ColumnMatch match;
        private final List<TableChange> changes = new ArrayList<>();
        private final List<String> refusals = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();

        Planner(TableFacts facts, TableDefinition definition, ColumnMatch match) {
            this.facts = facts;
            this.definition = definition;
            this.match = match;
        }

        Evolution plan() {
            String before = null;
            for (Types.NestedField wanted : match.wanted().columns()) {
                Optional<Types.NestedField> there = match.find(wanted.name());
                if (there.isPresent()) {
                    compare(there.get(), wanted);
                } else {
                    add(wanted, before);
                }
                before = there.map(Types.NestedField::name).orElse(wanted.name());
            }
            leaveOut();
            partition();
            List<String> key = facts.shape().key();
            if (key != null && !key.equals(definition.key()) && !isRenamed(key)) {
                changes.add(new TableChange.Rekey(key, definition.key()));
            }
            adopt();
            return new Evolution(changes, refusals, remarks);
        }

        /** What others have done and the file follows is theirs no longer, or it would be refused at the next change. */
        private void adopt() {
            for (Types.NestedField wanted : match.wanted().columns()) {
                String name = wanted.name();
                boolean isNew =
                        !TableSchema.isLineage(name) && !facts.shape().columns().contains(name);
                if (isNew
                        && match.find(name)
                                .filter(there -> there.name().equals(name))
                                .isPresent()) {
                    changes.add(
                            new TableChange.Adopt("column " + name + ", which somebody else added, is the pipeline's"));
                }
            }
            for (String column : facts.shape().columns()) {
                if (facts.schema().findField(column) == null && match.wanted().findField(column) == null) {
                    changes.add(new TableChange.Adopt("column " + column
                            + ", which somebody else dropped or renamed, is not the pipeline's any more"));
                }
            }
        }

        private boolean isRenamed(List<String> key) {
            return key.equals(definition.key().stream()
                    .map(column ->
                            match.find(column).map(Types.NestedField::name).orElse(column))
                    .toList());
        }

        private void compare(Types.NestedField there, Types.NestedField wanted) {
            String name = wanted.name();
            types(there.name(), there.type(), wanted.type());
            refuseTwoForOne(there, name);
            if (there.isRequired() && wanted.isOptional()) {
                changes.add(new TableChange.Relax(there.name()));
            } else if (there.isOptional() && wanted.isRequired()) {
                refusals.add(
                        "column " + name + " may be null there, and rows without a value cannot be made to have one"
                                + " (leave required out, and demand values by a rule: IsComplete \"" + name + "\")");
            }
            if (!there.name().equals(name) && isPartition(name)) {
                refuseNameOfPartition(name);
            } else if (!there.name().equals(name)) {
                changes.add(new TableChange.Rename(there.name(), name));
                if (readsOnlyItself(name)) {
                    remarks.add("Column " + name + " is read from the field " + name
                            + " of the JSON from then on; write from: [" + name + ", " + there.name()
                            + "] if records still call it " + there.name() + ".");
                }
            }
        }

        /** One is dropped, and another takes its name: which values the column is to have would depend on the order. */
        private void refuseTwoForOne(Types.NestedField there, String name) {
            definition.columns().stream()
                    .filter(column ->
                            column.name().equals(name) && column.name().equals(there.name()))
                    .flatMap(column -> column.was().stream())
                    .filter(was -> facts.shape().columns().contains(was)
                            && facts.schema().findField(was) != null)
                    .forEach(was -> refusals.add("column " + name + " is there beside column " + was
                            + ", which it is said to have been (take was: " + was
                            + " out, or run a batch without column "
                            + name + " first)"));
        }

        private boolean readsOnlyItself(String name) {
            return definition.columns().stream()
                    .anyMatch(column ->
                            column.name().equals(name) && column.from().equals(List.of(List.of(name))));
        }

        private void add(Types.NestedField wanted, String before) {
            String name = wanted.name();
            if (facts.shape().columns().contains(name)) {
                refusals.add(facts.presentName(name)
                        .map(now ->
                                "somebody else renamed column " + name + " to " + now + " (rename it back, and write"
                                        + " was: " + name + " in the file if it is to be called " + now + ")")
                        .orElse("somebody else dropped column " + name
                                + " (take it out of the file; once a batch has run"
                                + " without it, it can be added anew)"));
            } else if (isPartition(name)) {
                refuseNameOfPartition(name);
            } else if (wanted.isRequired()) {
                refusals.add("column " + name + " is new and required, and the rows that are there have no value for it"
                        + " (leave required out, and demand values by a rule: IsComplete \"" + name + "\")");
            } else {
                changes.add(new TableChange.Add(null, name, wanted.type(), before));
            }
        }

        /** Iceberg lets no column have the name of a partition, not even of files that were written long ago. */
        private boolean isPartition(String name) {
            return facts.specs().values().stream()
                    .flatMap(spec -> spec.fields().stream())
                    .anyMatch(field -> field.name().equals(name));
        }

        private void refuseNameOfPartition(String name) {
            refusals.add("column " + name + " would be called like a partition that the table has or had"
                    + " (give the column another name, with from: " + name + " if records call it so)");
        }

        private void types(String path, Type there, Type wanted) {
            if (there.isStructType() && wanted.isStructType()) {
                fields(path, there.asStructType(), wanted.asStructType());
            } else if (there.isListType() && wanted.isListType()) {
                types(
                        path + ".element",
                        there.asListType().elementType(),
                        wanted.asListType().elementType());
            } else if (there.isMapType() && wanted.isMapType()) {
                types(
                        path + ".value",
                        there.asMapType().valueType(),
                        wanted.asMapType().valueType());
            } else if (!there.equals(wanted)) {
                primitives(path, there, wanted);
            }
        }

        private void fields(String path, Types.StructType there, Types.StructType wanted) {
            for (Types.NestedField field : wanted.fields()) {
                Types.NestedField other = there.field(field.name());
                if (other == null) {
                    changes.add(new TableChange.Add(path, field.name(), field.type(), null));
                } else {
                    types(path + "." + field.name(), other.type(), field.type());
                }
            }
            there.fields().stream()
                    .filter(field -> wanted.field(field.name()) == null)
                    .forEach(field -> refusals.add("column " + path + " has the field " + field.name()
                            + " there and not in the file (leave it in the file; only whole columns can be dropped)"));
        }

        private void primitives(String path, Type there, Type wanted) {
            String differs = "column " + path + " is " + TableSchema.ddl(there) + " there and "
                    + TableSchema.ddl(wanted) + " in the file ";
            if (isWider(there, wanted)) {
                changes.add(new TableChange.Widen(path, there, wanted));
            } else if (isWider(wanted, there)) {
                refusals.add(differs + "(write " + TableSchema.ddl(there) + "; a narrower type would lose values)");
            } else {
                refusals.add(
                        differs + "(put it back, or give the new column another name; the old one is dropped when the"
                                + " file does not have it)");
            }
        }

        private static boolean isWider(Type narrow, Type wide) {
            return narrow.isPrimitiveType()
                    && wide.isPrimitiveType()
                    && TypeUtil.isPromotionAllowed(narrow, wide.asPrimitiveType());
        }

        /** The table's columns that the definition does not have. */
        private void leaveOut() {
            Set<Integer> matched = match.fieldIds();
            Set<Integer> partitions =
                    facts.spec().fields().stream().map(PartitionField::sourceId).collect(Collectors.toSet());
            for (Types.NestedField column : facts.schema().columns()) {
                String name = column.name();
                if (matched.contains(column.fieldId())) {
                    continue;
                }
                if (!facts.shape().columns().contains(name)) {
                    leaveAlone(column);
                } else if (partitions.contains(column.fieldId())) {
                    refusals.add(
                            "column " + name + " is what the table is partitioned by, and cannot be dropped (put it"
                                    + " back, or write was: " + name + " in the column that it has become)");
                } else if (facts.shape().key() != null && facts.shape().key().contains(name)) {
                    refusals.add("column " + name
                            + " is part of the key, and cannot be dropped (put it back, or write was: " + name
                            + " in the column that it has become; to drop it, run a batch with another key first)");
                } else {
                    changes.add(new TableChange.Drop(name));
                    remarkOnRename(name);
                }
            }
        }

        private void leaveAlone(Types.NestedField column) {
            if (column.isRequired()) {
                refusals.add("column " + column.name() + " was added by somebody else and is required, so no row can be"
                        + " written (make it optional, or drop it)");
            } else {
                remarks.add("Column " + column.name() + " was added by somebody else; it is left alone, and null in new"
                        + " rows.");
            }
        }

        private void remarkOnRename(String dropped) {
            definition.columns().stream()
                    .filter(column -> match.find(column.name()).isEmpty())
                    .filter(column -> column.from().contains(List.of(dropped)))
                    .map(Column::name)
                    .findFirst()
                    .ifPresent(added -> remarks.add("Column " + added + " is added and " + dropped
                            + " is dropped, though both are read from the field " + dropped
                            + "; write was: " + dropped + " in column " + added + " if it is the same under another"
                            + " name."));
        }

        private void partition() {
            TableDefinition.PartitionBy by = definition.partitionBy();
            Optional<Types.NestedField> from = match.find(by.from());
            String wanted = TableFacts.partition(by.unit(), by.from());
            String there = facts.partition();
            String ours = facts.shape().partition();
            if (from.isPresent()
                    && facts.specOf(by.unit(), from.get().fieldId())
                            .filter(spec -> spec.specId() == facts.spec().specId())
                            .isPresent()) {
                if (ours != null && !ours.equals(there)) {
                    changes.add(
                            new TableChange.Adopt("somebody else partitioned it by " + there + ", as the file says"));
                }
                return;
            }
            Optional<PartitionField> field = TableFacts.only(facts.spec())
                    .filter(only -> TableFacts.unit(only).isPresent());
            if (field.isEmpty() || (ours != null && !ours.equals(there))) {
                refusals.add("somebody else partitioned it by " + there + " instead of "
                        + Objects.requireNonNullElse(ours, wanted)
                        + " (put that back with ALTER TABLE … REPLACE PARTITION FIELD)");
            } else if (from.isEmpty() || from.get().fieldId() != field.get().sourceId()) {
                refusals.add("it is partitioned by " + there + " and in the file by " + wanted
                        + " (only the unit can change; put the column back, or name another table)");
            } else {
                changes.add(new TableChange.Repartition(field.get().name(), there, wanted, by.unit(), by.from()));
            }
        }
    }
}

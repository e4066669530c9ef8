package dev.eightbells.table;

/**
 * When a definition has its turn to shape the tables. Definitions come in the order of their batches' numbers, and a later
 * one is never undone by an earlier one, whatever the order in which batches run.
 *
 * @param number the number of the batch's manifest
 * @param furthest the greatest number of a batch that is converted, its own or another's; 0 when none is known
 */
public record Turn(int number, int furthest) {
    /** Of a definition that no batch has yet, such as the pipeline file as it is today. */
    public static final Turn NEXT = new Turn(Integer.MAX_VALUE, 0);

    /** Whether a table has the columns of a later definition. */
    boolean isOver(Shape shape) {
        return isOver(shape.number());
    }

    /** The same of a table whose present columns are of the definition of a batch's number. */
    boolean isOver(int shaped) {
        return furthest > number || shaped > number;
    }
}

package dev.eightbells.care;

import java.util.List;

/** What care is going to do, in the order in which it does it. */
public final class CarePlan {
    private final List<TablePlan> tables;
    private final List<AgedObjects> objects;
    private final List<Trouble> troubles;

    CarePlan(List<TablePlan> tables, List<AgedObjects> objects, List<Trouble> troubles) {
        this.tables = List.copyOf(tables);
        this.objects = List.copyOf(objects);
        this.troubles = List.copyOf(troubles);
    }

    List<TablePlan> tables() {
        return tables;
    }

    List<AgedObjects> objects() {
        return objects;
    }

    /** What could not be looked at, and is left out. */
    public List<Trouble> troubles() {
        return troubles;
    }
}

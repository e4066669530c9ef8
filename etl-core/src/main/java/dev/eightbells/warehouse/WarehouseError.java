package dev.eightbells.warehouse;

import dev.eightbells.Failure;
import java.sql.SQLException;

/** What an SQLException of the warehouse means. */
record WarehouseError(Kind kind, String message) {
    enum Kind {
        CONFLICT,
        LOST,
        TRANSIENT,
        PERMISSION,
        DATA,
        DEFINITION,
        BUG
    }

    static WarehouseError of(SQLException e) {
        return new WarehouseError(Kind.BUG, e.getMessage());
    }

    Failure toFailure(String doing, String said) {
        return Failure.of(Failure.Kind.BUG, "Cannot " + doing + ": " + said, null);
    }
}

package dev.eightbells.pipeline;

import java.io.Serializable;

/** A table's name, {@code database.table}. */
public record TableName(String database, String table) implements Serializable {
    @Override
    public String toString() {
        return database + "." + table;
    }
}

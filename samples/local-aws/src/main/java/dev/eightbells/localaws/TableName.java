package dev.eightbells.localaws;

/**
 * A table's name.
 *
 * @param schema null when the search path decides
 */
record TableName(String schema, String table) {

    /** In quotes, as PostgreSQL takes it. */
    String sql() {
        return schema == null ? Token.quoted(table) : Token.quoted(schema) + "." + Token.quoted(table);
    }

    @Override
    public String toString() {
        return schema == null ? table : schema + "." + table;
    }
}

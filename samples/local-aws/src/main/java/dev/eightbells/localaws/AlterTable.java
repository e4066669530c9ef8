package dev.eightbells.localaws;

import java.util.Locale;

/** ALTER TABLE with one action, as Redshift has it. */
final class AlterTable {
    private AlterTable() {}

    /** Translates what follows ALTER TABLE. */
    static Translation translate(TokenReader tokens) throws Refusal {
        TableName table = tokens.table();
        String statement = "ALTER TABLE " + table.sql() + " ";
        if (tokens.accept("add", "column") || isNewColumn(tokens)) {
            return new Translation.Forward(
                    statement + "ADD COLUMN " + addition(tokens).sql());
        }
        if (tokens.accept("alter", "column")) {
            String column = tokens.name();
            if (!tokens.accept("type")) {
                throw Refusal.of(RedshiftError.notKnown(
                        "ALTER COLUMN … " + tokens.peek().text().toUpperCase(Locale.ROOT),
                        "the type is all that can be altered here"));
            }
            ColumnType type = ColumnType.read(tokens);
            tokens.expectEnd();
            return new Translation.Resize(table, column, type);
        }
        boolean rename = tokens.peek().is("rename");
        boolean drop = tokens.peek().is("drop") && tokens.peek(1).is("column");
        boolean owner = tokens.peek().is("owner");
        if (!rename && !drop && !owner) {
            throw Refusal.of(RedshiftError.notKnown(
                    "ALTER TABLE … " + tokens.peek().text().toUpperCase(Locale.ROOT) + " "
                            + tokens.peek(1).text().toUpperCase(Locale.ROOT),
                    "leave it out, or try it on a cluster"));
        }
        return new Translation.Forward(statement + oneAction(tokens));
    }

    private static boolean isNewColumn(TokenReader tokens) {
        Token name = tokens.peek(1);
        boolean constraint = name.is("constraint") || name.is("primary") || name.is("unique") || name.is("foreign");
        return tokens.peek().is("add") && !constraint && tokens.accept("add");
    }

    private static CreateTable.Column addition(TokenReader tokens) throws Refusal {
        String name = tokens.name();
        ColumnType type = ColumnType.read(tokens);
        StringBuilder clauses = new StringBuilder();
        boolean required = false;
        boolean hasDefault = false;
        while (!tokens.isAtEnd()) {
            if (tokens.accept("not", "null")) {
                required = true;
            } else {
                hasDefault |= tokens.peek().is("default") && !tokens.peek(1).is("null");
                clauses.append(CreateTable.clause(tokens));
            }
        }
        if (required && !hasDefault) {
            throw Refusal.of(RedshiftError.of(
                    RedshiftError.NOT_KNOWN,
                    "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression"));
        }
        return new CreateTable.Column(name, type, clauses.toString(), required);
    }

    private static String oneAction(TokenReader tokens) throws Refusal {
        String action = tokens.rest();
        while (!tokens.isAtEnd()) {
            if (tokens.peek().isSymbol(",")) {
                throw tokens.unexpected();
            }
            tokens.next();
        }
        return action;
    }
}

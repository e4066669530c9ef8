package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.Token.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The variables of a rules file. Each holds a text, or a list of texts and keywords. */
final class Variables {
    /** @param values one token when it is no list */
    private record Variable(boolean isList, List<Token> values) {}

    private final Map<String, Variable> declared = new LinkedHashMap<>();
    private final Problems problems;

    Variables(Problems problems) {
        this.problems = problems;
    }

    void declareText(Token name, Token text) {
        declare(name, new Variable(false, List.of(text)));
    }

    void declareList(Token name, List<Token> values) {
        declare(name, new Variable(true, List.copyOf(values)));
    }

    private void declare(Token name, Variable variable) {
        if (declared.putIfAbsent(name.text(), variable) != null) {
            problems.add(name.place(), "the variable " + name.text() + " is declared before; declare it once.");
        }
    }

    /** Refuses variables that refer to others: a reference is replaced once. */
    void refuseReferences() {
        for (Variable variable : declared.values()) {
            for (Token value : variable.values()) {
                if (value.is(Kind.TEXT)) {
                    replace(value.value(), (name, other) -> {
                        problems.add(
                                value.place(),
                                "a variable cannot refer to another one, as this one does to $" + name + ".");
                        return "";
                    });
                }
            }
        }
    }

    /** The text of a token, which is a text or refers to one. */
    String text(Token token) {
        if (token.is(Kind.TEXT)) {
            return token.value();
        }

        Variable variable = variable(token);
        if (variable == null) {
            return "";
        }
        if (variable.isList()) {
            problems.add(token.place(), "expected a text, not " + token.text() + ", which is a list.");
            return "";
        }
        return variable.values().get(0).value();
    }

    /** The same, and what the text refers to is filled in; lists and what is not declared stay as they are. */
    String filledText(Token token) {
        return token.is(Kind.TEXT)
                ? replace(
                        token.value(),
                        (name, variable) -> variable.isList()
                                ? "$" + name
                                : variable.values().get(0).value())
                : text(token);
    }

    /** The texts and keywords of the list that a token refers to. */
    List<Token> list(Token token) {
        Variable variable = variable(token);
        if (variable == null) {
            return List.of();
        }
        if (!variable.isList()) {
            problems.add(token.place(), "expected a list, not " + token.text() + ", which is a text.");
            return List.of();
        }
        return variable.values();
    }

    private Variable variable(Token token) {
        Variable variable = declared.get(token.value());
        if (variable == null) {
            problems.add(
                    token.place(),
                    "the variable " + token.text() + " is not declared; write " + token.value()
                            + " = \"...\" before the rules.");
        }
        return variable;
    }

    /** Replaces every {@code $name} whose name is declared; {@code $a.b} is a, followed by .b, when only a is. */
    private String replace(String text, BiFunction<String, Variable, String> replacement) {
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            String name = text.charAt(at) == '$' ? declaredNameAt(text, at + 1) : "";
            if (name.isEmpty()) {
                replaced.append(text.charAt(at));
                at++;
            } else {
                replaced.append(replacement.apply(name, declared.get(name)));
                at += 1 + name.length();
            }
        }
        return replaced.toString();
    }

    private String declaredNameAt(String text, int begin) {
        int end = begin;
        while (end < text.length() && Lexer.isPartOfName(text.charAt(end))) {
            end++;
        }
        String name = text.substring(begin, end);
        while (!name.isEmpty() && !declared.containsKey(name)) {
            name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
        return name;
    }
}

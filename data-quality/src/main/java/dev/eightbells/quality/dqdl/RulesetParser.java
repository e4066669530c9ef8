package dev.eightbells.quality.dqdl;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads a rules file: what it is about, variables and labels, rules and analyzers. */
final class RulesetParser {
    private static final String EXAMPLE = "Rules = [ RowCount > 0 ]";

    private enum Section {
        METADATA("Metadata"),
        DATA_SOURCES("DataSources"),
        DEFAULT_LABELS("DefaultLabels"),
        RULES("Rules"),
        ANALYZERS("Analyzers");

        private final String dqdl;

        Section(String dqdl) {
            this.dqdl = dqdl;
        }

        static Optional<Section> named(String name) {
            for (Section section : values()) {
                if (section.dqdl.equals(name)) {
                    return Optional.of(section);
                }
            }
            return Optional.empty();
        }
    }

    private final Tokens tokens;
    private final Problems problems;
    private final Variables variables;
    private final Set<Section> read = new HashSet<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Analyzer> analyzers = new ArrayList<>();
    private Map<String, String> defaultLabels = Map.of();

    RulesetParser(List<Token> tokens, Problems problems) {
        this.problems = problems;
        this.tokens = new Tokens(tokens, problems);
        this.variables = new Variables(problems);
    }

    Ruleset parse() {
        Place begin = tokens.peek().place();
        while (!tokens.peek().is(Kind.END)) {
            section();
        }
        variables.refuseReferences();
        problems.throwIfAny();
        if (rules.isEmpty() && analyzers.isEmpty()) {
            throw problems.stop(begin, "expected rules, and there are none; write for example " + EXAMPLE + ".");
        }
        return new Ruleset(rules, analyzers);
    }

    private void section() {
        Token name = tokens.peek();
        if (!name.is(Kind.WORD) || !tokens.peek(1).is("=")) {
            throw misplaced(name);
        }

        tokens.next();
        tokens.next();
        Optional<Section> known = Section.named(name.text());
        if (known.isEmpty()) {
            refuseBehindRules(name);
            variable(name);
            return;
        }

        Section section = known.get();
        if (!read.add(section)) {
            throw problems.stop(name.place(), section.dqdl + " may stand in a file once only.");
        }
        switch (section) {
            case METADATA -> {
                refuseBehindRules(name);
                object(Set.of("Version"), key -> version());
            }
            case DATA_SOURCES -> {
                refuseBehindRules(name);
                object(Set.of("Primary", "AdditionalDataSources"), this::dataSource);
            }
            case DEFAULT_LABELS -> {
                refuseBehindRules(name);
                defaultLabels = RuleParser.labels(tokens);
            }
            case RULES -> list(parser()::rule, rules);
            case ANALYZERS -> list(parser()::analyzer, analyzers);
        }
    }

    private Failure misplaced(Token name) {
        return name.is(Kind.WORD) && !tokens.peek(1).is(Kind.BROKEN)
                ? problems.stop(
                        name.place(),
                        "expected " + EXAMPLE + " or another assignment, not " + name.text()
                                + "; rules stand in the brackets.")
                : tokens.unexpected(EXAMPLE);
    }

    private void refuseBehindRules(Token name) {
        if (read.contains(Section.RULES) || read.contains(Section.ANALYZERS)) {
            throw problems.stop(name.place(), name.text() + " must stand before the rules and analyzers.");
        }
    }

    private RuleParser parser() {
        return new RuleParser(tokens, variables, defaultLabels, problems);
    }

    private <T> void list(Supplier<Optional<T>> element, List<T> elements) {
        tokens.expect("[");
        if (tokens.accept("]")) {
            return;
        }
        do {
            element.get().ifPresent(elements::add);
        } while (tokens.accept(","));
        if (!tokens.accept("]")) {
            throw tokens.unexpected("',' or ']'");
        }
    }

    private void variable(Token name) {
        if (tokens.peek().is(Kind.TEXT)) {
            variables.declareText(name, tokens.next());
            return;
        }
        if (!tokens.accept("[")) {
            throw tokens.unexpected("a text in quotes, or a list of texts", "variables hold nothing else");
        }

        List<Token> values = new ArrayList<>();
        do {
            if (!tokens.peek().is(Kind.TEXT) && !ConditionParser.isKeyword(tokens.peek())) {
                throw tokens.unexpected("a text in quotes", "variables hold nothing else");
            }
            values.add(tokens.next());
        } while (tokens.accept(","));
        if (!tokens.accept("]")) {
            throw tokens.unexpected("',' or ']'");
        }
        variables.declareList(name, values);
    }

    /** Reads {@code {"key": value, ...}}, of which only some keys are known. */
    private void object(Set<String> keys, Consumer<Token> value) {
        String known = keys.stream().sorted().reduce((a, b) -> a + " or " + b).orElseThrow();
        Set<String> before = new HashSet<>();
        tokens.expect("{");
        do {
            Token key = tokens.expect(Kind.TEXT, "\"" + known.replace(" or ", "\" or \"") + "\"");
            if (!keys.contains(key.value())) {
                problems.add(key.place(), "unknown key " + key.shown() + "; expected " + known + ".");
            }
            if (!before.add(key.value())) {
                problems.add(key.place(), "the key " + key.shown() + " stands here before.");
            }
            tokens.expect(":");
            value.accept(key);
        } while (tokens.accept(","));
        if (!tokens.accept("}")) {
            throw tokens.unexpected("',' or '}'");
        }
    }

    private void version() {
        Token version = tokens.expect(Kind.TEXT, "\"1.0\"");
        if (!version.value().equals("1.0")) {
            problems.add(version.place(), "expected version \"1.0\", not " + version.shown() + ".");
        }
    }

    private void dataSource(Token key) {
        if (!key.value().equals("AdditionalDataSources")) {
            tokens.expect(Kind.TEXT, "a text in quotes");
            return;
        }
        tokens.expect("[");
        do {
            tokens.expect(Kind.TEXT, "a text in quotes");
        } while (tokens.accept(","));
        if (!tokens.accept("]")) {
            throw tokens.unexpected("',' or ']'");
        }
    }
}

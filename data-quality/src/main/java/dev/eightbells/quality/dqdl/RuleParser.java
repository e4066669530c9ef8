package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.Rule.Connective;
import dev.eightbells.quality.dqdl.RuleType.Part;
import dev.eightbells.quality.dqdl.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads single rules and analyzers. */
final class RuleParser {
    private final Tokens tokens;
    private final Variables variables;
    private final Map<String, String> defaultLabels;
    private final Problems problems;
    private final ConditionParser conditions;
    private final ConditionCheck conditionCheck;
    private final RuleCheck check;

    RuleParser(Tokens tokens, Variables variables, Map<String, String> defaultLabels, Problems problems) {
        this.tokens = tokens;
        this.variables = variables;
        this.defaultLabels = defaultLabels;
        this.problems = problems;
        this.conditions = new ConditionParser(tokens, variables, problems);
        this.conditionCheck = new ConditionCheck(problems);
        this.check = new RuleCheck(problems, conditionCheck);
    }

    /** The next rule; empty when it is of an unknown type, which is noted. */
    Optional<Rule> rule() {
        return chain(Connective.OR, () -> chain(Connective.AND, this::link));
    }

    /** The next analyzer; empty when it is of an unknown type, which is noted. */
    Optional<Analyzer> analyzer() {
        int from = tokens.at();
        Token name = name("an analyzer such as RowCount");
        Optional<RuleType> type = type(name);
        if (type.isEmpty()) {
            return Optional.empty();
        }

        List<String> parameters = texts(parameters(type.get()));
        check.analyzer(type.get(), parameters, name.place());
        if (ConditionParser.isBegin(tokens.peek())
                || tokens.peek().is("where")
                || tokens.peek().is("with")) {
            throw tokens.unexpected("',' or ']'", "an analyzer has parameters only");
        }
        return Optional.of(new Analyzer(type.get(), parameters, name.place(), tokens.text(from, tokens.at())));
    }

    /** Reads {@code ["key" = "value", ...]}; the last of several values of a key counts. */
    static Map<String, String> labels(Tokens tokens) {
        Map<String, String> labels = new LinkedHashMap<>();
        tokens.expect("[");
        do {
            Token key = tokens.expect(Kind.TEXT, "a label such as \"team\" = \"data\"");
            tokens.expect("=");
            labels.put(key.value(), tokens.expect(Kind.TEXT, "a text in quotes").value());
        } while (tokens.accept(","));
        if (!tokens.accept("]")) {
            throw tokens.unexpected("',' or ']'");
        }
        return labels;
    }

    private Optional<Rule> chain(Connective connective, Supplier<Optional<Rule>> link) {
        int from = tokens.at();
        Place place = tokens.peek().place();
        String word = connective == Connective.AND ? "and" : "or";
        String capitals = connective == Connective.AND ? "AND" : "OR";
        List<Rule> links = new ArrayList<>();
        do {
            link.get().ifPresent(links::add);
        } while (tokens.accept(word) || tokens.accept(capitals));
        if (links.size() < 2) {
            return links.stream().findFirst();
        }

        List<Rule> parts = new ArrayList<>();
        links.forEach(rule -> {
            // A part with labels of its own stays together, so that they keep their meaning.
            if (rule instanceof Rule.Composite composite
                    && composite.connective() == connective
                    && composite.labels().equals(defaultLabels)) {
                parts.addAll(composite.parts());
            } else {
                parts.add(rule);
            }
        });
        return Optional.of(new Rule.Composite(connective, parts, defaultLabels, place, tokens.text(from, tokens.at())));
    }

    private Optional<Rule> link() {
        if (!tokens.peek().is("(")) {
            return simple();
        }

        tokens.open();
        Optional<Rule> rule = rule();
        tokens.close();
        Map<String, String> labels = ownLabels();
        return rule.map(inner -> labels.isEmpty() ? inner : withLabels(inner, labels));
    }

    private Optional<Rule> simple() {
        int from = tokens.at();
        Token name = name("a rule such as RowCount > 0");
        Optional<RuleType> known = type(name);
        if (known.isEmpty()) {
            return Optional.empty();
        }

        RuleType type = known.get();
        List<Token> written = parameters(type);
        List<String> parameters = texts(written);
        check.rule(type, parameters, name.place());
        check.patterns(type, parameters, written);
        Condition condition = condition(type, parameters.size());
        String where = where(type);
        Condition threshold = null;
        Map<String, String> tags = new LinkedHashMap<>();
        while (tokens.accept("with")) {
            Token tag = tokens.expect(Kind.WORD, "a name such as threshold");
            if (tag.is("threshold")) {
                if (threshold != null) {
                    problems.add(tag.place(), "a rule has one threshold only.");
                }
                check.part(type, Part.THRESHOLD, "a threshold", tag.place());
                threshold = conditionCheck.check(conditions.parse(Subject.threshold()), Subject.threshold());
            } else {
                tag(type, tag, tags);
            }
        }
        Map<String, String> labels = new LinkedHashMap<>(defaultLabels);
        labels.putAll(ownLabels());
        return Optional.of(new Rule.Simple(
                type,
                parameters,
                condition,
                where,
                threshold,
                tags,
                labels,
                name.place(),
                tokens.text(from, tokens.at())));
    }

    private Token name(String expected) {
        Token name = tokens.peek();
        if (!name.is(Kind.WORD) || Tokens.isReserved(name)) {
            throw tokens.unexpected(expected);
        }
        return tokens.next();
    }

    private Optional<RuleType> type(Token name) {
        Optional<RuleType> type = RuleTypes.named(name.text());
        if (type.isEmpty()) {
            problems.add(name.place(), RuleTypes.refusal(name.text()));
            tokens.skipRule();
        }
        return type;
    }

    /** The parameters, which {@code of} and {@code and} may connect; {@code and} may begin the next rule instead. */
    private List<Token> parameters(RuleType type) {
        List<Token> parameters = new ArrayList<>();
        while (true) {
            if (tokens.peek().isEither("of", "OF")) {
                tokens.next();
                if (!isParameter(tokens.peek())) {
                    throw tokens.unexpected("a parameter of " + type.dqdl());
                }
            } else {
                boolean isConnected = tokens.peek().isEither("and", "AND") && !parameters.isEmpty();
                Token next = tokens.peek(isConnected ? 1 : 0);
                if (tokens.peek().is(Kind.BROKEN)) {
                    throw tokens.unexpected("a parameter of " + type.dqdl());
                }
                if (!isParameter(next) || isNextRule(next, type, parameters.size(), isConnected)) {
                    return parameters;
                }
                if (isConnected) {
                    tokens.next();
                }
            }
            parameters.add(tokens.next());
        }
    }

    private static boolean isParameter(Token token) {
        return token.is(Kind.TEXT) || token.is(Kind.VARIABLE) || (token.is(Kind.WORD) && !Tokens.isReserved(token));
    }

    /** Whether the rule could end here, and the word is no parameter, but the type of another rule. */
    private static boolean isNextRule(Token word, RuleType type, int parameters, boolean isConnected) {
        return word.is(Kind.WORD)
                && parameters >= type.leastParameters()
                && !RuleCheck.needsCondition(type, parameters)
                && (RuleTypes.isName(word) || (isConnected && parameters == type.mostParameters()));
    }

    private List<String> texts(List<Token> parameters) {
        return parameters.stream()
                .map(token -> token.is(Kind.WORD) ? token.text() : variables.filledText(token))
                .toList();
    }

    private Condition condition(RuleType type, int parameters) {
        Subject subject = Subject.of(type);
        Token begin = tokens.peek();
        if (!ConditionParser.isBegin(begin) && !RuleCheck.needsCondition(type, parameters)) {
            return null;
        }

        ConditionParser.Written written = conditions.parse(subject);
        return check.mayHaveCondition(type, parameters, begin.place()) ? conditionCheck.check(written, subject) : null;
    }

    private String where(RuleType type) {
        Token where = tokens.peek();
        if (!tokens.accept("where")) {
            return null;
        }

        check.part(type, Part.WHERE, "a where", where.place());
        return variables.filledText(text("a predicate in SQL, in quotes"));
    }

    private Token text(String expected) {
        if (!tokens.peek().is(Kind.TEXT) && !tokens.peek().is(Kind.VARIABLE)) {
            throw tokens.unexpected(expected);
        }
        return tokens.next();
    }

    private void tag(RuleType type, Token name, Map<String, String> tags) {
        check.part(type, Part.TAGS, "the tag " + name.text(), name.place());
        tokens.expect("=");
        Token value = text("a text in quotes");
        if (tags.containsKey(name.text())) {
            problems.add(name.place(), "a rule has the tag " + name.text() + " once only.");
        }
        tags.put(name.text(), variables.text(value));
        check.tag(type, name, value, tags.get(name.text()));
    }

    private Map<String, String> ownLabels() {
        int from = tokens.at();
        if (!tokens.accept("labels")) {
            return Map.of();
        }

        tokens.expect("=");
        Map<String, String> labels = labels(tokens);
        tokens.hide(from, tokens.at());
        return labels;
    }

    private static Rule withLabels(Rule rule, Map<String, String> more) {
        Map<String, String> labels = new LinkedHashMap<>(rule.labels());
        labels.putAll(more);
        if (rule instanceof Rule.Composite composite) {
            return new Rule.Composite(
                    composite.connective(), composite.parts(), labels, composite.place(), composite.text());
        }

        Rule.Simple simple = (Rule.Simple) rule;
        return new Rule.Simple(
                simple.type(),
                simple.parameters(),
                simple.condition(),
                simple.where(),
                simple.threshold(),
                simple.tags(),
                labels,
                simple.place(),
                simple.text());
    }
}

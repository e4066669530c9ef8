package dev.eightbells.pipeline;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A place in a pipeline file and what stands there, perhaps nothing. What does not fit is noted as a problem of that
 * place and read as null, so that reading goes on and finds the next one.
 */
final class Value {
    private final Node node;
    private final String path;
    private final int keyLine;
    private final Variables variables;
    private final Problems problems;

    private Value(Node node, String path, int keyLine, Variables variables, Problems problems) {
        this.node = node;
        this.path = path;
        this.keyLine = keyLine;
        this.variables = variables;
        this.problems = problems;
    }

    /** The whole file. */
    static Value root(Node node, Variables variables, Problems problems) {
        return new Value(node, "", line(node), variables, problems);
    }

    /** The place of a key that is not there, for problems with its absence. */
    Value absent(String key) {
        return new Value(null, child(key), keyLine, variables, problems);
    }

    boolean isPresent() {
        return node != null;
    }

    /** The line of the key. */
    int keyLine() {
        return keyLine;
    }

    /** Notes a problem here; the sentence needs no final period. */
    void problem(String sentence) {
        problemAt(line(), sentence);
    }

    /** Notes a problem of this value that shows in another line. */
    void problemAt(int line, String sentence) {
        problems.add(line, path.isEmpty() ? sentence : path + ": " + sentence);
    }

    /** Notes a problem that says its own place; it stands among those of this value. */
    void placedProblem(String sentence) {
        problems.addPlaced(line(), sentence);
    }

    /** What errors call the file in which this stands. */
    String file() {
        return problems.file();
    }

    /**
     * The text moved to where it stands in the file: behind as many lines and, where the file has it line by line, each of
     * its lines behind as many blanks. What finds places in it finds those of the file.
     */
    String inPlace(String text) {
        Mark start = node.getStartMark();
        ScalarStyle style = ((ScalarNode) node).getScalarStyle();
        boolean isBlock = style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
        String above = "\n".repeat(start.getLine() + (isBlock ? 1 : 0));
        if (style == ScalarStyle.LITERAL) {
            List<String> lines = text.lines().toList();
            int first = (int) lines.stream().takeWhile(String::isBlank).count();
            int own = first == lines.size()
                    ? 0
                    : lines.get(first).length()
                            - lines.get(first).stripLeading().length();
            String blanks = " ".repeat(Math.max(0, problems.indentation(start.getLine() + 2 + first) - own));
            return above + lines.stream().map(line -> blanks + line).collect(Collectors.joining("\n"));
        }
        boolean isOneLine = !isBlock && node.getEndMark().getLine() == start.getLine();
        boolean isQuoted = style != ScalarStyle.PLAIN;
        return above + " ".repeat(isOneLine ? start.getColumn() + (isQuoted ? 1 : 0) : 0) + text;
    }

    /** The text, variables replaced; null when absent, empty, YAML's null, or no text. */
    String text() {
        String text = textOrEmpty();
        boolean isNull = node != null && node.getTag().equals(Tag.NULL);
        if (text != null && (text.isBlank() || isNull)) {
            problem("there is no value; give one, or leave the key out");
            return null;
        }

        return text;
    }

    /** The text as it stands, variables replaced, perhaps empty; null when absent or no text. */
    String textOrEmpty() {
        if (!isPresent()) {
            return null;
        }
        if (!(node instanceof ScalarNode scalar)) {
            problem("found " + kind() + " where one value belongs; write just the value");
            return null;
        }

        try {
            return variables.resolve(scalar.getValue());
        } catch (IllegalArgumentException refused) {
            problem(refused.getMessage());
            return null;
        }
    }

    /** What the parser makes of the text; null when absent or when it throws {@link IllegalArgumentException}. */
    <T> T as(Function<String, T> parser) {
        String text = text();
        if (text == null) {
            return null;
        }

        try {
            return parser.apply(text);
        } catch (IllegalArgumentException refused) {
            problem(refused.getMessage());
            return null;
        }
    }

    /** What the parser makes of the text; the other value when absent or refused. */
    <T> T as(Function<String, T> parser, T otherwise) {
        T parsed = as(parser);
        return parsed == null ? otherwise : parsed;
    }

    /** One of the names of an enum, as pipeline files write them: {@code emr-steps} for {@code EMR_STEPS}. */
    <E extends Enum<E>> E asOneOf(Class<E> type) {
        return as(text -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> nameOf(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is none of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Value::nameOf)
                                .collect(Collectors.joining(", ")) + "; use one of them")));
    }

    /** One of the names of an enum; the other value when absent or refused. */
    <E extends Enum<E>> E asOneOf(Class<E> type, E otherwise) {
        E constant = asOneOf(type);
        return constant == null ? otherwise : constant;
    }

    /** How pipeline files write a constant. */
    static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isEmptyList() {
        return node instanceof SequenceNode sequence && sequence.getValue().isEmpty();
    }

    /** The elements of a list; none when absent or no list. */
    List<Value> list() {
        if (!isPresent()) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            problem("found " + kind() + " where a list belongs; write " + asList());
            return List.of();
        }

        List<Node> elements = sequence.getValue();
        return IntStream.range(0, elements.size())
                .mapToObj(i ->
                        new Value(elements.get(i), path + "[" + i + "]", line(elements.get(i)), variables, problems))
                .toList();
    }

    /** The mapping with the keys of this section; null when absent or no mapping. */
    Mapping mapping(Section section) {
        Map<String, Value> entries = entries();
        return node instanceof MappingNode ? new Mapping(section, this, entries) : null;
    }

    /** The entries of a mapping, whatever their keys; none when absent or no mapping. */
    Map<String, Value> entries() {
        Map<String, Value> entries = new LinkedHashMap<>();
        if (!isPresent()) {
            return entries;
        }
        if (!(node instanceof MappingNode mapping)) {
            problem("found " + kind() + " where a mapping belongs; write {key: value}");
            return entries;
        }

        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                problemAt(line, "found a key that is no text; write key: value");
                continue;
            }

            String key = scalar.getValue();
            Value value = new Value(tuple.getValueNode(), child(key), line, variables, problems);
            Value earlier = entries.putIfAbsent(key, value);
            if (earlier != null) {
                problemAt(
                        line,
                        "the key '" + key + "' stands twice, first in line " + earlier.keyLine
                                + "; take one of them out");
            }
        }
        return entries;
    }

    private String child(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String kind() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getTag().equals(Tag.NULL) ? "nothing" : "'" + scalar.getValue() + "'";
        }

        return node instanceof SequenceNode ? "a list" : "a mapping";
    }

    private String asList() {
        return node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()
                ? "[" + scalar.getValue() + "]"
                : "[a, b]";
    }

    private int line() {
        return node == null ? keyLine : line(node);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}

package dev.eightbells.trigger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** What the deployment template says, its functions as CloudFormation writes them in JSON: {@code {"Fn::Sub": …}}. */
final class Template {
    static final Path FILE = Path.of("template.yaml");

    private final Map<String, Object> root;

    private Template(Map<String, Object> root) {
        this.root = root;
    }

    static Template load() throws IOException {
        return new Template(new Yaml(new Functions()).load(Files.readString(FILE)));
    }

    /** A value by its keys, or by its place where there is a list; null when there is none. */
    Object at(String... path) {
        Object value = root;
        for (String key : path) {
            if (value instanceof List<?> list) {
                value = list.get(Integer.parseInt(key));
            } else if (value instanceof Map<?, ?> map) {
                value = map.get(key);
            } else {
                return null;
            }
        }
        return value;
    }

    /** The names of the resources of this type. */
    List<String> named(String type) {
        return ((Map<?, ?>) at("Resources"))
                .keySet().stream()
                        .map(String::valueOf)
                        .filter(name -> type.equals(at("Resources", name, "Type")))
                        .toList();
    }

    /** A property of a resource. */
    Object property(String resource, String... path) {
        return at(Stream.concat(Stream.of("Resources", resource, "Properties"), Stream.of(path))
                .toArray(String[]::new));
    }

    /** All statements of policies below a value, whatever conditions they stand under. */
    static Stream<Map<?, ?>> statements(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.containsKey("Effect")
                    ? Stream.of(map)
                    : map.values().stream().flatMap(Template::statements);
        }
        return value instanceof List<?> list ? list.stream().flatMap(Template::statements) : Stream.empty();
    }

    /** What an inline policy of a role lets it do. */
    Set<String> granted(String role, String policy) {
        return policies(role, policy).flatMap(Template::actions).collect(Collectors.toCollection(TreeSet::new));
    }

    /** An inline policy of a role, once for each condition that it stands under. */
    Stream<Map<?, ?>> policies(String role, String policy) {
        return named(property(role, "Policies"))
                .filter(each -> each.get("PolicyName").equals(policy));
    }

    /** The actions of all statements below a value. */
    static Stream<String> actions(Object policy) {
        return statements(policy)
                .flatMap(statement -> all(statement, "Action").stream())
                .map(String::valueOf);
    }

    /** What a statement says once or in a list. */
    static List<Object> all(Map<?, ?> statement, String key) {
        Object value = Objects.requireNonNullElse(statement.get(key), List.of());
        return value instanceof Collection<?> values ? List.copyOf(values) : List.of(value);
    }

    private static Stream<Map<?, ?>> named(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.containsKey("PolicyName")
                    ? Stream.of(map)
                    : map.values().stream().flatMap(Template::named);
        }
        return value instanceof List<?> list ? list.stream().flatMap(Template::named) : Stream.empty();
    }

    private static final class Functions extends SafeConstructor {
        Functions() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    String name = node.getTag().getValue().substring(1);
                    return Map.of(name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name, value(node));
                }
            });
        }

        private Object value(Node node) {
            if (node instanceof ScalarNode scalar) {
                return scalar.getValue();
            }
            return node instanceof SequenceNode sequence
                    ? constructSequence(sequence)
                    : constructMapping((MappingNode) node);
        }
    }
}

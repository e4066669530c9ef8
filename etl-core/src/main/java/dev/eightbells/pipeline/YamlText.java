package dev.eightbells.pipeline;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes mappings, lists and texts as YAML, the same bytes for the same content in every version of every library. A
 * text is written so that {@link Variables} leaves it alone.
 */
final class YamlText {
    private final StringBuilder yaml = new StringBuilder();

    private YamlText() {}

    /** A mapping whose values are texts, whole numbers, booleans, lists and mappings. */
    static String of(Map<String, ?> mapping) {
        YamlText text = new YamlText();
        text.mapping(mapping, 0);
        return text.yaml.toString();
    }

    private void mapping(Map<?, ?> mapping, int indentation) {
        mapping.forEach((key, value) -> {
            yaml.append(" ".repeat(indentation)).append(key(key)).append(':');
            value(value, indentation);
        });
    }

    private void value(Object value, int indentation) {
        if (value instanceof Map<?, ?> mapping) {
            yaml.append('\n');
            mapping(mapping, indentation + 2);
        } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
            yaml.append('\n');
            list.forEach(element -> yaml.append(" ".repeat(indentation + 2))
                    .append("- ")
                    .append(inLine(element))
                    .append('\n'));
        } else if (value instanceof String text) {
            text(text, indentation);
        } else {
            yaml.append(' ').append(inLine(value)).append('\n');
        }
    }

    private static String inLine(Object value) {
        if (value instanceof Map<?, ?> mapping) {
            return mapping.entrySet().stream()
                    .map(entry -> key(entry.getKey()) + ": " + inLine(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(YamlText::inLine).collect(Collectors.joining(", ", "[", "]"));
        }

        return value instanceof String text ? scalar(text) : value.toString();
    }

    /** Keys hold no variables. */
    private static String key(Object key) {
        String text = key.toString();
        boolean isPlain = text.matches("[A-Za-z][A-Za-z0-9_.-]*");
        return isPlain ? text : quoted(text);
    }

    private void text(String text, int indentation) {
        if (!isBlock(text)) {
            yaml.append(' ').append(scalar(text)).append('\n');
            return;
        }

        yaml.append(" |\n");
        Variables.escape(text).lines().forEach(line -> yaml.append(
                        line.isEmpty() ? "" : " ".repeat(indentation + 2) + line)
                .append('\n'));
    }

    /** Whether a literal block gives the text back exactly: several plain lines, the last one with its newline. */
    private static boolean isBlock(String text) {
        return text.length() > 1
                && text.endsWith("\n")
                && !text.endsWith("\n\n")
                && !Character.isWhitespace(text.charAt(0))
                && text.chars().allMatch(letter -> letter == '\n' || isPrintable((char) letter));
    }

    private static String scalar(String text) {
        return quoted(Variables.escape(text));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter == '\n') {
                quoted.append("\\n");
            } else if (isPrintable(letter)) {
                quoted.append(letter);
            } else {
                quoted.append(String.format("\\u%04x", (int) letter));
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean isPrintable(char letter) {
        boolean isAscii = letter >= ' ' && letter <= '~';
        boolean isBeyond = letter >= '\u00a0' && letter < Character.MIN_SURROGATE;
        return isAscii || (isBeyond && letter != '\u2028' && letter != '\u2029');
    }
}

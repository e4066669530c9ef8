package dev.eightbells.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where a value stands in a record: {@code a.b.c} from the outside in; {@code \.} is a dot in a field's name. */
final class FieldPath {
    private FieldPath() {}

    /** The fields' names; {@code \\} stands for a backslash. */
    static List<String> parse(String text) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '.') {
                names.add(name.toString());
                name.setLength(0);
            } else if (letter == '\\') {
                i++;
                if (i == text.length() || ".\\".indexOf(text.charAt(i)) < 0) {
                    throw new IllegalArgumentException(
                            "'" + text + "' has a backslash before neither a dot nor a backslash; double it");
                }

                name.append(text.charAt(i));
            } else {
                name.append(letter);
            }
        }
        names.add(name.toString());
        if (names.contains("")) {
            throw new IllegalArgumentException(
                    "'" + text + "' has an empty field name; write a.b.c, and a\\.b for a dot inside a name");
        }

        return List.copyOf(names);
    }

    /** The text that {@link #parse} reads as these names. */
    static String text(List<String> names) {
        return names.stream()
                .map(name -> name.replace("\\", "\\\\").replace(".", "\\."))
                .collect(Collectors.joining("."));
    }
}

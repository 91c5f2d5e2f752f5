package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The text form of an array of one dimension (PostgreSQL manual, 8.15.6). */
final class ArrayConstant {

    private ArrayConstant() {}

    /** Always in quotes, which is always right. */
    static String of(Collection<String> elements) {
        return elements.stream()
                .map(element -> '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        boolean quoted = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                element.append(text.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '}')) {
                if (c == ',' || !element.isEmpty() || !elements.isEmpty()) {
                    elements.add(element.toString());
                }
                element.setLength(0);
            } else {
                element.append(c);
            }
        }
        return elements;
    }
}

package dev.cascadecleanup.internal.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cursor over the text of a definition that CockroachDB prints: words, names in double quotes where they need it, parentheses. */
final class DefinitionText {

    private static final String ENDS_A_BARE_NAME = " \t\r\n,.()\"";

    private final String text;
    private int position;

    DefinitionText(String text) {
        this.text = text;
    }

    /** Whether the text goes on with this, which is then behind the cursor. */
    boolean skip(String expected) {
        if (text.startsWith(expected, position)) {
            position += expected.length();
            return true;
        }
        return false;
    }

    /** The name at the cursor, without its quotes; null if there is none. */
    @Nullable
    String name() {
        return skip("\"") ? quotedName() : bareName();
    }

    private @Nullable String bareName() {
        int start = position;
        while (position < text.length() && ENDS_A_BARE_NAME.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return position == start ? null : text.substring(start, position);
    }

    private @Nullable String quotedName() {
        StringBuilder name = new StringBuilder();
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c != '"') {
                name.append(c);
            } else if (!skip("\"")) {
                return name.toString();
            } else {
                name.append('"');
            }
        }
        return null;
    }

    /** The last part of the dotted name at the cursor; null if there is none. */
    @Nullable
    String qualifiedName() {
        String name = name();
        while (name != null && skip(".")) {
            name = name();
        }
        return name;
    }

    /** A list of names in parentheses; null if it is anything else. */
    @Nullable
    List<String> names() {
        if (!skip("(")) {
            return null;
        }
        List<String> names = new ArrayList<>();
        do {
            String name = name();
            if (name == null) {
                return null;
            }
            names.add(name);
        } while (skip(", "));
        return skip(")") ? names : null;
    }

    /** What is in the parentheses at the cursor, cut at its own commas; null if there are none. */
    @Nullable
    List<String> elements() {
        if (!skip("(")) {
            return null;
        }
        List<String> elements = new ArrayList<>();
        int start = position;
        int depth = 1;
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '"' || c == '\'') {
                skipQuoted(c);
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 || (c == ',' && depth == 1)) {
                elements.add(text.substring(start, position).strip());
                start = position + 1;
            }
            position++;
            if (depth == 0) {
                return elements;
            }
        }
        return null;
    }

    private void skipQuoted(char quote) {
        int end = text.indexOf(quote, position + 1);
        position = end < 0 ? text.length() : end + 1;
    }

    /** Moves behind the next place where this stands outside of quotes; to the end if there is none. */
    boolean skipTo(String expected) {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '"' || c == '\'') {
                skipQuoted(c);
            } else if (skip(expected)) {
                return true;
            } else {
                position++;
            }
        }
        return false;
    }

    /** What is behind the cursor. */
    String rest() {
        return text.substring(position);
    }
}

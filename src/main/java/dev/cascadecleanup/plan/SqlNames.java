package dev.cascadecleanup.plan;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads lists of dotted names the way SQL writes them: {@code users, app."Odd.Table"."the column"}. Names without quotes keep
 * their case; whether they are folded is decided where they are matched.
 */
public final class SqlNames {

    /** One entry of the list: its parts, and what stood behind an equals sign, if anything. */
    record Entry(String text, List<String> parts, @Nullable String suffix) {}

    private final String text;
    private int position;

    private SqlNames(String text) {
        this.text = text;
    }

    /**
     * The entries of a comma-separated list; empty for blank text.
     *
     * @throws IllegalArgumentException if the text is not such a list; the message says where
     */
    static List<Entry> parse(String text) {
        SqlNames names = new SqlNames(text);
        List<Entry> entries = new ArrayList<>();
        names.skipBlanks();
        while (!names.atEnd()) {
            entries.add(names.entry());
            if (!names.atEnd()) {
                names.expect(',');
                names.skipBlanks();
                if (names.atEnd()) {
                    throw new IllegalArgumentException("ends with a comma");
                }
            }
        }
        return entries;
    }

    private Entry entry() {
        int start = position;
        List<String> parts = new ArrayList<>();
        parts.add(part());
        while (!atEnd() && text.charAt(position) == '.') {
            position++;
            parts.add(part());
        }
        String name = text.substring(start, position).strip();
        String suffix = null;
        if (!atEnd() && text.charAt(position) == '=') {
            position++;
            int from = position;
            while (!atEnd() && text.charAt(position) != ',') {
                position++;
            }
            suffix = text.substring(from, position).strip();
        }
        return new Entry(name, List.copyOf(parts), suffix);
    }

    private String part() {
        skipBlanks();
        String part = !atEnd() && text.charAt(position) == '"' ? quotedPart() : plainPart();
        skipBlanks();
        return part;
    }

    private String quotedPart() {
        StringBuilder part = new StringBuilder();
        int opening = position++;
        while (true) {
            if (atEnd()) {
                throw new IllegalArgumentException("the quote at position " + (opening + 1) + " is not closed");
            }
            char c = text.charAt(position++);
            if (c != '"') {
                part.append(c);
            } else if (!atEnd() && text.charAt(position) == '"') {
                part.append('"');
                position++;
            } else {
                break;
            }
        }
        if (part.isEmpty()) {
            throw new IllegalArgumentException("an empty name at position " + (opening + 1));
        }
        return part.toString();
    }

    private String plainPart() {
        int start = position;
        while (!atEnd() && ".,=\"".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        String part = text.substring(start, position).strip();
        if (part.isEmpty()) {
            throw new IllegalArgumentException("a name is missing at position " + (start + 1));
        }
        return part;
    }

    private void expect(char c) {
        if (text.charAt(position) != c) {
            throw new IllegalArgumentException("a comma or a dot is missing at position " + (position + 1));
        }
        position++;
    }

    private void skipBlanks() {
        while (!atEnd() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private boolean atEnd() {
        return position >= text.length();
    }
}

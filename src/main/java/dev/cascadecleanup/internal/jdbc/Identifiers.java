package dev.cascadecleanup.internal.jdbc;

import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes names and string constants into SQL text. Every identifier that this library sends goes through here. */
public final class Identifiers {

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[a-z_][a-z0-9_]*");

    private Identifiers() {}

    /**
     * The identifier in double quotes, with double quotes inside doubled (PostgreSQL manual, 4.1.1).
     *
     * @throws IllegalArgumentException if the name is empty or holds a NUL, which no server stores
     */
    public static String quote(String identifier) {
        if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an identifier: empty or with a NUL character");
        }
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Quoted and joined with commas: {@code "a", "b"}. */
    public static String quoteAll(Collection<String> identifiers) {
        return identifiers.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
    }

    /**
     * A string constant, for the utility statements that take no bind parameter ({@code COMMENT ON}). Written so that it
     * means the same whatever {@code standard_conforming_strings} says (PostgreSQL manual, 4.1.2.2).
     */
    public static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string constant cannot hold a NUL character");
        }
        String quoted = '\'' + text.replace("'", "''").replace("\\", "\\\\") + '\'';
        return text.indexOf('\\') >= 0 ? "E" + quoted : quoted;
    }

    /** The name as a person would write it: quoted only where SQL needs it. For messages, never for statements. */
    public static String display(String identifier) {
        if (NEEDS_NO_QUOTES.matcher(identifier).matches()) {
            return identifier;
        }
        return '"' + identifier.replace("\"", "\"\"").replace("\n", "\\n").replace("\r", "\\r") + '"';
    }

    /** {@link #display(String)} of each, joined with commas. */
    public static String displayAll(Collection<String> identifiers) {
        return identifiers.stream().map(Identifiers::display).collect(Collectors.joining(", "));
    }

    /** An expression that the catalog printed, for a statement of JDBC, in which a question mark is a parameter: an operator's is doubled. */
    public static String escape(String expression) {
        StringBuilder escaped = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
            escaped.append(c == '?' && quote == 0 ? "??" : String.valueOf(c));
        }
        return escaped.toString();
    }

    /** Whether a column is named in an expression that the catalog printed, with or without quotes. */
    public static boolean isIn(String column, String expression) {
        return Pattern.compile("(?<![\\w\"])" + pattern(column) + "(?![\\w\"])")
                .matcher(expression)
                .find();
    }

    /** A regular expression for a name as the catalog prints it, with or without quotes. */
    public static String pattern(String identifier) {
        return "(?:" + Pattern.quote(identifier) + "|\"" + Pattern.quote(identifier.replace("\"", "\"\"")) + "\")";
    }
}

package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts the expressions that {@code pg_get_expr} prints into tokens (PostgreSQL manual, 4.1). */
final class Lexer {

    private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`?:";
    private static final String SINGLE = "(),[].;{}";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    private Lexer(String text) {
        this.text = text;
    }

    /** The tokens, the last of them END. */
    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        while (lexer.next()) {
            // next() adds what it finds
        }
        lexer.tokens.add(new Token(Token.Kind.END, "", false, text.length(), text.length()));
        return lexer.tokens;
    }

    private boolean next() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        if (position >= text.length()) {
            return false;
        }
        int start = position;
        char c = text.charAt(position);
        if (c == '\'') {
            add(Token.Kind.STRING, string(false), false, start);
        } else if (isPrefix(c)) {
            position++;
            add(Token.Kind.STRING, string(c == 'E' || c == 'e'), false, start);
        } else if (c == '"') {
            add(Token.Kind.NAME, quotedName(), true, start);
        } else if (Character.isDigit(c)
                || (c == '.' && position + 1 < text.length() && Character.isDigit(text.charAt(position + 1)))) {
            add(Token.Kind.NUMBER, number(), false, start);
        } else if (Character.isLetter(c) || c == '_') {
            while (position < text.length() && isNamePart(text.charAt(position))) {
                position++;
            }
            add(Token.Kind.NAME, text.substring(start, position).toLowerCase(Locale.ROOT), false, start);
        } else if (SINGLE.indexOf(c) >= 0) {
            position++;
            add(Token.Kind.OPERATOR, String.valueOf(c), false, start);
        } else {
            add(Token.Kind.OPERATOR, operator(), false, start);
        }
        return true;
    }

    /** {@code E'...'}, {@code B'...'}, {@code X'...'} and CockroachDB's {@code b'...'}. */
    private boolean isPrefix(char c) {
        return "EeBbXx".indexOf(c) >= 0 && position + 1 < text.length() && text.charAt(position + 1) == '\'';
    }

    private String string(boolean escapes) {
        StringBuilder value = new StringBuilder();
        position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '\'') {
                if (position < text.length() && text.charAt(position) == '\'') {
                    value.append('\'');
                    position++;
                } else {
                    break;
                }
            } else if (escapes && c == '\\' && position < text.length()) {
                value.append(unescape(text.charAt(position++)));
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    private static char unescape(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> c;
        };
    }

    private String quotedName() {
        StringBuilder name = new StringBuilder();
        position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c != '"') {
                name.append(c);
            } else if (position < text.length() && text.charAt(position) == '"') {
                name.append('"');
                position++;
            } else {
                break;
            }
        }
        return name.toString();
    }

    private String number() {
        int start = position;
        while (position < text.length()
                && (Character.isLetterOrDigit(text.charAt(position))
                        || text.charAt(position) == '.'
                        || ("+-".indexOf(text.charAt(position)) >= 0
                                && "eE".indexOf(text.charAt(position - 1)) >= 0))) {
            position++;
        }
        return text.substring(start, position);
    }

    private String operator() {
        int start = position++;
        if (OPERATOR_CHARACTERS.indexOf(text.charAt(start)) < 0) {
            return text.substring(start, position);
        }
        while (position < text.length() && OPERATOR_CHARACTERS.indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        // "<=-1" and ":::-1": a sign belongs to what follows unless the operator has a character that no comparison
        // has.
        String operator = text.substring(start, position);
        while (operator.length() > 1
                && (operator.endsWith("-") || operator.endsWith("+"))
                && operator.chars().noneMatch(c -> "~!@#%^&|`?".indexOf(c) >= 0)) {
            operator = operator.substring(0, operator.length() - 1);
            position--;
        }
        return operator;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private void add(Token.Kind kind, String value, boolean quoted, int start) {
        tokens.add(new Token(kind, value, quoted, start, position));
    }
}

package dev.cascadecleanup.internal.proof.check;

import java.util.Locale;

/**
 * A piece of SQL text.
 *
 * @param kind what it is
 * @param text a name without its quotes (folded to lower case if it had none), a constant's value, or the operator itself
 * @param quoted whether a name was written in quotes, so that it cannot be a keyword
 * @param start where it starts in the text
 * @param end where it ends, exclusive
 */
record Token(Kind kind, String text, boolean quoted, int start, int end) {

    enum Kind {
        NAME,
        STRING,
        NUMBER,
        OPERATOR,
        END
    }

    boolean isKeyword(String word) {
        return kind == Kind.NAME && !quoted && text.equals(word.toLowerCase(Locale.ROOT));
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }
}

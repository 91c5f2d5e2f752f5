package dev.cascadecleanup.internal.proof.check;

/** LIKE and SIMILAR TO patterns as regular expressions (PostgreSQL manual, 9.7). */
final class Like {

    private Like() {}

    /** The pattern with backslashes in place of its own escape character. */
    static String withBackslash(String pattern, String escape) {
        return escape.isEmpty() ? pattern.replace("\\", "\\\\") : pattern.replace(escape, "\\");
    }

    static String toRegularExpression(String pattern, boolean similar) {
        StringBuilder expression = new StringBuilder("^");
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                expression.append('\\').append(pattern.charAt(++i));
            } else if (c == '%') {
                expression.append(".*");
            } else if (c == '_') {
                expression.append('.');
            } else if (similar || Character.isLetterOrDigit(c) || Character.isWhitespace(c)) {
                expression.append(c);
            } else {
                expression.append('\\').append(c);
            }
        }
        return expression.append('$').toString();
    }
}

package dev.cascadecleanup.internal.engine.postgres;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The start of somebody else's query, for a log line: enough to recognise it, without the values in it. Where it is not certain
 * how the server would read on, the rest counts as a value.
 */
public final class QueryText {

    private static final int LENGTH = 80;
    /** As much as PostgreSQL shows of a query by default ({@code track_activity_query_size}). */
    private static final int LENGTH_READ = 1024;

    /** Lexical structure as in the PostgreSQL manual, 4.1. Anything that is open at the end was cut off by the server, or here. */
    private static final Pattern TOKENS = Pattern.compile(
            String.join(
                    "|",
                    "(\"[^\"]*(?:\"|\\z))",
                    "(--[^\\n]*|/\\*(?:(?!/\\*|\\*/).)*+\\*/|/\\*.*\\z)",
                    "(?<![\\w$])[eE]'(?:[^'\\\\]|\\\\.|'')*+(?:'|\\z)",
                    // Whether a backslash escapes the next character depends on standard_conforming_strings.
                    "(?:[bBnNxX]|[uU]&)?'(?:[^'\\\\]|'')*+(?:'|\\\\.*\\z|\\z)",
                    "(?<![\\w$])\\$((?:[A-Za-z_]\\w*)?)\\$.*?(?:\\$\\3\\$|\\z)",
                    "(?<![\\w$])\\d[\\w.]*"),
            Pattern.DOTALL);

    private static final int NAME = 1;
    private static final int COMMENT = 2;
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private QueryText() {}

    public static String excerpt(String query) {
        String start = query.length() <= LENGTH_READ ? query : query.substring(0, LENGTH_READ);
        String masked = BLANKS.matcher(TOKENS.matcher(start).replaceAll(QueryText::masked))
                .replaceAll(" ")
                .strip();
        return masked.length() <= LENGTH ? masked : masked.substring(0, LENGTH) + "...";
    }

    private static String masked(MatchResult token) {
        if (token.group(NAME) != null) {
            return Matcher.quoteReplacement(token.group());
        }
        return token.group(COMMENT) != null ? " " : "?";
    }
}

package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a CHECK constraint makes of a NULL in one of its columns. A condition of nothing but comparisons is then unknown, and passes;
 * one that asks for NULL, or calls something, may fail.
 */
final class NullChecks {

    /** What becomes of a row whose column is set to NULL. */
    enum Effect {
        NONE,
        MAY_FAIL,
        FAILS
    }

    private static final Pattern ASKS_FOR_NULL = Pattern.compile(
            "(?i)\\bIS\\b|\\|\\||\\bCASE\\b|\\bISNULL\\b|\\bNOTNULL\\b|\\bEXISTS\\b|(?<!\\b(?:ANY|ALL) \\({1,2})\\bARRAY\\[|(?<!\\bANY|\\bALL|\\bIN|\\bAND|\\bOR|\\bNOT|\\bARRAY)(?<=\\w|\") ?\\((?!\\d+(?:, ?-?\\d+)?\\))");

    /** A constant of some type, a cast to text, and operators and functions that no value makes fail. */
    private static final Pattern HARMLESS = Pattern.compile(
            "->>?|#>>?|\\(?(?:''|-?\\d+(?:\\.\\d+)?|\\bNULL)\\)?::[\\w ]+|::(?:text|character varying)\\b|\\|\\||[<>]=?|<>|="
                    + "|(?i)\\b(?:COALESCE|GREATEST|LEAST|NULLIF|CONCAT|CONCAT_WS|lower|upper|md5|length|btrim|ltrim|rtrim|AND|OR|NOT|WHEN|THEN"
                    + "|ELSE|ANY|IN|FROM) ?(?=\\()");
    /** Whatever else works something out: a cast, an operator, a function. */
    private static final Pattern CALCULATION = Pattern.compile("::|[-+*/%^|&#~!@?<>=]|\\w\"? ?\\(|\\w\\[");

    /** A doubled quote is two texts side by side; in none of the three is any of the others. */
    private static final Pattern TEXT_NAME_OR_COMMENT = Pattern.compile(
            "(\\b[eE]'(?:[^'\\\\]|\\\\.|'')*+'|'[^']*+'|\\$((?:[A-Za-z_]\\w*)?)\\$.*?\\$\\2\\$)"
                    + "|(\"[^\"]*+\")|(--[^\\n]*|/\\*.*?\\*/)",
            Pattern.DOTALL);
    /** All columns at once, whichever they are called. */
    private static final Pattern WHOLE_ROW = Pattern.compile("[\\w\"]\\.\\*");

    private static final String CLOCK =
            "(?:\\b(?:CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP)\\b"
                    + "|\\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\\s*\\(\\s*\\)|\\bage\\s*\\([^,()]*\\))";

    /** Who asks, in which session, or what is another thing each time. */
    private static final String SESSION =
            "(?:\\b(?:CURRENT_USER|SESSION_USER|CURRENT_ROLE|CURRENT_SCHEMA|CURRENT_CATALOG)\\b"
                    + "|\\b(?:current_setting|random|nextval|currval|lastval|gen_random_uuid|txid_\\w+|inet_\\w+|has_\\w+_privilege"
                    + "|\\w+_to_xml\\w*|ts_stat|pg_(?!column_)\\w+_size|(?:obj|col)_description|lo_\\w+|pg_(?:read|ls|stat)_\\w+|dblink\\w*"
                    + "|pg_has_role|pg_trigger_depth|pg_backend_pid|pg_current_xact_id\\w*|pg_try_advisory\\w*|pg_is_in_recovery|to_reg\\w+)\\s*\\()";

    private static final Pattern AT_THE_MOMENT = Pattern.compile("(?i)" + CLOCK + '|' + SESSION);
    /** A time by its name. */
    private static final Pattern NAMED_TIME = Pattern.compile("(?i)'(?:now|today|tomorrow|yesterday)'");

    /** Words that read no table although FROM is in them. */
    private static final Pattern OTHER_FROM = Pattern.compile(
            "(?i)\\b(?:extract|substring|trim|overlay)\\s*\\((?:[^()]|\\([^()]*\\))*\\)|\\bis\\s+(?:not\\s+)?distinct\\s+from\\b");

    /** From what is made of an argument, and from nothing else. */
    private static final Pattern OF_VALUES = Pattern.compile(
            "(?i)\\bfrom\\s+(?:unnest|generate_series|generate_subscripts|jsonb?_array_elements(?:_text)?|jsonb?_each(?:_text)?"
                    + "|jsonb?_object_keys|string_to_table|regexp_split_to_table)\\s*\\((?:[^()]|\\([^()]*\\))*\\)"
                    + "(?:\\s+(?:as\\s+)?\\w+(?:\\s*\\([\\w\\s,]*\\))?)?\\s*(?=$|;|\\)|\\bwhere\\b)");

    private static final Pattern SELECTS = Pattern.compile("(?i)\\b(?:select|table)\\b");
    private static final Pattern READS = Pattern.compile("(?i)\\b(?:from|perform|execute|table)\\b");
    /** Before some moment that comes later and later. */
    private static final Pattern FROM_NOW_ON = Pattern.compile(
            "(?i)<=? \\(*(?:EXTRACT\\(year FROM )?\\(*" + CLOCK + "|" + CLOCK + "\\)*(?:::[\\w ]+)?\\)* >=? ");

    private static final Pattern NEGATION = Pattern.compile("(?i)\\bNOT \\(");

    private NullChecks() {}

    /** Whether a function with this text seems to look at more than its arguments: at tables, the clock, the session. */
    static boolean looksBeyond(String text) {
        String code = without(text, false);
        String bare = without(text, true);
        return AT_THE_MOMENT.matcher(code).find()
                || NAMED_TIME.matcher(code).find()
                || READS.matcher(withoutUnread(OF_VALUES, withoutUnread(OTHER_FROM, bare)))
                        .find();
    }

    /** Without comments and, if so wanted, without what is in texts; what looks like one of them in another one is none. */
    private static String without(String text, boolean texts) {
        return TEXT_NAME_OR_COMMENT.matcher(text).replaceAll(found -> {
            if (found.group().startsWith("--") || found.group().startsWith("/*")) {
                return " ";
            }
            return texts && !found.group().startsWith("\"") ? "''" : Matcher.quoteReplacement(found.group());
        });
    }

    private static String bare(String expression) {
        return without(expression, true);
    }

    /** Without these, unless something is selected in them. */
    private static String withoutUnread(Pattern harmless, String code) {
        return harmless.matcher(code)
                .replaceAll(
                        found -> SELECTS.matcher(found.group()).find() ? Matcher.quoteReplacement(found.group()) : " ");
    }

    /** Whether a row that fulfilled this condition may do so no longer, because it is later now, or somebody else asks. */
    static boolean mayFailLater(String condition) {
        String bare = bare(condition);
        String open =
                NEGATION.matcher(bare).find() ? bare : FROM_NOW_ON.matcher(bare).replaceAll(" ");
        return AT_THE_MOMENT.matcher(open).find();
    }

    /**
     * What this condition does.
     *
     * @param column the column's name as it is in the catalog
     * @param condition as the catalog prints it, with or without the word CHECK
     */
    static Effect of(String column, String condition) {
        if (isOfWholeRow(condition)) {
            return Effect.MAY_FAIL;
        }
        if (!mentions(column, condition)) {
            return Effect.NONE;
        }
        String name = Identifiers.pattern(column);
        Pattern notNull = Pattern.compile("(?i)" + name + " IS NOT NULL");
        String bare = condition.strip().replaceFirst("(?i)^CHECK\\s*", "").replaceFirst("(?i)\\s+NOT VALID$", "");
        if (conjuncts(bare).stream().anyMatch(part -> notNull.matcher(part).matches())) {
            return Effect.FAILS;
        }
        return ASKS_FOR_NULL.matcher(bare).find() ? Effect.MAY_FAIL : Effect.NONE;
    }

    /**
     * Whether an expression that is worked out again when this column becomes NULL may then raise an error: of what the server brings along,
     * most gives NULL for NULL, and is not even called.
     */
    static boolean mayRaise(String column, String expression) {
        return of(column, expression) != Effect.NONE && calculates(expression);
    }

    /** The same for a column that becomes something else, or for an expression that was not worked out before. */
    static boolean calculates(String expression) {
        String bare = bare(expression);
        return isOfWholeRow(expression)
                || CALCULATION.matcher(HARMLESS.matcher(bare).replaceAll(" ")).find();
    }

    /** Whether an expression takes the row as a whole. */
    static boolean isOfWholeRow(String expression) {
        return WHOLE_ROW.matcher(bare(expression)).find();
    }

    /** Whether this column is in an expression. */
    static boolean mentions(String column, String expression) {
        return Identifiers.isIn(column, expression);
    }

    /** The parts that are joined by AND, without the brackets around them. */
    private static List<String> conjuncts(String condition) {
        String bare = withoutBrackets(condition.strip());
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            if (c == '\'' || c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')') {
                depth--;
            } else if (!quoted && depth == 0 && bare.regionMatches(true, i, " AND ", 0, 5)) {
                parts.add(bare.substring(start, i));
                start = i + 5;
            }
        }
        if (start == 0) {
            return List.of(bare);
        }
        parts.add(bare.substring(start));
        return parts.stream().flatMap(part -> conjuncts(part).stream()).toList();
    }

    private static String withoutBrackets(String condition) {
        String bare = condition;
        while (bare.startsWith("(") && closing(bare) == bare.length() - 1) {
            bare = bare.substring(1, bare.length() - 1).strip();
        }
        return bare;
    }

    /** Where the bracket closes with which the text begins. */
    private static int closing(String text) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}

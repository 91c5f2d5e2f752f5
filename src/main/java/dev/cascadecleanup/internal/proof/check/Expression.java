package dev.cascadecleanup.internal.proof.check;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A condition as far as it was understood. Casts are left out: a constant means what the column's type makes of it. */
public sealed interface Expression {

    /** A column of the row that is checked. */
    record Column(String name) implements Expression {}

    /**
     * A constant.
     *
     * @param text its value, null for NULL
     */
    record Constant(@Nullable String text) implements Expression {}

    /**
     * A function or operator with its arguments. Operators keep their name, functions lose their schema. Besides those of SQL there
     * are {@code and}, {@code or}, {@code not}, {@code isnull}, {@code list} and {@code case} (condition, value, ..., value).
     */
    record Call(String name, List<Expression> arguments) implements Expression {

        public Call {
            arguments = List.copyOf(arguments);
        }

        Expression argument(int index) {
            return arguments.get(index);
        }

        boolean is(String... names) {
            return Arrays.asList(names).contains(name);
        }
    }

    /** Something else, of which only the columns in it are known. */
    record Unknown(Set<String> names) implements Expression {

        public Unknown {
            names = Set.copyOf(names);
        }
    }

    /** The expression that this text is, or an {@link Unknown} with all names in it. */
    static Expression parse(String text) {
        return Parser.parse(text);
    }

    /** The same text with the name {@code VALUE}, by which a domain's check calls what it checks, replaced. */
    static String replaceValue(String domainCheck, String replacement) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (Token token : Lexer.tokens(domainCheck)) {
            if (token.isKeyword("value")) {
                text.append(domainCheck, from, token.start()).append(replacement);
                from = token.end();
            }
        }
        return text.append(domainCheck.substring(from)).toString();
    }

    /** Every name in the text, columns and others. */
    static Set<String> namesIn(String text) {
        Set<String> names = new LinkedHashSet<>();
        Lexer.tokens(text).stream()
                .filter(token -> token.kind() == Token.Kind.NAME)
                .forEach(token -> names.add(token.text()));
        return names;
    }

    /** The columns in it. */
    default Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        collect(this, columns, null);
        return columns;
    }

    /** The constants in it, NULL left out. */
    default Set<String> constants() {
        Set<String> constants = new LinkedHashSet<>();
        collect(this, null, constants);
        return constants;
    }

    private static void collect(Expression expression, @Nullable Set<String> columns, @Nullable Set<String> constants) {
        if (expression instanceof Column column && columns != null) {
            columns.add(column.name());
        } else if (expression instanceof Constant constant && constants != null && constant.text() != null) {
            constants.add(constant.text());
        } else if (expression instanceof Call call) {
            call.arguments().forEach(argument -> collect(argument, columns, constants));
        } else if (expression instanceof Unknown unknown && columns != null) {
            columns.addAll(unknown.names());
        }
    }
}

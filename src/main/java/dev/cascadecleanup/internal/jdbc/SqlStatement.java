package dev.cascadecleanup.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement with its parameters: to be run, which binds them, or to be written into a script, which cannot. Names and
 * constants in the text are quoted by {@link Identifiers}; a question mark anywhere else is the place of a parameter.
 *
 * @param sql the text
 * @param parameters a string, a number, a boolean, a list of strings ({@code text[]}), null or, for scripts only, an {@link Expression}
 */
public record SqlStatement(String sql, List<@Nullable Object> parameters) {

    /** What a script computes where it runs, such as an OID. */
    public record Expression(String sql) {}

    public SqlStatement {
        parameters = Collections.unmodifiableList(parameters);
    }

    /** The statement with these parameters. */
    public static SqlStatement of(String sql, @Nullable Object... parameters) {
        return new SqlStatement(sql, Arrays.asList(parameters));
    }

    /** Runs it and returns the number of rows that it changed. */
    public int execute(Connection connection) throws SQLException {
        return Sql.update(connection, sql, parameters.toArray());
    }

    /** The text with the parameters written into it as constants. Question marks in quoted names and constants stay what they are. */
    public String inlined() {
        StringBuilder text = new StringBuilder();
        Iterator<@Nullable Object> values = parameters.iterator();
        for (int position = 0; position < sql.length(); ) {
            int end = endOfToken(position);
            boolean place = sql.charAt(position) == '?';
            text.append(place ? constant(values.next()) : sql.substring(position, end));
            position = end;
        }
        if (values.hasNext()) {
            throw new IllegalStateException("more parameters than places: " + sql);
        }
        return text.toString();
    }

    /**
     * Behind the quoted name or constant that begins here, or else the next character. A quote within is written twice, in E'...' too:
     * {@link Identifiers} writes them so, and nobody else writes any.
     */
    private int endOfToken(int start) {
        char quote = sql.charAt(start);
        if (quote != '"' && quote != '\'') {
            return start + 1;
        }
        int end = sql.indexOf(quote, start + 1);
        if (end < 0) {
            throw new IllegalStateException("a quote is not closed: " + sql);
        }
        return end + 1;
    }

    private static String constant(@Nullable Object parameter) {
        if (parameter == null) {
            return "NULL";
        }
        if (parameter instanceof Expression expression) {
            return expression.sql();
        }
        if (parameter instanceof List<?> list) {
            return "ARRAY[" + list.stream().map(SqlStatement::constant).collect(Collectors.joining(", ")) + "]::text[]";
        }
        return parameter instanceof Number || parameter instanceof Boolean
                ? parameter.toString()
                : Identifiers.literal(parameter.toString());
    }
}

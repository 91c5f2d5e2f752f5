package dev.cascadecleanup.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A statement with its parameters: to be run, which binds them, or to be written into a script, which cannot. The text has no question
 * mark but those of the parameters.
 *
 * @param sql the text
 * @param parameters a string, a number, a boolean, a list of strings ({@code text[]}), null or, for scripts only, an {@link Expression}
 */
public record SqlStatement(String sql, List<Object> parameters) {

    private static final Pattern PLACE = Pattern.compile("\\?");

    /** What a script computes where it runs, such as an OID. */
    public record Expression(String sql) {}

    public SqlStatement {
        parameters = Collections.unmodifiableList(parameters);
    }

    /** The statement with these parameters. */
    public static SqlStatement of(String sql, Object... parameters) {
        return new SqlStatement(sql, Arrays.asList(parameters));
    }

    /** Runs it and returns the number of rows that it changed. */
    public int execute(Connection connection) throws SQLException {
        return Sql.update(connection, sql, parameters.toArray());
    }

    /** The text with the parameters written into it as constants. */
    public String inlined() {
        Matcher matcher = PLACE.matcher(sql);
        StringBuilder text = new StringBuilder();
        for (Object parameter : parameters) {
            if (!matcher.find()) {
                throw new IllegalStateException("more parameters than places: " + sql);
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(constant(parameter)));
        }
        return matcher.appendTail(text).toString();
    }

    private static String constant(Object parameter) {
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

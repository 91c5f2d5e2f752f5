package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.internal.proof.schema.UniqueKey;
import dev.cascadecleanup.internal.proof.value.SqlType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is meant: values of a key of the parent, as text. A value alone is one of the primary key; {@code column=value}, with a comma
 * between several, names the columns of a primary or unique key. Values are bound and cast to the column's type, never put into SQL.
 *
 * @param columns the columns of the key
 * @param values their values
 */
public record PersonKey(List<String> columns, List<String> values) {

    private static final String COLLATE = " COLLATE ";
    private static final Pattern LENGTH = Pattern.compile("\\(\\d+(,\\s*\\d+)?\\)");

    /** Types of PostgreSQL by the name of their own that the catalog prints, and so for which a search path may know another. */
    private static final Pattern OF_THE_SERVER = Pattern.compile("(?:[a-z_][a-z0-9_]*|\"char\")(?:\\[\\])*");

    /** Words of SQL itself, which mean the server's types whatever the search path. */
    private static final Set<String> SQL_NAMES = Set.of(
            "bigint", "integer", "smallint", "boolean", "real", "numeric", "character", "bit", "interval", "json");

    public PersonKey {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
    }

    /**
     * Understands what somebody wrote.
     *
     * @throws PreviewRefusedException if it cannot name one row of this table
     */
    public static PersonKey parse(String text, TableShape parent) {
        if (text == null) {
            throw new PreviewRefusedException("NULL is no key: no row of " + parent.table() + " has it");
        }
        List<String> primary = parent.uniqueKeys().stream()
                .filter(UniqueKey::primary)
                .findFirst()
                .map(UniqueKey::columns)
                .orElse(List.of());
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        String anyColumn = parent.columns().stream()
                .map(column -> Pattern.quote(column.name()))
                .collect(Collectors.joining("|"));
        Matcher matcher = Pattern.compile("(?:^|,)(" + anyColumn + ")=").matcher(text);
        int start = -1;
        while (matcher.find()) {
            if (start < 0 && matcher.start() > 0) {
                break;
            }
            if (start >= 0) {
                values.add(text.substring(start, matcher.start()));
            }
            names.add(matcher.group(1));
            start = matcher.end();
        }
        if (start >= 0) {
            values.add(text.substring(start));
        } else if (primary.size() == 1) {
            names.addAll(primary);
            values.add(text);
        }
        boolean isKey = parent.uniqueKeys().stream()
                .anyMatch(key ->
                        key.identifies() && key.columns().size() == names.size() && names.containsAll(key.columns()));
        if (parent.uniqueKeys().stream().noneMatch(UniqueKey::identifies)) {
            throw new PreviewRefusedException(
                    parent.table() + " has no key that says which row is meant: no primary key and no unique"
                            + " constraint over columns that are NOT NULL (one WITHOUT OVERLAPS is none)");
        }
        if (names.isEmpty() || !isKey) {
            throw new PreviewRefusedException("a key of " + parent.table() + " is written " + waysToWrite(parent)
                    + ", and this is none of them: " + text);
        }
        return new PersonKey(names, values);
    }

    private static String waysToWrite(TableShape parent) {
        return parent.uniqueKeys().stream()
                .filter(UniqueKey::identifies)
                .map(key -> (key.primary() && key.columns().size() == 1 ? "VALUE or " : "")
                        + key.columns().stream()
                                .map(column -> column + "=VALUE")
                                .collect(Collectors.joining(",")))
                .distinct()
                .collect(Collectors.joining(" or "));
    }

    /** The condition that a row, alias {@code c}, is the one, with a parameter for each value. */
    public String condition(TableShape parent, Product product) {
        return columns.stream()
                .map(column -> "c." + Identifiers.quote(column)
                        + (product == Product.POSTGRESQL ? " OPERATOR(pg_catalog.=) " : " = ")
                        + cast(parent.column(column).type(), product))
                .collect(Collectors.joining(" AND "));
    }

    /**
     * To the type without its length: a cast to a shorter one would cut the value, and mean somebody else. Means the same under any search
     * path: the catalog qualifies all types but its own.
     */
    private static String cast(SqlType type, Product product) {
        boolean postgres = product == Product.POSTGRESQL;
        String name = LENGTH.matcher(type.plain().sql()).replaceAll("");
        if (postgres) {
            name = name.equals("character") ? "bpchar" : name.equals("bit") ? "bit varying" : name;
            if (OF_THE_SERVER.matcher(name).matches() && !SQL_NAMES.contains(name.replace("[]", ""))) {
                name = "pg_catalog." + name;
            }
        } else if (name.contains(COLLATE)) {
            return "(CAST(? AS STRING) COLLATE " + name.substring(name.indexOf(COLLATE) + COLLATE.length()) + ')';
        } else if (name.equals("CHAR") || name.equals("VARCHAR")) {
            name = "STRING";
        }
        return "CAST(CAST(? AS " + (postgres ? "pg_catalog.text" : "STRING") + ") AS " + name + ")";
    }

    /**
     * Lets the server look at the values alone, before anything else is done with them.
     *
     * @throws PreviewRefusedException if one is no value of its column's type
     */
    public void check(Connection connection, TableShape parent, Product product) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            SqlType type = parent.column(columns.get(i)).type();
            if (values.get(i).indexOf('\0') >= 0) {
                throw wrongType(parent, i, type.sql(), null);
            }
            try {
                Sql.queryFirst(
                        connection,
                        "SELECT " + cast(parent.column(columns.get(i)).type(), product) + " IS NULL",
                        row -> row.getBoolean(1),
                        values.get(i));
            } catch (SQLException e) {
                // Class 22 is "data exception"; CockroachDB says 22P02 too, or 42846 where no cast exists.
                String state = String.valueOf(e.getSQLState());
                if (state.startsWith("22") || state.equals("42846") || SqlStates.is(e, SqlStates.CHECK_VIOLATION)) {
                    throw wrongType(parent, i, type.sql(), e);
                }
                throw e;
            }
        }
    }

    private PreviewRefusedException wrongType(TableShape parent, int i, String type, @Nullable SQLException cause) {
        PreviewRefusedException refused = new PreviewRefusedException(parent.table() + "."
                + Identifiers.display(columns.get(i)) + " is of type " + type + ", and this is no value of it: "
                + values.get(i).replaceAll("\\s+", " ").replace("\0", ""));
        if (cause != null) {
            refused.initCause(cause);
        }
        return refused;
    }

    @Override
    public String toString() {
        return columns.size() == 1
                ? values.get(0)
                : columns.stream()
                        .map(column -> column + '=' + values.get(columns.indexOf(column)))
                        .collect(Collectors.joining(","));
    }
}

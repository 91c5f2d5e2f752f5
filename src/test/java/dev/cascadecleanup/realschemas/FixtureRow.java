package dev.cascadecleanup.realschemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement of a {@code *-rows.sql} resource: it gives one table one row of one user. The head of {@code skytwin-rows.sql} says
 * how these files are written.
 *
 * @param table the table that it fills
 * @param kind what becomes of the row when its user is deleted
 * @param sql the INSERT, with the placeholders {@code :user} and {@code :n}
 */
public record FixtureRow(String table, Kind kind, String sql) {

    /** What becomes of a row when its user is deleted. */
    public enum Kind {
        /** It goes, once every foreign key on users cascades. */
        DIRECT,
        /** It hangs below a user's row and refuses the delete, until the closure is converted as well. */
        BELOW,
        /** It belongs to nobody, and stays. */
        LOOKUP
    }

    private static final Pattern HEADING = Pattern.compile("-- table (\\S+) (direct|below|lookup)");

    static List<FixtureRow> read(String resource) {
        List<FixtureRow> rows = new ArrayList<>();
        Matcher heading = null;
        StringBuilder sql = new StringBuilder();
        for (String line : Resources.lines(resource)) {
            Matcher matcher = HEADING.matcher(line);
            if (matcher.matches()) {
                heading = matcher;
            } else if (!line.isBlank() && !line.startsWith("--")) {
                sql.append(line).append('\n');
                if (line.endsWith(";")) {
                    Kind kind = Kind.valueOf(heading.group(2).toUpperCase(Locale.ROOT));
                    rows.add(new FixtureRow(heading.group(1), kind, sql.substring(0, sql.length() - 2)));
                    sql.setLength(0);
                }
            }
        }
        return rows;
    }

    /** The INSERT for one user. */
    public String insertFor(RealSchema schema, int n) {
        return sql.replace(":user", schema.user(n)).replace(":n", String.valueOf(n));
    }
}

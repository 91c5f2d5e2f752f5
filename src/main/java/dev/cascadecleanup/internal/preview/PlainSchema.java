package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A schema of PostgreSQL in which anybody's DELETE succeeds, and all that has to be true for that: to be asked in one statement, together
 * with how many rows it would take.
 */
public final class PlainSchema {

    private final PlainWays ways;
    private final SchemaState.Mark mark;
    private final String session;
    private final List<String> path;
    private final int version;
    /** The same for all people, and longer to write than to send. */
    private final Map<List<String>, String> written = new ConcurrentHashMap<>();

    /**
     * @param session as {@link SchemaState#session()}
     * @param server with the session's search path
     */
    PlainSchema(PlainWays ways, SchemaState.Mark mark, String session, Server server) {
        this.ways = ways;
        this.mark = mark;
        this.session = session;
        this.path = server.searchPath();
        this.version = server.version();
    }

    /**
     * What was found.
     *
     * @param same whether the schema is what it was
     * @param rows how many rows would go, the person's own aside; counted so far as was asked
     */
    public record Answer(boolean same, long rows) {}

    /**
     * Asks, in the transaction's snapshot; under any search path. No answer where the condition does not hold.
     *
     * @param from a table of one row or none, as SQL: nothing is counted if there is none
     * @param column the primary key of the people's table
     * @param value a value of it, as SQL with one parameter
     * @param text that value
     * @param most count no further
     */
    public Supplier<Optional<Answer>> ask(
            Flight flight, SqlStatement from, String column, String value, String text, int most) {
        List<@Nullable Object> parameters = new ArrayList<>(Collections.nCopies(ways.parameters(), text));
        parameters.add(path);
        parameters.add(mark.xmin());
        parameters.addAll(from.parameters());
        String sql = written.computeIfAbsent(
                List.of(from.sql(), column, value, String.valueOf(most)),
                key -> write(from.sql(), column, value, most));
        Supplier<List<Answer>> answers = flight.query(sql, this::answer, parameters.toArray());
        return () -> answers.get().stream().findFirst();
    }

    private String write(String from, String column, String value, int most) {
        String count = ways.rows(column, value)
                .map(rows -> "(SELECT pg_catalog.count(*) FROM (SELECT FROM (" + rows + ") w LIMIT " + most + ") n)")
                .orElse("0");
        return "SELECT " + count + " AS gone, " + SchemaState.SESSION + " AS session, " + SchemaState.ROLES
                + " AS roles, pg_catalog.current_schemas(false) OPERATOR(pg_catalog.=)"
                + " CAST(CAST(? AS pg_catalog.text[]) AS pg_catalog.name[]) AS path, m.rows, m.newer FROM ("
                + SchemaState.Mark.since(version) + ") m CROSS JOIN (" + from + ") f";
    }

    private Answer answer(ResultSet row) throws SQLException {
        boolean same = row.getBoolean("path")
                && row.getLong("newer") == 0
                && row.getLong("rows") == mark.rows()
                && row.getString("roles").equals(mark.roles())
                && row.getString("session").equals(session);
        return new Answer(same, row.getLong("gone"));
    }
}

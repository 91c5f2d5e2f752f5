package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks for foreign keys that reference tables here and that the role does not find in its {@code pg_constraint}: of tables on
 * which it has no privilege, so that all could look done, and of tables in other databases.
 *
 * <p>{@code crdb_internal} knows them all. Since v26.1 it is closed to sessions with {@code allow_unsafe_internals = off}, the default
 * (#158085). What is open then: an admin, and since v22.1 every role with CONNECT on the database, sees every table of it; and
 * the {@code pg_constraint} of each other database can be read from here.
 */
final class CockroachVisibility {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private record Link(long tableOid, long referencedOid) {}

    private final Connection connection;
    private final boolean admin;

    CockroachVisibility(Connection connection, boolean admin) {
        this.connection = connection;
        this.admin = admin;
    }

    void addNotSeen(GraphBuilder graph) throws SQLException {
        try {
            addByDependencies(graph);
        } catch (SQLException e) {
            if (!SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                throw e;
            }
            addWhatIsOpen(graph);
        }
    }

    private void addByDependencies(GraphBuilder graph) throws SQLException {
        Map<Link, Integer> missing = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT descriptor_id, dependedonby_id FROM crdb_internal.forward_dependencies WHERE dependedonby_type = 'fk'
                """,
                row -> missing.merge(
                        new Link(row.getLong("dependedonby_id"), row.getLong("descriptor_id")), 1, Integer::sum));
        Stream.concat(graph.foreignKeys.stream(), graph.beingDropped.stream())
                .forEach(fk -> missing.computeIfPresent(
                        new Link(fk.tableOid(), fk.referencedOid()), (link, count) -> count == 1 ? null : count - 1));
        if (missing.isEmpty()) {
            return;
        }
        Map<String, List<String>> otherDatabases = crossDatabaseReferences();
        Map<Long, List<Link>> byReferenced =
                missing.keySet().stream().collect(Collectors.groupingBy(Link::referencedOid));
        byReferenced.forEach((oid, links) -> {
            Table referenced = graph.tables.get(oid);
            if (referenced == null) {
                return; // of another database, which this one's plan does not answer for
            }
            List<String> elsewhere = otherDatabases.getOrDefault(
                    referenced.name().schema() + '.' + referenced.name().name(), List.of());
            List<Link> ofUnknownTables = links.stream()
                    .filter(link -> !graph.tables.containsKey(link.tableOid()))
                    .toList();
            // Which of the unknown tables are those of other databases the server does not say: only if all are, none
            // is hidden.
            boolean noneHidden = ofUnknownTables.size() <= elsewhere.size();
            elsewhere.forEach(where -> graph.inOtherDatabases.add(inOtherDatabase(referenced, where)));
            links.stream()
                    .filter(link -> !noneHidden || graph.tables.containsKey(link.tableOid()))
                    .forEach(link -> graph.notSeen.add(hidden(link, referenced)));
        });
    }

    private static NotSeen hidden(Link link, Table referenced) {
        return new NotSeen(
                link.referencedOid(),
                "a foreign key of the table with ID " + link.tableOid() + " on " + referenced.name(),
                "the role may not see it",
                "run as a role with privileges on that table");
    }

    private static NotSeen inOtherDatabase(Table referenced, String where) {
        return new NotSeen(
                referenced.oid(),
                "a foreign key of " + where + " on " + referenced.name(),
                "it cannot be converted from this database, and refuses the delete unless it cascades",
                "look at it in that database");
    }

    /** Which tables of other databases reference a table here: by {@code schema.table}, in words. */
    private Map<String, List<String>> crossDatabaseReferences() throws SQLException {
        Map<String, List<String>> references = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT object_database, object_schema, object_name, referenced_object_schema, referenced_object_name
                FROM "".crdb_internal.cross_db_references WHERE referenced_object_database = pg_catalog.current_database()
                """,
                row -> references
                        .computeIfAbsent(
                                row.getString("referenced_object_schema")
                                        + '.'
                                        + row.getString("referenced_object_name"),
                                name -> new ArrayList<>())
                        .add("database " + row.getString("object_database") + ", table "
                                + row.getString("object_schema") + '.' + row.getString("object_name")));
        return references;
    }

    private void addWhatIsOpen(GraphBuilder graph) throws SQLException {
        String database = Sql.queryFirst(connection, "SELECT pg_catalog.current_database()", row -> row.getString(1))
                .orElseThrow();
        if (!admin && !mayConnectTo(database)) {
            graph.notSeen.add(new NotSeen(
                    NotSeen.ANY_TABLE,
                    "foreign keys of tables on which the role has no privilege",
                    "crdb_internal, which knows of them, is closed to the session (allow_unsafe_internals is off, the default since"
                            + " v26.1)",
                    "GRANT CONNECT ON DATABASE " + Identifiers.quote(database)
                            + " to the role, with which it sees them, or run as a" + " role with admin"));
        }
        for (String other : otherDatabases()) {
            addForeignKeysOf(other, graph);
        }
    }

    private boolean mayConnectTo(String database) throws SQLException {
        return Sql.queryFirst(
                        connection,
                        "SELECT pg_catalog.has_database_privilege(?, 'CONNECT')",
                        row -> row.getBoolean(1),
                        database)
                .orElse(false);
    }

    private List<String> otherDatabases() throws SQLException {
        return Sql.query(
                connection,
                "SELECT datname FROM pg_catalog.pg_database WHERE datname <> pg_catalog.current_database() AND datname <> 'system'",
                row -> row.getString(1));
    }

    private void addForeignKeysOf(String other, GraphBuilder graph) throws SQLException {
        try {
            Sql.forEach(
                    connection,
                    "SELECT conname, confrelid FROM " + Identifiers.quote(other)
                            + ".pg_catalog.pg_constraint WHERE contype = 'f'",
                    row -> {
                        Table referenced = graph.tables.get(row.getLong("confrelid"));
                        if (referenced != null) {
                            graph.inOtherDatabases.add(inOtherDatabase(
                                    referenced,
                                    "database " + Identifiers.display(other) + ", "
                                            + Identifiers.display(row.getString("conname"))));
                        }
                    });
        } catch (SQLException e) {
            if (SqlStates.isConnectionLost(e)) {
                throw e;
            }
            if (!otherDatabases().contains(other)) {
                return; // dropped in the meantime, and with it what was in it
            }
            graph.inOtherDatabases.add(new NotSeen(
                    NotSeen.ANY_TABLE,
                    "foreign keys of tables in the database " + Identifiers.display(other),
                    "its catalog cannot be read from here (SQLSTATE " + e.getSQLState() + ")",
                    "look in that database for foreign keys that reference this one"));
        }
    }
}

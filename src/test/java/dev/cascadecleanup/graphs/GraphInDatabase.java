package dev.cascadecleanup.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.NewTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A random graph in a schema of its own, with its rows committed. What can go to the server together goes in one trip. */
final class GraphInDatabase {

    private final Connection connection;
    private final RandomGraph graph;
    private final String schema;

    /** On a connection with autocommit on. */
    GraphInDatabase(Connection connection, RandomGraph graph) {
        this.connection = connection;
        this.graph = graph;
        this.schema = "g" + graph.seed();
    }

    /** Builds these, all on the same connection. */
    static void build(List<GraphInDatabase> graphs) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (GraphInDatabase each : graphs) {
            statements.add("CREATE SCHEMA " + each.schema);
            statements.addAll(each.graph.statements(each.schema));
        }
        graphs.get(0).executeAll(statements);
    }

    /** What a migration would do, without its care for others. */
    void convert(List<Conversion> conversions) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (Conversion conversion : conversions) {
            ForeignKey fk = conversion.foreignKey();
            statements.add(ConstraintSql.alter(fk.table().name(), ConstraintSql.drop(fk.name())));
            statements.add(ConstraintSql.alter(fk.table().name(), ConstraintSql.add(fk.name(), conversion.target())));
        }
        executeAll(statements);
    }

    /** The table of the people, for options. */
    String parent() {
        return schema + ".t0";
    }

    /** Those of all foreign keys that are in this graph. */
    List<ForeignKey> own(List<ForeignKey> all) {
        return all.stream()
                .filter(fk -> fk.table().name().schema().equals(schema))
                .toList();
    }

    Rows rows() throws SQLException {
        return Rows.read(connection, schema, graph);
    }

    /**
     * What became of a delete.
     *
     * @param refusedBy the constraint, or the column of a NOT NULL, that refused it; null if none did
     * @param after the rows after it, if it was not refused
     */
    record Deletion(String refusedBy, Rows after) {}

    /**
     * Deletes a person, to the end of all deferred checks, and takes it back.
     *
     * @param refusals the SQLSTATEs that are no error of the test
     */
    Deletion delete(int person, Set<String> refusals) throws SQLException {
        connection.setAutoCommit(false);
        try {
            String delete = "DELETE FROM " + parent() + " WHERE id = " + person;
            execute(graph.postgres() ? delete + "; SET CONSTRAINTS ALL IMMEDIATE" : delete);
            return new Deletion(null, rows());
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isIn(refusals);
            return new Deletion(subject(e), null);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static String subject(SQLException e) {
        ServerErrorMessage message = ((PSQLException) e).getServerErrorMessage();
        if (message.getConstraint() != null && !"23502".equals(e.getSQLState())) {
            return message.getConstraint();
        }
        return message.getColumn() != null
                ? message.getColumn()
                : e.getMessage().replaceAll("(?s).*(?:constraint|column) \"([^\"]*)\".*", "$1");
    }

    /** CockroachDB takes a batch as one transaction, in which it refuses changes of the schema. */
    private void executeAll(List<String> statements) throws SQLException {
        if (graph.postgres() && !statements.isEmpty()) {
            execute(String.join(";\n", statements));
            return;
        }
        NewTables.build(connection, statements);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package dev.cascadecleanup.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes and fills tables on CockroachDB in one transaction. Where all that a table references is made in the same transaction, nobody else
 * has to be told of it: no job, no waiting for leases. A foreign key has to stand in CREATE TABLE: one that ALTER TABLE adds in there stays
 * NOT VALID.
 */
public final class NewTables {

    private static final Pattern FIRST = Pattern.compile("(?i)\\s*CREATE (TABLE|SCHEMA) (?!IF )");
    private static final Pattern NEXT =
            Pattern.compile("(?i)\\s*(CREATE (TABLE|SCHEMA) (?!IF )|CREATE (UNIQUE )?INDEX |INSERT INTO )");

    private NewTables() {}

    /** Runs the statements, those that make and fill tables together, and each other one in its own transaction. */
    public static void build(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int next = 0; next < statements.size(); ) {
                int created = create(connection, statements.subList(next, statements.size()));
                if (created == 0) {
                    statement.execute(statements.get(next));
                }
                next += Math.max(created, 1);
            }
        }
    }

    /** How many of the statements, from the first on, are done now: none where they cannot be one transaction. */
    public static int create(Connection connection, List<String> statements) throws SQLException {
        List<String> together = statements.stream()
                .takeWhile(sql -> NEXT.matcher(sql).lookingAt())
                .toList();
        if (together.size() < 2 || !FIRST.matcher(together.get(0)).lookingAt()) {
            return 0;
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : together) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            // Into a table that references an older one nothing can be inserted yet, for example.
            connection.rollback();
            connection.setAutoCommit(true);
            return 0;
        }
        connection.commit();
        connection.setAutoCommit(true);
        return together.size();
    }
}

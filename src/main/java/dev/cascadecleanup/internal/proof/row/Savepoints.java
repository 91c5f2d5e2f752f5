package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs statements that may fail inside a transaction that must go on: both databases end it at the first error otherwise. */
public final class Savepoints {

    /** Undefined functions, tables and so on (PostgreSQL manual, appendix A). */
    private static final String SYNTAX_OR_ACCESS_CLASS = "42";

    private static final String NAME = "cascade_proof_attempt";
    private static final int LONGEST_LOOK_MILLIS = 3_000;

    private final Connection connection;
    private final String limitOfLooks;
    private final String systemPath;

    /**
     * On this connection.
     *
     * @param statementTimeoutMillis the session's own {@code statement_timeout}, 0 for none; negative where a look needs no limit
     *     because the server has no matcher that can take for ever (CockroachDB)
     */
    public Savepoints(Connection connection, long statementTimeoutMillis) {
        this.connection = Objects.requireNonNull(connection, "connection");
        this.systemPath = statementTimeoutMillis < 0 ? "" : "SET LOCAL search_path = pg_catalog, pg_temp; ";
        this.limitOfLooks = statementTimeoutMillis == 0 || statementTimeoutMillis > LONGEST_LOOK_MILLIS
                ? "SET LOCAL statement_timeout = " + LONGEST_LOOK_MILLIS + "; "
                : "";
    }

    /** Work on the connection. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Work that returns nothing. */
    @FunctionalInterface
    public interface Action {
        void run() throws SQLException;
    }

    /**
     * How an attempt ended.
     *
     * @param value what it returned, if it did not fail
     * @param failure why it failed, or null
     */
    public record Outcome<T>(@Nullable T value, @Nullable SQLException failure) {

        static <T> Outcome<T> of(T value) {
            return new Outcome<>(value, null);
        }

        static <T> Outcome<T> failed(SQLException failure) {
            return new Outcome<>(null, failure);
        }

        /** What it returned, where it succeeded. */
        @Override
        public T value() {
            return Objects.requireNonNull(value);
        }

        /** Why it failed, where it did. */
        @Override
        public SQLException failure() {
            return Objects.requireNonNull(failure);
        }

        /** The same with something else made of what it returned. */
        <R> Outcome<R> map(Function<T, R> mapper) {
            return succeeded() ? of(mapper.apply(value())) : failed(failure());
        }

        /** Whether it did what it should. */
        public boolean succeeded() {
            return failure == null;
        }
    }

    public Connection connection() {
        return connection;
    }

    /**
     * Does the work, or undoes what it did when it fails.
     *
     * @throws StartAgainException if the transaction as a whole has to be repeated
     * @throws SQLException if the transaction cannot be saved
     */
    public <T> Outcome<T> attempt(Work<T> work) throws SQLException {
        Sql.execute(connection, "SAVEPOINT " + NAME);
        T value;
        try {
            value = work.run();
        } catch (SQLException e) {
            undo(e);
            return Outcome.failed(e);
        }
        Sql.execute(connection, "RELEASE SAVEPOINT " + NAME);
        return Outcome.of(value);
    }

    /** The same for work that returns nothing. Why it failed; empty if it did not. */
    public Optional<SQLException> attempt(Action work) throws SQLException {
        Outcome<Boolean> outcome = attempt(() -> {
            work.run();
            return true;
        });
        return outcome.succeeded() ? Optional.empty() : Optional.of(outcome.failure());
    }

    /** Does the work and undoes it in any case, for a look at what would happen. */
    public <T> T undone(Work<T> work) throws SQLException {
        Sql.execute(connection, "SAVEPOINT " + NAME);
        T value = work.run();
        Sql.execute(connection, "ROLLBACK TO SAVEPOINT " + NAME + "; RELEASE SAVEPOINT " + NAME);
        return value;
    }

    /**
     * A query that only computes, for a few seconds at most: a value that is proposed for a check may keep the server's matcher of
     * regular expressions busy for minutes.
     */
    Outcome<List<List<String>>> look(String sql) throws SQLException {
        Outcome<List<List<String>>> outcome = look(systemPath, sql);
        // A function in a check may rely on the session's path.
        return !outcome.succeeded()
                        && !systemPath.isEmpty()
                        && String.valueOf(outcome.failure().getSQLState()).startsWith(SYNTAX_OR_ACCESS_CLASS)
                ? look("", sql)
                : outcome;
    }

    private Outcome<List<List<String>>> look(String path, String sql) throws SQLException {
        return run("SAVEPOINT " + NAME + "; " + path + limitOfLooks + sql + "; ROLLBACK TO SAVEPOINT " + NAME
                + "; RELEASE SAVEPOINT " + NAME);
    }

    /** The same for one statement with a result, in one flight to the server. The rows' columns come as text. */
    public Outcome<List<List<String>>> query(String sql) throws SQLException {
        return run("SAVEPOINT " + NAME + "; " + sql + "; RELEASE SAVEPOINT " + NAME);
    }

    private Outcome<List<List<String>>> run(String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try {
                boolean result = statement.execute(sql);
                while (result || statement.getUpdateCount() >= 0) {
                    if (result) {
                        read(statement.getResultSet(), rows);
                    }
                    result = statement.getMoreResults();
                }
            } catch (SQLException e) {
                undo(e);
                return Outcome.failed(e);
            }
        }
        return Outcome.of(rows);
    }

    private static void read(ResultSet result, List<List<String>> rows) throws SQLException {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<String> row = new ArrayList<>(columns);
            for (int column = 1; column <= columns; column++) {
                row.add(result.getString(column));
            }
            rows.add(row);
        }
    }

    private void undo(SQLException e) throws SQLException {
        if (SqlStates.is(e, SqlStates.SERIALIZATION_FAILURE) || SqlStates.is(e, SqlStates.DEADLOCK_DETECTED)) {
            throw new StartAgainException(e);
        }
        if (SqlStates.isConnectionLost(e)) {
            throw e;
        }
        try {
            Sql.execute(connection, "ROLLBACK TO SAVEPOINT " + NAME + "; RELEASE SAVEPOINT " + NAME);
        } catch (SQLException lost) {
            // Why it cannot go on; that it cannot, in the server's words, is the lesser part.
            e.addSuppressed(lost);
            throw e;
        }
    }
}

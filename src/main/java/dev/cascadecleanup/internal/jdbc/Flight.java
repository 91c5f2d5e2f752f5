package dev.cascadecleanup.internal.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Statements that go to a PostgreSQL server together and are answered together: one round trip, however many they are. They are run in
 * order; where one fails, those behind it are not run.
 */
public final class Flight {

    private final Connection connection;
    private final List<Passenger<?>> passengers = new ArrayList<>();

    /** One statement, and its rows once they are there. */
    private record Passenger<T>(
            String sql, List<Object> parameters, Sql.RowMapper<T> mapper, List<T> rows, AtomicInteger changed) {

        void land(PreparedStatement statement, boolean hasRows) throws SQLException {
            if (!hasRows) {
                changed.addAndGet(Math.max(0, statement.getUpdateCount()));
                return;
            }
            try (ResultSet result = statement.getResultSet()) {
                while (mapper != null && result.next()) {
                    rows.add(mapper.map(result));
                }
            }
        }
    }

    private boolean landed;

    /** An empty one. */
    public Flight(Connection connection) {
        this.connection = connection;
    }

    /** Takes one statement along; what it returns is not read. */
    public void execute(String sql) {
        add(sql, List.of(), null);
    }

    /** Takes a statement with bound parameters along. */
    public void execute(SqlStatement statement) {
        add(statement.sql(), statement.parameters(), null);
    }

    /** Takes one query along, with parameters as {@link Sql#query} binds them. Its rows are there after {@link #run}. */
    public <T> Supplier<List<T>> query(String sql, Sql.RowMapper<T> mapper, Object... parameters) {
        List<T> rows = add(sql, Arrays.asList(parameters), mapper);
        return () -> {
            if (!landed) {
                throw new IllegalStateException("not run yet: " + sql);
            }
            return rows;
        };
    }

    /** Takes a statement along that changes rows. How many is there after {@link #run}. */
    public Supplier<Integer> update(String sql, Object... parameters) {
        AtomicInteger changed = new AtomicInteger();
        passengers.add(new Passenger<>(sql, Arrays.asList(parameters), null, new ArrayList<>(), changed));
        return () -> {
            if (!landed) {
                throw new IllegalStateException("not run yet: " + sql);
            }
            return changed.get();
        };
    }

    private <T> List<T> add(String sql, List<Object> parameters, Sql.RowMapper<T> mapper) {
        List<T> rows = new ArrayList<>();
        passengers.add(new Passenger<>(sql, parameters, mapper, rows, new AtomicInteger()));
        return rows;
    }

    /** Sends them and waits for all answers. */
    public void run() throws SQLException {
        String sql = String.join(";\n", passengers.stream().map(Passenger::sql).toList());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // The connection's own might leave rows behind in a portal, which a COMMIT further back would close.
            statement.setFetchSize(0);
            Sql.bind(
                    connection,
                    statement,
                    passengers.stream()
                            .flatMap(each -> each.parameters().stream())
                            .toArray());
            boolean hasRows = statement.execute();
            for (Passenger<?> passenger : passengers) {
                passenger.land(statement, hasRows);
                hasRows = statement.getMoreResults();
            }
        }
        landed = true;
    }
}

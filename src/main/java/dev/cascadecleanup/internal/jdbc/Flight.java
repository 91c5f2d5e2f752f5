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
import org.jspecify.annotations.Nullable;

/**
 * Statements that go to a server together and are answered together: one round trip, however many they are. They are run in
 * order; where one fails, those behind it are not run.
 */
public final class Flight {

    private final Connection connection;
    private final List<Passenger> passengers = new ArrayList<>();

    /** One statement, and who takes its rows, or how many it changed. */
    private record Passenger(
            String sql, List<@Nullable Object> parameters, Sql.RowReader reader, AtomicInteger changed) {

        void land(PreparedStatement statement, boolean hasRows) throws SQLException {
            if (!hasRows) {
                changed.addAndGet(Math.max(0, statement.getUpdateCount()));
                return;
            }
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    reader.read(result);
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
        add(sql, List.of(), row -> {});
    }

    /** Takes a statement with bound parameters along. */
    public void execute(SqlStatement statement) {
        add(statement.sql(), statement.parameters(), row -> {});
    }

    /** Takes one query along, with parameters as {@link Sql#query} binds them. Its rows are there after {@link #run}. */
    public <T> Supplier<List<T>> query(String sql, Sql.RowMapper<T> mapper, @Nullable Object... parameters) {
        List<T> rows = new ArrayList<>();
        add(sql, Arrays.asList(parameters), row -> rows.add(mapper.map(row)));
        return () -> {
            if (!landed) {
                throw new IllegalStateException("not run yet: " + sql);
            }
            return rows;
        };
    }

    /** The same for whoever wants no list of them. */
    public void forEach(String sql, Sql.RowReader reader, @Nullable Object... parameters) {
        add(sql, Arrays.asList(parameters), reader);
    }

    /** Takes a statement along that changes rows. How many is there after {@link #run}. */
    public Supplier<Integer> update(String sql, @Nullable Object... parameters) {
        AtomicInteger changed = add(sql, Arrays.asList(parameters), row -> {});
        return () -> {
            if (!landed) {
                throw new IllegalStateException("not run yet: " + sql);
            }
            return changed.get();
        };
    }

    private AtomicInteger add(String sql, List<@Nullable Object> parameters, Sql.RowReader reader) {
        AtomicInteger changed = new AtomicInteger();
        passengers.add(new Passenger(sql, parameters, reader, changed));
        return changed;
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
            for (Passenger passenger : passengers) {
                passenger.land(statement, hasRows);
                hasRows = statement.getMoreResults();
            }
        }
        landed = true;
    }
}

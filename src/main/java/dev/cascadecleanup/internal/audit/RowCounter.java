package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.audit.RowCount;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs count queries, many in one statement; what cannot be counted (no privilege, too long) is said, not thrown. */
final class RowCounter {

    private static final int BATCH = 50;

    private final Connection connection;
    private final int timeoutSeconds;
    private final Map<String, RowCount> counted = new HashMap<>();
    private final boolean postgres;
    private final long deadline;
    private int left;

    RowCounter(Connection connection, Product product, int atMost, Duration timeout) {
        this(connection, product, atMost, timeout, timeout.multipliedBy(Math.max(1, atMost)));
    }

    /** @param inAll how long all counts together may take, but for the last */
    RowCounter(Connection connection, Product product, int atMost, Duration timeout, Duration inAll) {
        this.postgres = product == Product.POSTGRESQL;
        this.deadline = System.nanoTime() + inAll.toNanos();
        this.connection = connection;
        this.left = atMost;
        this.timeoutSeconds = Math.toIntExact(timeout.toSeconds());
    }

    /** Counts what is not counted yet, as far as the limit goes. */
    void count(List<String> queries) throws SQLException {
        List<String> open = queries.stream()
                .distinct()
                .filter(query -> !counted.containsKey(query))
                .toList();
        for (String query : open.subList(Math.min(left, open.size()), open.size())) {
            counted.put(query, new RowCount(query, null, "not counted: the limit of counts is reached"));
        }
        open = open.subList(0, Math.min(left, open.size()));
        left -= open.size();
        for (int from = 0; from < open.size(); from += BATCH) {
            List<String> batch = open.subList(from, Math.min(from + BATCH, open.size()));
            if (System.nanoTime() - deadline > 0) {
                batch.forEach(this::outOfTime);
                continue;
            }
            try {
                run(batch);
            } catch (SQLException e) {
                for (String query : batch) {
                    runAlone(query);
                }
            }
        }
    }

    private void outOfTime(String query) {
        counted.put(query, new RowCount(query, null, "not counted: the time is up"));
    }

    /** Of a query that was given to {@link #count}. */
    RowCount of(String query) {
        return Objects.requireNonNull(counted.get(query));
    }

    private void runAlone(String query) throws SQLException {
        if (System.nanoTime() - deadline > 0) {
            outOfTime(query);
            return;
        }
        try {
            run(List.of(query));
        } catch (SQLException e) {
            if (connection.isClosed()) {
                throw e;
            }
            counted.put(query, new RowCount(query, null, "not counted: " + reason(e)));
        }
    }

    /** Only messages about names and privileges, and of a time limit, are sure to quote nothing from a row. */
    private static String reason(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("42") || state.startsWith("57") ? SqlErrors.describe(e) : "SQLSTATE " + state;
    }

    private void run(List<String> queries) throws SQLException {
        String sql = IntStream.range(0, queries.size())
                .mapToObj(i ->
                        queries.get(i).replaceFirst("SELECT count\\(\\*\\)", "SELECT " + i + " AS n, count(*) AS c"))
                .collect(Collectors.joining(" UNION ALL "));
        if (!postgres) {
            read(sql, queries);
            return;
        }
        // A search path that puts other operators before the system's must not have them called.
        PostgresTransaction.read(connection, () -> read(sql, queries));
    }

    private void read(String sql, List<String> queries) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(timeoutSeconds);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    String query = queries.get(rows.getInt("n"));
                    counted.put(query, new RowCount(query, rows.getLong("c"), ""));
                }
            }
        }
    }
}

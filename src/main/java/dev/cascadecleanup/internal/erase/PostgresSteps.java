package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lists where the rows are, then deletes them there: a look for them in each step would pass all those that the steps before have
 * deleted. Each transaction is one flight, so that a process that freezes holds no lock.
 */
final class PostgresSteps implements Steps {

    private final Connection connection;
    private final ParentKey parent;
    private final List<String> key;
    private final EraseFacts facts;
    private final EraseOptions options;
    private final Deque<Part> parts = new ArrayDeque<>();

    /** Rows of one table or partition that have not been tried yet. */
    private static final class Part {

        private final String tableoid;
        private final List<String> ctids;
        private int next;

        Part(String tableoid, List<String> ctids) {
            this.tableoid = tableoid;
            this.ctids = ctids;
        }
    }

    PostgresSteps(Connection connection, ParentKey parent, List<String> key, EraseFacts facts, EraseOptions options) {
        this.connection = connection;
        this.parent = parent;
        this.key = key;
        this.facts = facts;
        this.options = options;
    }

    @Override
    public int find(DrainUnit unit, int limit) throws SQLException {
        parts.clear();
        Map<String, List<String>> found = new LinkedHashMap<>();
        PostgresTransaction.write(connection, flight -> {
            limit(flight);
            flight.query(
                    sql(unit).list(limit),
                    row -> found.computeIfAbsent(row.getString("tableoid"), oid -> new ArrayList<>())
                            .add(row.getString("ctid")),
                    key.toArray());
            flight.execute("COMMIT");
            flight.run();
            return null;
        });
        found.forEach((tableoid, ctids) -> parts.add(new Part(tableoid, ctids)));
        return found.values().stream().mapToInt(List::size).sum();
    }

    @Override
    public boolean hasMore() {
        return !parts.isEmpty();
    }

    @Override
    public int delete(DrainUnit unit, int rows) throws SQLException {
        Part part = parts.element();
        int end = Math.min(part.ctids.size(), part.next + rows);
        List<Object> parameters = new ArrayList<>();
        parameters.add(part.tableoid);
        parameters.add(part.ctids.subList(part.next, end));
        parameters.addAll(key);
        parameters.add(part.tableoid);
        int deleted = PostgresTransaction.write(connection, flight -> {
            limit(flight);
            Supplier<List<Integer>> count =
                    flight.query(sql(unit).step(), row -> row.getInt("deleted"), parameters.toArray());
            flight.execute("COMMIT");
            flight.run();
            return count.get().get(0);
        });
        part.next = end;
        if (end == part.ctids.size()) {
            parts.remove();
        }
        return deleted;
    }

    private void limit(Flight flight) {
        flight.execute("SET LOCAL lock_timeout = " + options.lockTimeout().toMillis());
        flight.execute("SET LOCAL statement_timeout = " + options.stepTimeout().toMillis());
        // A step is over before a compiled plan would have paid.
        flight.execute("SET LOCAL jit = off");
    }

    private DrainSql sql(DrainUnit unit) {
        return new DrainSql(Product.POSTGRESQL, parent, unit, facts);
    }
}

package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Each transaction is one flight, so that a process that freezes holds no lock. */
final class PostgresSteps implements Steps {

    private final Connection connection;
    private final ParentKey parent;
    private final List<String> key;
    private final EraseFacts facts;
    private final EraseOptions options;

    PostgresSteps(Connection connection, ParentKey parent, List<String> key, EraseFacts facts, EraseOptions options) {
        this.connection = connection;
        this.parent = parent;
        this.key = key;
        this.facts = facts;
        this.options = options;
    }

    @Override
    public int count(DrainUnit unit, int limit) throws SQLException {
        return PostgresTransaction.write(connection, flight -> {
            limit(flight);
            Supplier<List<Integer>> found =
                    flight.query(sql(unit).count(limit), row -> row.getInt("found"), key.toArray());
            flight.execute("COMMIT");
            flight.run();
            return found.get().get(0);
        });
    }

    @Override
    public int delete(DrainUnit unit, int rows, boolean all) throws SQLException {
        DrainSql sql = sql(unit);
        boolean everything = all && sql.isDirect();
        List<String> parameters = new ArrayList<>(key);
        for (int i = 1; i < (everything ? 1 : sql.keysToDeleteSome()); i++) {
            parameters.addAll(key);
        }
        return PostgresTransaction.write(connection, flight -> {
            limit(flight);
            Supplier<Integer> deleted =
                    flight.update(everything ? sql.deleteAll() : sql.deleteSome(rows), parameters.toArray());
            flight.execute("COMMIT");
            flight.run();
            return deleted.get();
        });
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

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Each transaction is one flight, so that a process that freezes holds no lock. */
final class PostgresSteps implements Steps {

    private static final Pattern PLAN_ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");

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
    public List<Long> estimate(List<DrainUnit> units) throws SQLException {
        return PostgresTransaction.readAtOnce(connection, flight -> {
            limit(flight);
            List<Supplier<List<Long>>> estimates = units.stream()
                    .map(unit -> flight.query(
                            "EXPLAIN (FORMAT JSON) " + sql(unit).all(), row -> rows(row.getString(1)), key.toArray()))
                    .toList();
            return () ->
                    estimates.stream().map(estimate -> estimate.get().get(0)).toList();
        });
    }

    /** Of the whole plan, which comes first. */
    private static long rows(String plan) {
        Matcher rows = PLAN_ROWS.matcher(plan);
        return rows.find() ? Long.parseLong(rows.group(1)) : 0;
    }

    @Override
    public int delete(DrainUnit unit, int rows, boolean all) throws SQLException {
        DrainSql sql = sql(unit);
        boolean everything = all && unit.isDirect();
        List<String> parameters = new ArrayList<>(key);
        for (int i = 1; i < (everything ? 1 : sql.keysToDeleteSome()); i++) {
            parameters.addAll(key);
        }
        return PostgresTransaction.write(connection, flight -> {
            limit(flight);
            // The DELETE at the end waits for the disk, and so for all before; what a crash takes back is done again
            // (manual, 28.4).
            flight.execute("SET LOCAL synchronous_commit = off");
            if (unit.isDirect() && !everything) {
                byIndex(flight);
            }
            Supplier<Integer> deleted =
                    flight.update(everything ? sql.deleteAll() : sql.deleteSome(rows), parameters.toArray());
            flight.execute("COMMIT");
            flight.run();
            return deleted.get();
        });
    }

    /** What comes over an index of rows that are gone is marked there, so that the next does not look for them again. */
    @Override
    public void tidy(DrainUnit unit) throws SQLException {
        if (!unit.isDirect() || !unit.way().get(0).indexed()) {
            return;
        }
        PostgresTransaction.readAtOnce(connection, flight -> {
            limit(flight);
            byIndex(flight);
            flight.query(sql(unit).count(1), row -> row.getInt("found"), key.toArray());
            return () -> true;
        });
    }

    /** Row by row in the order of an index, if there is one: neither the whole table for a few rows, nor all rows for the first few. */
    private static void byIndex(Flight flight) {
        flight.execute("SET LOCAL enable_seqscan = off");
        flight.execute("SET LOCAL enable_bitmapscan = off");
    }

    private void limit(Flight flight) {
        // Less than the statement's, or a wait for a lock would look like a step that is too large.
        long wait = Math.max(
                1,
                Math.min(options.lockTimeout().toMillis(), options.stepTimeout().toMillis() / 2));
        flight.execute("SET LOCAL lock_timeout = " + wait);
        flight.execute("SET LOCAL statement_timeout = " + options.stepTimeout().toMillis());
        // A step is over before a compiled plan would have paid.
        flight.execute("SET LOCAL jit = off");
    }

    private DrainSql sql(DrainUnit unit) {
        return new DrainSql(Product.POSTGRESQL, parent, unit, facts);
    }
}

package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** How fast the server works, now: measured by a small piece of work that touches no table and so waits for no disk. */
public final class Pace {

    /** Of the machine on which the rates of {@link Effort} were measured: the middle, because it was between 1,700 and 2,950. */
    private static final double MICROS_THERE = 2_240;

    private static final int LOOKS = 10;
    private static final int ROWS = 20_000;

    private Pace() {}

    /**
     * How long a piece of work takes here, in microseconds; the least of several tries, because everything else only makes it longer.
     *
     * @param connection a PostgreSQL connection in a transaction of ours
     */
    public static double micros(Connection connection) throws SQLException {
        double least = Double.MAX_VALUE;
        for (int look = 0; look < LOOKS; look++) {
            long start = System.nanoTime();
            Sql.queryFirst(
                    connection,
                    "SELECT pg_catalog.count(*) FROM pg_catalog.generate_series(1, " + ROWS
                            + ") AS g (i) WHERE pg_catalog.hashint4(i) OPERATOR(pg_catalog.%) 2 OPERATOR(pg_catalog.=) 0",
                    row -> row.getLong(1));
            least = Math.min(least, (System.nanoTime() - start) / 1_000.0);
        }
        return least;
    }

    /** How many times as long as there; 1 where that cannot be told. */
    static double slowness(Connection connection, Product product) throws SQLException {
        return product == Product.POSTGRESQL ? micros(connection) / MICROS_THERE : 1;
    }
}

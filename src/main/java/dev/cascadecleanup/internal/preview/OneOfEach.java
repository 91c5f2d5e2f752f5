package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of somebody made up, who has one row in each table: whatever a table with rows has to say against a delete, it says then. There
 * is no such person where it takes the values of a row to know what becomes of it.
 */
final class OneOfEach extends RowReader {

    /** The address of any row of one table. */
    static final String ROW = "(0,1)";

    /** It takes rows that are there. */
    static final class NobodyException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final List<Family> sources;

    OneOfEach(Ground ground) {
        super(nowhere(), Product.POSTGRESQL, ground.shapes());
        this.sources = ground.sources();
    }

    private static Connection nowhere() {
        return (Connection) Proxy.newProxyInstance(
                OneOfEach.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    throw new NobodyException();
                });
    }

    @Override
    void read(
            Edge edge,
            Table heap,
            List<String> ids,
            boolean withChild,
            List<Edge> others,
            List<String> conditions,
            Taker taker)
            throws SQLException {
        // Of a table that references itself, or the people's, it would take a second row.
        if (!others.isEmpty()
                || !conditions.isEmpty()
                || !edge.cascades()
                || edge.child() == edge.referenced()
                || sources.contains(edge.child())
                || edge.child().heaps().size() > 1
                || edge.referenced().heaps().size() > 1) {
            throw new NobodyException();
        }
        long child = edge.child().heaps().keySet().iterator().next();
        taker.take(new Found() {
            @Override
            public String referenced() {
                return ROW;
            }

            @Override
            public Id child() {
                return new Id(child, ROW);
            }

            @Override
            public @Nullable Id referenced(int other) {
                throw new NobodyException();
            }

            @Override
            public boolean isSet(int other) {
                throw new NobodyException();
            }

            @Override
            public boolean holds(int condition) {
                throw new NobodyException();
            }
        });
    }

    @Override
    long[] count(Edge edge, Table heap, List<String> ids, List<String> conditions, long limit) {
        if (!conditions.isEmpty()) {
            throw new NobodyException();
        }
        return new long[] {1};
    }
}

package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.preview.PersonKey;
import dev.cascadecleanup.internal.preview.PreviewRefusedException;
import dev.cascadecleanup.internal.proof.schema.SchemaReader;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds the row that is meant, however it is called: {@code 7} and {@code 07} are one person, and {@code email=...} may be the same. */
final class ParentRows {

    /** The class of SQLSTATEs of a value that is none of its type. */
    private static final String DATA_EXCEPTION = "22";

    private final Connection connection;
    private final Server server;
    private final ParentKey parent;

    ParentRows(Connection connection, Server server, ParentKey parent) {
        this.connection = connection;
        this.server = server;
        this.parent = parent;
    }

    /**
     * Finds it.
     *
     * @param plain whether the key is of one column and of a common type
     * @throws PreviewRefusedException if there is none, or the key cannot be understood
     */
    ParentRow find(String text, boolean plain) throws SQLException {
        if (plain && PlainParent.isValue(text)) {
            Optional<ParentRow> found = value(text);
            if (found.isPresent()) {
                return found.get();
            }
            // Whoever reads the table's columns can say what is wrong.
        }
        return server.product() == Product.POSTGRESQL
                ? PostgresTransaction.look(connection, () -> read(text))
                : CockroachTransaction.read(connection, () -> read(text));
    }

    /** By a value of the primary key, in one round trip; empty if it is none, or nobody's. */
    private Optional<ParentRow> value(String text) throws SQLException {
        try {
            return PostgresTransaction.lookAtOnce(connection, flight -> {
                Supplier<List<ParentRow>> rows = flight.query(
                        "SELECT CAST(c."
                                + Identifiers.quote(parent.columns().get(0).name()) + " AS text) FROM "
                                + parent.table().name().quoted() + " c WHERE " + parent.condition("c."),
                        row -> new ParentRow(List.of(row.getString(1))),
                        text);
                return () -> rows.get().stream().findFirst();
            });
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(DATA_EXCEPTION)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private ParentRow read(String text) throws SQLException {
        TableShape shape = TableShape.of(
                SchemaReader.of(connection, server).read(List.of(parent.table())),
                parent.table().oid());
        PersonKey key = PersonKey.parse(text, shape);
        key.check(connection, shape, server.product());
        List<ParentKey.Column> columns = parent.columns();
        String sql = columns.stream()
                        .map(column -> "CAST(c." + Identifiers.quote(column.name()) + " AS text)")
                        .collect(Collectors.joining(", ", "SELECT ", " FROM "))
                + parent.table().name().quoted() + " c WHERE " + key.condition(shape, server.product());
        List<ParentRow> found = Sql.query(
                connection,
                sql,
                row -> {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= columns.size(); i++) {
                        values.add(row.getString(i));
                    }
                    return new ParentRow(values);
                },
                key.values().toArray());
        if (found.isEmpty()) {
            throw new PreviewRefusedException("no row of " + parent.table() + " has " + String.join(", ", key.columns())
                    + " = " + String.join(", ", key.values()) + ": it never had one, or it is erased already");
        }
        return found.get(0);
    }
}

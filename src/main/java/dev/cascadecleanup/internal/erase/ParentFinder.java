package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parent on PostgreSQL without reading the whole catalog, so that whoever only has to be told that somebody is at it already
 * hears it at once.
 */
final class ParentFinder {

    private ParentFinder() {}

    /**
     * What was found.
     *
     * @param key the table, of which only its name and kind are known, and its primary key, which may have no columns
     * @param stamp that of a {@link PlainParent}, or null where something of the schema's own stands before its rows: children, triggers,
     *     rules or row-level security
     */
    record Found(ParentKey key, @Nullable String stamp) {}

    /** Empty if no table that foreign keys can reference is there: then the whole catalog has to say what is. One round trip. */
    static Optional<Found> find(Connection connection, ParentCandidates candidates) throws SQLException {
        return PostgresTransaction.readAtOnce(connection, flight -> {
            // In the order in which they are written: to weigh all orders takes longer.
            flight.execute("SET LOCAL join_collapse_limit = 1");
            Supplier<List<Found>> found = flight.query(
                    """
                    SELECT t.oid, n.nspname, t.relname, t.relkind, t.relispartition, %s AS stamp
                    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace WHERE t.relkind IN ('r', 'p') AND t.oid = %s
                    """.formatted(PlainParent.STAMP, ParentCandidates.FIRST),
                    row -> new Found(new ParentKey(table(row), List.of()), row.getString("stamp")),
                    candidates.schemas(),
                    candidates.names(),
                    candidates.schemas(),
                    candidates.names());
            Supplier<List<ParentKey.Column>> columns =
                    ParentKeyReader.columns(flight, ParentCandidates.FIRST, candidates.schemas(), candidates.names());
            return () -> found.get().stream()
                    .findFirst()
                    .map(each -> new Found(new ParentKey(each.key().table(), columns.get()), each.stamp()));
        });
    }

    /** Of no concern here is who owns it. */
    private static Table table(ResultSet row) throws SQLException {
        return new Table(
                row.getLong("oid"),
                new TableName(row.getString("nspname"), row.getString("relname")),
                TableKind.ofCode(row.getString("relkind")),
                row.getBoolean("relispartition"),
                "",
                true,
                true,
                true,
                true,
                false);
    }
}

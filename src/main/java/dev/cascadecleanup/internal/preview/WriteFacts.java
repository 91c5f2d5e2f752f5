package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.ReplicaIdentity;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * What may refuse that a cascade writes, beside foreign keys and the row itself: publications, and what the owners of the tables, as whom
 * PostgreSQL runs cascades and checks, may do.
 *
 * @param unidentified tables, by OID, whose updates are published although they have no replica identity, so that each fails (manual, 29.1)
 * @param filtered tables that are published with a row filter or a column list, which have to keep to the replica identity (manual, 29.3, 29.4)
 * @param unusable tables whose owner has no USAGE on their schema, without which it cannot name them
 * @param unselectable tables whose owner may not read them
 * @param unupdatable tables whose owner may not update them, which locking rows of them needs, too
 */
public record WriteFacts(
        Set<Long> unidentified, Set<Long> filtered, Set<Long> unusable, Set<Long> unselectable, Set<Long> unupdatable) {

    private static final int FILTERS_SINCE = 150_000;

    private static final String BY_SCHEMA = """

               UNION
               SELECT c.oid, false, p.pubupdate FROM pg_publication p JOIN pg_publication_namespace n ON n.pnpubid = p.oid
               JOIN pg_class c ON c.relnamespace = n.pnnspid WHERE p.pubupdate OR p.pubdelete""";

    public WriteFacts {
        unidentified = Set.copyOf(unidentified);
        filtered = Set.copyOf(filtered);
        unusable = Set.copyOf(unusable);
        unselectable = Set.copyOf(unselectable);
        unupdatable = Set.copyOf(unupdatable);
    }

    /** Nothing of this on CockroachDB. */
    static WriteFacts read(Connection connection, Server server) throws SQLException {
        Set<Long> unidentified = new HashSet<>();
        Set<Long> filtered = new HashSet<>();
        Set<Long> unusable = new HashSet<>();
        Set<Long> unselectable = new HashSet<>();
        Set<Long> unupdatable = new HashSet<>();
        if (server.product() == Product.POSTGRESQL) {
            boolean filters = server.version() >= FILTERS_SINCE;
            PostgresTransaction.read(connection, () -> {
                Sql.forEach(
                        connection,
                        """
                        WITH RECURSIVE published (relid, filtered, updates) AS (
                          (SELECT r.prrelid, %s, p.pubupdate FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
                           WHERE p.pubupdate OR p.pubdelete%s)
                          UNION
                          SELECT i.inhrelid, published.filtered, published.updates
                          FROM published JOIN pg_inherits i ON i.inhparent = published.relid
                          JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition)
                        SELECT c.oid, c.oid IN (SELECT relid FROM published WHERE published.filtered) AS filtered,
                               (c.oid IN (SELECT relid FROM published WHERE published.updates)
                                OR EXISTS (SELECT FROM pg_publication WHERE puballtables AND pubupdate))
                               AND %s AS unidentified
                        FROM pg_class c
                        WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND EXISTS (SELECT FROM pg_publication)
                        """.formatted(
                                        filters ? "r.prqual IS NOT NULL OR r.prattrs IS NOT NULL" : "false",
                                        filters ? BY_SCHEMA : "",
                                        ReplicaIdentity.MISSING),
                        row -> {
                            if (row.getBoolean("filtered")) {
                                filtered.add(row.getLong("oid"));
                            }
                            if (row.getBoolean("unidentified")) {
                                unidentified.add(row.getLong("oid"));
                            }
                        });
                // Where nobody has granted or revoked anything, the owner may do everything with its table.
                Sql.forEach(connection, """
                        SELECT oid, has_schema_privilege(relowner, relnamespace, 'USAGE') AS uses,
                               relacl IS NULL OR has_any_column_privilege(relowner, oid, 'SELECT') AS selects,
                               relacl IS NULL OR has_any_column_privilege(relowner, oid, 'UPDATE') AS updates
                        FROM pg_class WHERE relkind IN ('r', 'p') AND relpersistence <> 't'
                        """, row -> {
                    if (!row.getBoolean("uses")) {
                        unusable.add(row.getLong("oid"));
                    }
                    if (!row.getBoolean("selects")) {
                        unselectable.add(row.getLong("oid"));
                    }
                    if (!row.getBoolean("updates")) {
                        unupdatable.add(row.getLong("oid"));
                    }
                });
            });
        }
        return new WriteFacts(unidentified, filtered, unusable, unselectable, unupdatable);
    }
}

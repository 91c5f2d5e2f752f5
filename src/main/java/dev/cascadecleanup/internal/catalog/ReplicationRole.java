package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Whether a session is one of replication, in which only those triggers work that are enabled for that (manual, 20.11.1). */
public final class ReplicationRole {

    private ReplicationRole() {}

    /** As the session has it, so also what ALTER ROLE or ALTER DATABASE gave it. */
    public static boolean isReplica(Connection connection, Product product) throws SQLException {
        return product == Product.POSTGRESQL
                && Sql.queryFirst(
                                connection,
                                "SELECT pg_catalog.current_setting('session_replication_role') OPERATOR(pg_catalog.=) 'replica'",
                                row -> row.getBoolean(1))
                        .orElse(false);
    }

    /** Why nothing can be said about what foreign keys do in this session, if it is one. */
    public static Optional<NotSeen> notSeen(Connection connection, Product product) throws SQLException {
        return isReplica(connection, product)
                ? Optional.of(new NotSeen(
                        NotSeen.ANY_TABLE,
                        "what foreign keys do in sessions like this",
                        "it is one of replication (session_replication_role = replica), in which they do nothing",
                        "set it to origin: see the URL's options, ALTER ROLE and ALTER DATABASE"))
                : Optional.empty();
    }
}

package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.erase.EraseBusyException;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.engine.cockroach.CockroachLease;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Who may erase a person at a time: one. Nobody waits for anybody. */
final class PersonLock {

    private PersonLock() {}

    /**
     * Takes the lock.
     *
     * @param key the key as the server writes it, so that {@code 7} and {@code 07} are one person
     * @throws EraseBusyException if another session has it, saying which and since when
     */
    static MigrationLock take(
            Connection connection,
            @Nullable DataSource monitor,
            Server server,
            String schema,
            ParentKey parent,
            String key,
            Console console)
            throws SQLException {
        if (server.product() == Product.POSTGRESQL) {
            return PostgresPersonLock.take(connection, parent, key, console);
        }
        CockroachLease.Attempt attempt = CockroachLease.tryAcquire(
                connection, monitor, schema, "erase " + parent.table().oid() + ' ' + hash(key), console);
        CockroachLease lease = attempt.lease();
        if (lease == null) {
            throw busy(parent, key, String.valueOf(attempt.holder()));
        }
        return lease;
    }

    static EraseBusyException busy(ParentKey parent, String key, String holder) {
        return new EraseBusyException(parent.table() + " " + key + " is being erased already, by " + holder
                + ". Nothing was done here; ask again when that is through");
    }

    /** So that the lease table holds no key of a person. */
    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

package dev.cascadecleanup.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The server at the other end and the session on it.
 *
 * @param product which database it is
 * @param version PostgreSQL: {@code server_version_num}, 150004 for 15.4; CockroachDB: the same scheme, 210100 for v21.1.0
 * @param versionText the version as people write it
 * @param role the current role
 * @param superuser whether it is a superuser (PostgreSQL) or has the admin role (CockroachDB)
 * @param readOnly whether the session cannot write: a standby, or a read-only default
 * @param standbys how many standbys replay this server's log, as far as the role may see; 0 on CockroachDB
 * @param deadlockTimeout {@code deadlock_timeout} (PostgreSQL manual, 20.12); zero on CockroachDB
 * @param searchPath the schemas that an unqualified name is looked for in, in order, without the system's own
 */
public record Server(
        Product product,
        int version,
        String versionText,
        String role,
        boolean superuser,
        boolean readOnly,
        int standbys,
        Duration deadlockTimeout,
        List<String> searchPath) {

    public Server {
        Objects.requireNonNull(product, "product");
        searchPath = List.copyOf(searchPath);
    }

    /** The major version: 15 for PostgreSQL 15.4, 21 for CockroachDB v21.1. */
    public int major() {
        return version / 10_000;
    }

    @Override
    public String toString() {
        return product + " " + versionText;
    }
}

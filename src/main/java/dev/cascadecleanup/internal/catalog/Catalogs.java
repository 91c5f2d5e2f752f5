package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out which database is at the other end. */
public final class Catalogs {

    private static final Pattern POSTGRESQL = Pattern.compile("PostgreSQL (\\d+)");

    /** It has pg_partition_tree and generated columns, which the catalog's queries ask for. */
    private static final int OLDEST_POSTGRESQL = 12;

    private static final int OLDEST_TESTED_POSTGRESQL = 14;

    private Catalogs() {}

    /**
     * The catalog of the connected database; empty when it is neither PostgreSQL nor CockroachDB. Products that only speak
     * PostgreSQL's protocol are turned away by their version string, because their locks and catalogs differ.
     */
    public static Optional<Catalog> open(Connection connection) throws SQLException {
        if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
            return Optional.empty();
        }
        String version = Sql.queryFirst(connection, "SELECT pg_catalog.version()", row -> row.getString(1))
                .orElse("");
        return of(connection, version);
    }

    /** The same by what {@code version()} has said already. */
    public static Optional<Catalog> of(Connection connection, String version) {
        if (version.startsWith("CockroachDB")) {
            return Optional.of(new CockroachCatalog(connection, version));
        }
        Matcher postgres = POSTGRESQL.matcher(version);
        if (postgres.lookingAt()
                && !version.contains("-YB-")
                && !version.contains("Redshift")
                && !version.contains("Greenplum")) {
            int major = Integer.parseInt(postgres.group(1));
            if (major < OLDEST_POSTGRESQL) {
                throw new CascadeException(
                        "PostgreSQL " + major + " is too old: flyway-cascade-cleanup needs PostgreSQL "
                                + OLDEST_POSTGRESQL + " or newer, and is tested from " + OLDEST_TESTED_POSTGRESQL
                                + " on; nothing was changed.");
            }
            return Optional.of(new PostgresCatalog(connection, major));
        }
        return Optional.empty();
    }
}

package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import java.sql.Connection;
import java.sql.SQLException;

/** What is said on a database that this library does not know. */
public final class UnsupportedDatabase {

    private UnsupportedDatabase() {}

    public static CascadeException exception(Connection connection) throws SQLException {
        return new CascadeException("this database is neither PostgreSQL nor CockroachDB but "
                + connection.getMetaData().getDatabaseProductName()
                + "; nothing was changed. Where that is a test profile, set the"
                + " placeholder cascade_unsupported to skip.");
    }
}

package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;

/** The version that a service's next migration can have, for advice that names a class or a file. */
public final class NextVersion {

    private NextVersion() {}

    /** By Flyway's history, over a connection outside a transaction; empty where there is none that this role may read. */
    public static Optional<String> read(Connection connection, Product product, HistoryTable history)
            throws SQLException {
        try {
            return after(
                    product == Product.POSTGRESQL
                            ? PostgresTransaction.read(connection, () -> versions(connection, history))
                            : versions(connection, history));
        } catch (SQLException e) {
            if (SqlStates.isUndefined(e) || SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The same while this version is being applied, and so is not in the history yet. */
    static Optional<String> readAfter(Connection connection, Product product, HistoryTable history, String version)
            throws SQLException {
        List<String> candidates = new ArrayList<>(List.of(plus(version, 1)));
        read(connection, product, history).ifPresent(candidates::add);
        return candidates.stream().max(Comparator.comparing(MigrationVersion::fromVersion));
    }

    /** Flyway's lock on CockroachDB is a row too, with rank -100 and a random version. */
    private static List<String> versions(Connection connection, HistoryTable history) throws SQLException {
        TableName table = new TableName(history.schema(), history.table());
        return Sql.query(
                connection,
                "SELECT version FROM " + table.quoted() + " WHERE version IS NOT NULL AND installed_rank > 0",
                row -> row.getString(1));
    }

    /** The newest of these with one added to its last number, written with as many digits: {@code 061} after {@code 060}. */
    static Optional<String> after(Collection<String> versions) {
        return versions.stream()
                .max(Comparator.comparing(MigrationVersion::fromVersion))
                .map(newest -> plus(newest, 1));
    }

    /** A version so many after this one. */
    public static String plus(String version, int more) {
        int last = version.lastIndexOf('.') + 1;
        String number = version.substring(last);
        String next = new BigInteger(number).add(BigInteger.valueOf(more)).toString();
        return version.substring(0, last) + "0".repeat(Math.max(0, number.length() - next.length())) + next;
    }
}

package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * When the deferrable constraints are checked (PostgreSQL manual, SET CONSTRAINTS). What waits for the commit would never be checked
 * in a transaction that is rolled back.
 */
final class ConstraintModes {

    private final ProofTransaction transaction;
    private final List<String> deferred = new ArrayList<>();
    private final List<String> deferredOfRows = new ArrayList<>();

    /** Reads which constraints of the tables are INITIALLY DEFERRED. Needs the system's search path. */
    ConstraintModes(ProofTransaction transaction, Collection<Table> tables) throws SQLException {
        this.transaction = transaction;
        if (transaction.isPostgres()) {
            Sql.query(
                    transaction.savepoints().connection(),
                    """
                    SELECT DISTINCT n.nspname, c.conname, c.contype <> 't' AS of_rows
                    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
                    WHERE c.condeferred AND c.conparentid = 0 AND c.conrelid = ANY (?::oid[])
                    """,
                    row -> {
                        String name = Identifiers.quote(row.getString(1)) + '.' + Identifiers.quote(row.getString(2));
                        deferred.add(name);
                        return row.getBoolean("of_rows") && deferredOfRows.add(name);
                    },
                    tables.stream().map(table -> String.valueOf(table.oid())).toList());
        }
    }

    /** Checks keys and foreign keys with each INSERT, which then says what is wrong; triggers may wait for rows that come later. */
    void checkRowsAtOnce() throws SQLException {
        set(deferredOfRows, "IMMEDIATE");
    }

    /** Checks everything that waits. */
    Optional<SQLException> checkAll() throws SQLException {
        return transaction.isPostgres() ? transaction.savepoints().attempt(this::checkNow) : Optional.empty();
    }

    /** Checks everything that waits, inside somebody else's attempt. */
    void checkNow() throws SQLException {
        if (transaction.isPostgres()) {
            Sql.execute(transaction.savepoints().connection(), "SET CONSTRAINTS ALL IMMEDIATE");
        }
    }

    /** Back to what a new transaction begins with, so that the delete meets what the application's would meet. */
    void restore() throws SQLException {
        set(deferred, "DEFERRED");
    }

    private void set(List<String> names, String mode) throws SQLException {
        if (!names.isEmpty()) {
            Sql.execute(
                    transaction.savepoints().connection(), "SET CONSTRAINTS " + String.join(", ", names) + ' ' + mode);
        }
    }
}

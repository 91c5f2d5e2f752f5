package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Tables that were {@code schema_locked} and that a run has unlocked because the server does not do so by itself for our
 * statements, or was told not to ({@code sql.schema.auto_unlock.enabled}; manual, ALTER TABLE and table storage parameters,
 * v26.1). Each is written down before it is unlocked, so that whichever run ends next locks it again, also after a crash.
 */
final class UnlockedTables {

    /** Since v25.3. */
    static final String SETTING = "sql.schema.auto_unlock.enabled";

    private static final String MARK = "schema_locked:";
    /** "unknown setting" had no SQLSTATE of its own for long. */
    private static final Set<String> UNKNOWN_SETTING = Set.of("42704", "42P02", SqlStates.COCKROACH_UNCATEGORISED);

    private record Note(String key, long tableOid) {}

    private final Connection connection;
    private final String notes;

    /** @param notes the table to write them down in: the lease's, quoted */
    UnlockedTables(Connection connection, String notes) {
        this.connection = connection;
        this.notes = notes;
    }

    /**
     * Unlocks a table if it is locked.
     *
     * @return whether it was
     */
    boolean unlock(TableName table, String holder) throws SQLException {
        long oid = new CockroachConstraints(connection).tableOid(table).orElse(0L);
        if (oid == 0 || !isLocked(table)) {
            return false;
        }
        Sql.update(
                connection,
                "UPSERT INTO " + notes
                        + " (lease_name, holder, holder_description, acquired_at, expires_at) VALUES (?, ?, ?, now(), now())",
                MARK + oid,
                holder,
                table.quoted());
        set(table, false);
        return true;
    }

    /**
     * Whether the server was told to unlock no table by itself: the setting is there to keep schema changes off tables in logical
     * replication (#166246). No where it has no such setting.
     *
     * @throws SQLException if the role may not know
     */
    boolean isUnlockingForbidden() throws SQLException {
        try {
            return Sql.queryFirst(connection, "SHOW CLUSTER SETTING " + SETTING, row -> !row.getBoolean(1))
                    .orElse(false);
        } catch (SQLException e) {
            if (UNKNOWN_SETTING.contains(String.valueOf(e.getSQLState()))) {
                return false;
            }
            throw e;
        }
    }

    /** Locks what this run or an interrupted one has unlocked. */
    void lockAgain(Console console) throws SQLException {
        List<Note> noted = Sql.query(
                connection,
                "SELECT lease_name FROM " + notes + " WHERE lease_name LIKE ?",
                row -> new Note(
                        row.getString(1), Long.parseLong(row.getString(1).substring(MARK.length()))),
                MARK + "%");
        for (Note note : noted) {
            TableName table = new CockroachConstraints(connection)
                    .tableName(note.tableOid())
                    .orElse(null);
            try {
                if (table != null) {
                    set(table, true);
                }
                Sql.update(connection, "DELETE FROM " + notes + " WHERE lease_name = ?", note.key());
            } catch (SQLException e) {
                console.warn(table + " could not be locked again (" + e.getSQLState() + "). Run: ALTER TABLE "
                        + (table == null ? "" : table.quoted())
                        + " SET (schema_locked = true). The next run tries it too.");
            }
        }
    }

    /** Only SHOW CREATE TABLE tells; a string constant in a default could look the same, which does no harm. */
    private boolean isLocked(TableName table) throws SQLException {
        return Sql.queryFirst(
                        connection,
                        "SELECT create_statement FROM [SHOW CREATE TABLE " + table.quoted() + "]",
                        row -> row.getString(1))
                .orElse("")
                .contains("schema_locked = true");
    }

    private void set(TableName table, boolean locked) throws SQLException {
        // Must be a statement of its own (manual, ALTER TABLE, v26.1).
        Sql.execute(connection, "ALTER TABLE " + table.quoted() + " SET (schema_locked = " + locked + ")");
    }
}

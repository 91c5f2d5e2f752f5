package dev.cascadecleanup.internal.journal;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.plan.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * The table {@value #TABLE_NAME}: the indexes that this library has built, so that an undo drops exactly those. It is there only where
 * some were built. A row is committed before the first statement of a build, which is no transaction, and completed after the last.
 *
 * <p>Privileges as for {@link Journal}.
 */
public final class IndexJournal {

    /** The table's name, in the schema of Flyway's history table. */
    public static final String TABLE_NAME = "cascade_cleanup_index_journal";

    private static final String ACTIVE =
            " WHERE history_schema = ? AND history_table = ? AND state IN ('building', 'built')";

    private final Connection connection;
    private final TableName table;
    private final String historyTable;

    /** The journal beside this history table, over this connection. The table need not exist yet. */
    public IndexJournal(Connection connection, String historySchema, String historyTable) {
        this.connection = connection;
        this.table = new TableName(historySchema, TABLE_NAME);
        this.historyTable = historyTable;
    }

    /** The table's full name. */
    public TableName table() {
        return table;
    }

    /** Creates the table if it is not there. */
    public void createIfMissing() throws SQLException {
        if (!exists()) {
            Sql.execute(connection, createStatement());
            Sql.execute(
                    connection,
                    "COMMENT ON TABLE " + table.quoted() + " IS "
                            + Identifiers.literal(
                                    "flyway-cascade-cleanup: the indexes it built. Needed to drop them with an"
                                            + " undo; may be dropped once no undo is wanted."));
        }
    }

    /** Creates the table, unless it is there, as SQL text. */
    public String createStatement() {
        return """
                CREATE TABLE IF NOT EXISTS %s (
                  entry_id varchar(36) PRIMARY KEY,
                  history_schema text NOT NULL,
                  history_table text NOT NULL,
                  version text NOT NULL,
                  state text NOT NULL,
                  started_at timestamptz NOT NULL DEFAULT current_timestamp,
                  changed_at timestamptz NOT NULL DEFAULT current_timestamp,
                  changed_by text NOT NULL DEFAULT current_user,
                  table_oid bigint NOT NULL,
                  table_schema text NOT NULL,
                  table_name text NOT NULL,
                  index_oid bigint NOT NULL,
                  index_name text NOT NULL
                )""".formatted(table.quoted());
    }

    /** Whether the table is there. */
    public boolean exists() throws SQLException {
        return new JournalAccess(connection, table).exists();
    }

    /** What the role lacks to keep the journal, on PostgreSQL. */
    public List<Problem> missingPrivileges(String role) throws SQLException {
        return new JournalAccess(connection, table).missingPrivileges(role);
    }

    /** The indexes that are ours, of all versions and built ahead of any; oldest first. */
    public List<IndexEntry> active() throws SQLException {
        if (!exists()) {
            return List.of();
        }
        return Sql.query(
                connection,
                "SELECT entry_id, version, state, table_oid, table_schema, table_name, index_oid, index_name FROM "
                        + table.quoted() + ACTIVE + " ORDER BY started_at, entry_id",
                IndexJournal::toEntry,
                table.schema(),
                historyTable);
    }

    /** Makes an index that was built ahead the business of a migration. */
    public SqlStatement adoptStatement(IndexEntry entry, String version) {
        return SqlStatement.of(
                "UPDATE " + table.quoted()
                        + " SET version = ?, changed_at = current_timestamp, changed_by = current_user"
                        + " WHERE entry_id = ? AND version = ?",
                version,
                entry.id().toString(),
                IndexEntry.NO_VERSION);
    }

    /** Writes the row of a build that begins. */
    public void begin(IndexEntry entry) throws SQLException {
        insertStatement(entry, entry.id().toString(), entry.tableOid(), entry.indexOid())
                .execute(connection);
    }

    /** The row of an index as a statement that finds the OIDs out where it runs. */
    public SqlStatement insertStatement(
            IndexEntry entry,
            IndexEntry.State state,
            SqlStatement.Expression tableOid,
            SqlStatement.Expression indexOid) {
        IndexEntry written = new IndexEntry(entry.id(), entry.version(), state, 0, entry.table(), 0, entry.index());
        return insertStatement(
                written, new SqlStatement.Expression("CAST(gen_random_uuid() AS varchar)"), tableOid, indexOid);
    }

    private SqlStatement insertStatement(IndexEntry entry, Object id, Object tableOid, Object indexOid) {
        return SqlStatement.of(
                "INSERT INTO " + table.quoted()
                        + " (entry_id, history_schema, history_table, version, state, table_oid,"
                        + " table_schema, table_name, index_oid, index_name)\n  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                id,
                table.schema(),
                historyTable,
                entry.version(),
                entry.state().stored(),
                tableOid,
                entry.table().schema(),
                entry.table().name(),
                indexOid,
                entry.index());
    }

    /** Notes how far an index has come. */
    public void mark(IndexEntry entry, IndexEntry.State state) throws SQLException {
        markStatement(entry, state).execute(connection);
    }

    /** {@link #mark} as a statement. */
    public SqlStatement markStatement(IndexEntry entry, IndexEntry.State state) {
        return SqlStatement.of(
                "UPDATE " + table.quoted() + " SET state = ?, changed_at = current_timestamp, changed_by = current_user"
                        + " WHERE entry_id = ?",
                state.stored(),
                entry.id().toString());
    }

    /** Notes that an index is there. */
    public void built(IndexEntry entry, long indexOid) throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + table.quoted() + " SET state = 'built', index_oid = ?, changed_at = current_timestamp,"
                        + " changed_by = current_user WHERE entry_id = ?",
                indexOid,
                entry.id().toString());
    }

    /** The same for an index whose row is not at hand. */
    public void built(long tableOid, String index) throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + table.quoted() + " SET state = 'built', changed_at = current_timestamp,"
                        + " changed_by = current_user" + ACTIVE + " AND table_oid = ? AND index_name = ?",
                table.schema(),
                historyTable,
                tableOid,
                index);
    }

    /** {@link #mark} for a script, by the index's name. */
    public SqlStatement droppedStatement(IndexEntry entry) {
        return SqlStatement.of(
                "UPDATE " + table.quoted() + " SET state = 'dropped', changed_at = current_timestamp,"
                        + " changed_by = current_user\n " + ACTIVE + " AND table_schema = ? AND index_name = ?",
                table.schema(),
                historyTable,
                entry.table().schema(),
                entry.index());
    }

    private static IndexEntry toEntry(ResultSet row) throws SQLException {
        return new IndexEntry(
                UUID.fromString(row.getString("entry_id")),
                row.getString("version"),
                IndexEntry.State.ofStored(row.getString("state")),
                row.getLong("table_oid"),
                new TableName(row.getString("table_schema"), row.getString("table_name")),
                row.getLong("index_oid"),
                row.getString("index_name"));
    }
}

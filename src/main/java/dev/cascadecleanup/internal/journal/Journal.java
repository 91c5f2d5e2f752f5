package dev.cascadecleanup.internal.journal;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.plan.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The table {@value #TABLE_NAME}. Its statements run inside the caller's transaction, so that on PostgreSQL a row and the swap
 * that it describes commit or vanish together.
 *
 * <p>Privileges: CREATE on the schema of Flyway's history table for the first run; SELECT, INSERT and UPDATE on the table after
 * that. The table may be dropped once no undo is wanted any more.
 */
public final class Journal {

    /** The table's name, in the schema of Flyway's history table. */
    public static final String TABLE_NAME = "cascade_cleanup_journal";

    private static final String COLUMNS =
            "entry_id, run_id, history_schema, history_table, version, script, state, table_oid,"
                    + " constraint_oid, referenced_oid, table_schema, table_name, constraint_name, temporary_name, column_names,"
                    + " referenced_schema, referenced_table, referenced_columns, match_type, on_update, before_on_delete,"
                    + " before_on_delete_columns, before_deferrability, before_validated, before_enforced, before_trigger_states,"
                    + " before_comment, after_on_delete, after_deferrability";

    private static final String ACTIVE_ROW =
            "history_schema = ? AND history_table = ? AND version = ? AND table_schema = ?"
                    + " AND table_name = ? AND constraint_name = ? AND state IN ('converting', 'converted', 'undoing')";

    private final Connection connection;
    private final TableName table;

    /** The journal in this schema, over this connection. The table need not exist yet. */
    public Journal(Connection connection, String schema) {
        this.connection = connection;
        this.table = new TableName(schema, TABLE_NAME);
    }

    /** The table's full name. */
    public TableName table() {
        return table;
    }

    /** Creates the table if it is not there. */
    public void createIfMissing() throws SQLException {
        if (exists()) {
            return;
        }
        Sql.execute(connection, createStatement());
        Sql.execute(
                connection,
                "COMMENT ON TABLE " + table.quoted() + " IS "
                        + Identifiers.literal(
                                "flyway-cascade-cleanup: the foreign keys it changed and what they were before."
                                        + " Needed to undo and to resume; may be dropped once no undo is wanted."));
    }

    /** Creates the table, unless it is there, as SQL text. */
    public String createStatement() {
        return """
                CREATE TABLE IF NOT EXISTS %s (
                  entry_id varchar(36) PRIMARY KEY,
                  run_id varchar(36) NOT NULL,
                  history_schema text NOT NULL,
                  history_table text NOT NULL,
                  version text NOT NULL,
                  script text NOT NULL,
                  state text NOT NULL,
                  started_at timestamptz NOT NULL DEFAULT current_timestamp,
                  changed_at timestamptz NOT NULL DEFAULT current_timestamp,
                  changed_by text NOT NULL DEFAULT current_user,
                  table_oid bigint NOT NULL,
                  constraint_oid bigint NOT NULL,
                  referenced_oid bigint NOT NULL,
                  table_schema text NOT NULL,
                  table_name text NOT NULL,
                  constraint_name text NOT NULL,
                  temporary_name text,
                  column_names text[] NOT NULL,
                  referenced_schema text NOT NULL,
                  referenced_table text NOT NULL,
                  referenced_columns text[] NOT NULL,
                  match_type text NOT NULL,
                  on_update text NOT NULL,
                  before_on_delete text NOT NULL,
                  before_on_delete_columns text[] NOT NULL,
                  before_deferrability text NOT NULL,
                  before_validated boolean NOT NULL,
                  before_enforced boolean NOT NULL,
                  before_trigger_states text[] NOT NULL,
                  before_comment text,
                  after_on_delete text NOT NULL,
                  after_deferrability text NOT NULL
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

    /** Whether a run of this migration, or of its undo, left a foreign key half-done. */
    public boolean hasUnfinished(MigrationIdentity migration) throws SQLException {
        return exists()
                && Sql.queryFirst(
                                connection,
                                "SELECT 1 FROM " + table.quoted() + """
                 WHERE history_schema = ? AND history_table = ? AND version = ? AND state IN ('converting', 'undoing') LIMIT 1
                """,
                                row -> true,
                                migration.historySchema(),
                                migration.historyTable(),
                                migration.version())
                        .isPresent();
    }

    /** The rows of migrations under this history table that still count: not superseded, not undone; oldest first. */
    public List<JournalEntry> active(String historySchema, String historyTable) throws SQLException {
        if (!exists()) {
            return List.of();
        }
        return Sql.query(
                connection,
                "SELECT " + COLUMNS + " FROM " + table.quoted() + """
                 WHERE history_schema = ? AND history_table = ? AND state IN ('converting', 'converted', 'undoing')
                 ORDER BY started_at, table_schema, table_name, constraint_name
                """,
                Journal::toEntry,
                historySchema,
                historyTable);
    }

    /** The versions under this history table of which nothing counts any more because it was undone; the latest undone first. */
    public List<String> undone(String historySchema, String historyTable) throws SQLException {
        if (!exists()) {
            return List.of();
        }
        return Sql.query(
                connection,
                "SELECT version FROM " + table.quoted() + """
                 WHERE history_schema = ? AND history_table = ? GROUP BY version
                HAVING bool_or(state = 'undone') AND NOT bool_or(state IN ('converting', 'converted', 'undoing'))
                 ORDER BY max(changed_at) DESC
                """,
                row -> row.getString(1),
                historySchema,
                historyTable);
    }

    /** Writes the row of a conversion that begins, and sets earlier rows of this migration about the same foreign key aside. */
    public List<SqlStatement> beginStatements(JournalEntry entry) {
        return beginStatements(
                entry,
                entry.id().toString(),
                entry.run().toString(),
                entry.tableOid(),
                entry.constraintOid(),
                entry.referencedOid());
    }

    /** Runs statements that this journal gave. */
    public void run(List<SqlStatement> statements) throws SQLException {
        for (SqlStatement statement : statements) {
            statement.execute(connection);
        }
    }

    /** The same for a script, which finds the OIDs out where it runs. */
    public List<SqlStatement> beginStatements(
            JournalEntry entry,
            SqlStatement.Expression tableOid,
            SqlStatement.Expression constraintOid,
            SqlStatement.Expression referencedOid) {
        SqlStatement.Expression id = new SqlStatement.Expression("CAST(gen_random_uuid() AS varchar)");
        return beginStatements(entry, id, id, tableOid, constraintOid, referencedOid);
    }

    private List<SqlStatement> beginStatements(
            JournalEntry entry, Object id, Object run, Object tableOid, Object constraintOid, Object referencedOid) {
        MigrationIdentity migration = entry.migration();
        ForeignKeyDefinition before = entry.before();
        return List.of(
                SqlStatement.of(
                        "UPDATE " + table.quoted() + " SET state = 'superseded', changed_at = current_timestamp,"
                                + " changed_by = current_user\n  WHERE " + ACTIVE_ROW,
                        activeRow(migration, entry.table(), entry.name())),
                SqlStatement.of(
                        "INSERT INTO " + table.quoted() + " (" + COLUMNS + ")\n  VALUES ("
                                + "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        id,
                        run,
                        migration.historySchema(),
                        migration.historyTable(),
                        migration.version(),
                        migration.script(),
                        entry.state().stored(),
                        tableOid,
                        constraintOid,
                        referencedOid,
                        entry.table().schema(),
                        entry.table().name(),
                        entry.name(),
                        entry.temporaryName(),
                        before.columns(),
                        before.referencedTable().schema(),
                        before.referencedTable().name(),
                        before.referencedColumns(),
                        before.match().name(),
                        before.onUpdate().name(),
                        before.onDelete().name(),
                        before.onDeleteColumns(),
                        before.deferrability().name(),
                        before.validated(),
                        before.enforced(),
                        entry.triggerStates(),
                        entry.comment(),
                        entry.after().onDelete().name(),
                        entry.after().deferrability().name()));
    }

    /** Notes how far the work on an entry has come. */
    public void mark(JournalEntry entry, JournalState state) throws SQLException {
        markStatement(entry, state).execute(connection);
    }

    /** {@link #mark} as a statement. */
    public SqlStatement markStatement(JournalEntry entry, JournalState state) {
        return SqlStatement.of(
                "UPDATE " + table.quoted() + " SET state = ?, changed_at = current_timestamp,"
                        + " changed_by = current_user WHERE entry_id = ?",
                state.stored(),
                entry.id().toString());
    }

    /** Writes an entry's row again, whatever its state: a commit with nothing written does not wait for what was written before. */
    public void touch(JournalEntry entry) throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + table.quoted() + " SET changed_at = current_timestamp WHERE entry_id = ?",
                entry.id().toString());
    }

    /**
     * The same as {@link #mark} together with the constraint's new OID, as SQL text for a flight of several statements.
     * {@code constraint_oid} is NOT NULL: where the expression finds no such constraint, the statement fails with 23502 and takes
     * the swap back with it.
     *
     * @param constraintOid an SQL expression, written by us, that gives the OID of the constraint as it should now be
     */
    public String markStatement(JournalEntry entry, JournalState state, String constraintOid) {
        return "UPDATE " + table.quoted() + " SET state = '" + state.stored() + "', constraint_oid = (" + constraintOid
                + "), changed_at = current_timestamp, changed_by = current_user WHERE entry_id = '" + entry.id() + "'";
    }

    /** {@link #markStatement(JournalEntry, JournalState, String)} for a script: the row that counts for this foreign key. */
    public SqlStatement markStatement(
            MigrationIdentity migration,
            TableName of,
            String constraint,
            JournalState state,
            SqlStatement.Expression constraintOid) {
        List<Object> parameters = new ArrayList<>(List.of(state.stored(), constraintOid));
        parameters.addAll(List.of(activeRow(migration, of, constraint)));
        return new SqlStatement(
                "UPDATE " + table.quoted() + " SET state = ?, constraint_oid = ?, changed_at = current_timestamp,"
                        + " changed_by = current_user\n  WHERE " + ACTIVE_ROW,
                parameters);
    }

    private static Object[] activeRow(MigrationIdentity migration, TableName of, String constraint) {
        return new Object[] {
            migration.historySchema(), migration.historyTable(), migration.version(), of.schema(), of.name(), constraint
        };
    }

    /** The constraint's OID as an entry's row has it now. */
    public Supplier<Long> constraintOid(Flight flight, JournalEntry entry) {
        Supplier<List<Long>> rows = flight.query(
                "SELECT constraint_oid FROM " + table.quoted() + " WHERE entry_id = ?",
                row -> row.getLong(1),
                entry.id().toString());
        return () -> rows.get().get(0);
    }

    private static JournalEntry toEntry(ResultSet row) throws SQLException {
        ForeignKeyDefinition before = new ForeignKeyDefinition(
                Sql.textArray(row, "column_names"),
                new TableName(row.getString("referenced_schema"), row.getString("referenced_table")),
                Sql.textArray(row, "referenced_columns"),
                MatchType.valueOf(row.getString("match_type")),
                ReferentialAction.valueOf(row.getString("before_on_delete")),
                Sql.textArray(row, "before_on_delete_columns"),
                ReferentialAction.valueOf(row.getString("on_update")),
                Deferrability.valueOf(row.getString("before_deferrability")),
                row.getBoolean("before_validated"),
                row.getBoolean("before_enforced"));
        return new JournalEntry(
                UUID.fromString(row.getString("entry_id")),
                UUID.fromString(row.getString("run_id")),
                new MigrationIdentity(
                        row.getString("history_schema"),
                        row.getString("history_table"),
                        row.getString("version"),
                        row.getString("script")),
                JournalState.ofStored(row.getString("state")),
                row.getLong("table_oid"),
                row.getLong("constraint_oid"),
                row.getLong("referenced_oid"),
                new TableName(row.getString("table_schema"), row.getString("table_name")),
                row.getString("constraint_name"),
                row.getString("temporary_name"),
                before,
                before.withOnDelete(ReferentialAction.valueOf(row.getString("after_on_delete")))
                        .withDeferrability(Deferrability.valueOf(row.getString("after_deferrability"))),
                Sql.textArray(row, "before_trigger_states"),
                row.getString("before_comment"));
    }
}

package dev.cascadecleanup.internal.flyway;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.run.Session;
import dev.cascadecleanup.internal.run.Versions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Takes an undone migration out of Flyway's history table. Only the newest applied one: below a later version Flyway would
 * call it "ignored" and refuse to validate.
 */
public final class FlywayHistory {

    private record Row(int rank, String version) {}

    private final Session session;
    private final Connection connection;
    private final TableName table;
    private final Console console;

    public FlywayHistory(Session session) {
        this.session = session;
        this.connection = session.connection();
        this.table = new TableName(session.history().schema(), session.history().table());
        this.console = session.console();
    }

    /** Removes the row where that is safe, and says what follows; else says what to do instead. */
    public boolean remove(String version) throws SQLException {
        return session.underSystemPath(() -> removeGuarded(version));
    }

    private boolean removeGuarded(String version) throws SQLException {
        List<Row> versioned = Sql.query(
                connection,
                "SELECT installed_rank, version FROM " + table.quoted()
                        + " WHERE version IS NOT NULL ORDER BY installed_rank",
                row -> new Row(row.getInt(1), row.getString(2)));
        List<Row> ours = versioned.stream()
                .filter(row -> Versions.same(row.version(), version))
                .toList();
        if (ours.isEmpty()) {
            console.warn("version " + version + " is not in " + table + "; Flyway's history is left as it is");
            return false;
        }
        MigrationVersion wanted = MigrationVersion.fromVersion(version);
        boolean newest = versioned.stream()
                .allMatch(row -> MigrationVersion.fromVersion(row.version()).compareTo(wanted) <= 0);
        if (!newest) {
            console.warn("version " + version + " is not the newest in " + table
                    + ", so its row stays: without it Flyway would"
                    + " fail to validate. Ship the undo as a later version instead (extend CascadeUndoMigration), which leaves"
                    + " the history true.");
            return false;
        }
        for (Row row : ours) {
            Sql.update(connection, "DELETE FROM " + table.quoted() + " WHERE installed_rank = ?", row.rank());
        }
        console.warn("version " + version + " is taken out of " + table
                + ". The next flyway migrate, and the next start of the"
                + " application, WOULD APPLY IT AGAIN: take the jar, or the class, out first.");
        return true;
    }
}

package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Runs schema changes on the main connection while a second one, where there is one, watches what they wait for. */
final class WatchedStatements {

    private final Connection connection;
    private final DataSource monitor;
    private final JobWatchdog.Timing timing;
    private final JobWarnings warnings;
    private final String sessionId;

    WatchedStatements(Connection connection, DataSource monitor, JobWatchdog.Timing timing, Console console)
            throws SQLException {
        this.connection = connection;
        this.monitor = monitor;
        this.timing = timing;
        this.warnings = new JobWarnings(console);
        this.sessionId = Sql.queryFirst(connection, "SHOW session_id", row -> row.getString(1))
                .orElse("");
        if (monitor == null) {
            warnings.noMonitor("none was given");
        }
    }

    JobWarnings warnings() {
        return warnings;
    }

    @SuppressWarnings("try") // the watchdog works by itself
    void execute(String subject, List<TableName> tables, String sql) throws SQLException {
        if (monitor == null) {
            Sql.execute(connection, sql);
            return;
        }
        try (JobWatchdog watchdog =
                JobWatchdog.start(monitor, timing, warnings, new JobWatchdog.Watched(subject, tables, sessionId))) {
            Sql.execute(connection, sql);
        }
    }
}

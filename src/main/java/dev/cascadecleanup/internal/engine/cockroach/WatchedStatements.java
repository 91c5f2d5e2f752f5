package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs schema changes on the main connection while a second one, where there is one, watches what they wait for. */
final class WatchedStatements {

    private final Connection connection;
    private final SecondConnection second;
    /** Whether the lease keeps the second connection, and gives it back. */
    private final boolean shared;

    private final JobWatchdog.Timing timing;
    private final JobWarnings warnings;
    private final String sessionId;

    /**
     * @param monitor gives the second connection where there is no lease that has one, or null
     * @param lease may be null
     */
    WatchedStatements(
            Connection connection,
            @Nullable DataSource monitor,
            @Nullable CockroachLease lease,
            JobWatchdog.Timing timing,
            Console console)
            throws SQLException {
        this.connection = connection;
        this.second = lease == null ? new SecondConnection(monitor) : lease.second();
        this.shared = lease != null;
        this.timing = timing;
        this.warnings = new JobWarnings(console);
        this.sessionId = Sql.queryFirst(connection, "SHOW session_id", row -> row.getString(1))
                .orElse("");
        if (!second.isThere()) {
            warnings.noMonitor("none was given");
        }
    }

    JobWarnings warnings() {
        return warnings;
    }

    @SuppressWarnings("try") // the watchdog works by itself
    void execute(String subject, List<TableName> tables, String sql) throws SQLException {
        if (!second.isThere()) {
            Sql.execute(connection, sql);
            return;
        }
        JobWatchdog.Watched watched = new JobWatchdog.Watched(subject, tables, sessionId);
        try (JobWatchdog watchdog = JobWatchdog.start(second, shared, timing, warnings, watched)) {
            Sql.execute(connection, sql);
        }
    }
}

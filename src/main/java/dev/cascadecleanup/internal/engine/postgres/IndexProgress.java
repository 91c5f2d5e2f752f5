package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.plan.Durations;
import dev.cascadecleanup.plan.IndexPart;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How far a build has come, and whom it waits for ({@code pg_stat_progress_create_index}; manual, 28.4.4), over a second connection. */
final class IndexProgress {

    private final @Nullable DataSource monitor;
    private final int pid;
    private final IndexPart part;
    private final Console console;
    private boolean unavailable;

    /** @param monitor gives that connection, or null */
    IndexProgress(@Nullable DataSource monitor, int pid, IndexPart part, Console console) {
        this.monitor = monitor;
        this.pid = pid;
        this.part = part;
        this.console = console;
    }

    void look(Duration running) {
        String what = part.name() + " on " + part.table() + ", for "
                + Durations.format(Duration.ofSeconds(running.toSeconds()));
        if (monitor == null || unavailable) {
            console.info(what);
            return;
        }
        try (Connection connection = monitor.getConnection()) {
            for (String line : read(connection)) {
                console.info(what + ": " + line);
            }
        } catch (SQLException | RuntimeException e) {
            unavailable = true;
            console.info(what + ": no second connection to see how far it is ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage() + ")");
        }
    }

    private List<String> read(Connection connection) throws SQLException {
        return PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<String>> lines = flight.query("""
                    SELECT p.phase, p.blocks_done, p.blocks_total, p.tuples_done, p.tuples_total, p.current_locker_pid,
                           a.pid, a.usename, a.application_name, a.backend_type, a.state, a.query,
                           extract(epoch FROM clock_timestamp() - a.xact_start)::numeric(20, 1)::text AS seconds
                    FROM pg_stat_progress_create_index p LEFT JOIN pg_stat_activity a ON a.pid = p.current_locker_pid
                    WHERE p.pid = ?
                    """, IndexProgress::describe, pid);
            return lines;
        });
    }

    private static String describe(ResultSet row) throws SQLException {
        String phase = row.getString("phase");
        if (phase.startsWith("waiting")) {
            return phase + (row.getInt("current_locker_pid") == 0 ? "" : ", " + BlockingSessions.describe(row));
        }
        long total = row.getLong("blocks_total");
        long done = row.getLong("blocks_done");
        if (total == 0) {
            total = row.getLong("tuples_total");
            done = row.getLong("tuples_done");
        }
        return phase + (total == 0 ? "" : ", " + done * 100 / total + " %");
    }
}

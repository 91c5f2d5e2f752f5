package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one connection beside the main one: the lease is renewed over it, and what a schema change waits for is looked at over it. Both
 * take turns, so that a pool has to have room for one more connection and not for two.
 */
final class SecondConnection {

    /** Work that is quick enough for the others to wait for. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** The same that returns nothing. */
    @FunctionalInterface
    interface Action {
        void run(Connection connection) throws SQLException;
    }

    private final @Nullable DataSource dataSource;
    private @Nullable Connection connection;
    private boolean autoCommit;
    private volatile boolean ended;

    /** @param dataSource gives it, or null if there is none to be had */
    SecondConnection(@Nullable DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Whether one can be asked for at all. */
    boolean isThere() {
        return dataSource != null;
    }

    /**
     * From now on nobody takes it any more, and who has it gives it back: a run that has ended leaves the pool to others. Waits for nobody,
     * who may be waiting for a connection that the caller has.
     */
    void end() {
        ended = true;
    }

    /** Takes it if need be, and keeps it. After a failure it is given back, and the next call takes another one. */
    synchronized <T> T use(Work<T> work) throws SQLException {
        try {
            return useNow(work);
        } finally {
            if (ended) {
                giveBack();
            }
        }
    }

    private <T> T useNow(Work<T> work) throws SQLException {
        requireNotEnded();
        Connection taken = take();
        // It may have taken its time.
        requireNotEnded();
        try {
            return work.run(taken);
        } catch (SQLException | RuntimeException e) {
            if (taken.isClosed() || !taken.isValid(1)) {
                giveBack();
            }
            throw e;
        }
    }

    /** The same for what returns nothing. */
    synchronized void visit(Action work) throws SQLException {
        use(over -> {
            work.run(over);
            return true;
        });
    }

    private void requireNotEnded() throws SQLException {
        if (ended) {
            throw new SQLException("the run has ended", SqlStates.CONNECTION_DOES_NOT_EXIST);
        }
    }

    private Connection take() throws SQLException {
        Connection taken = connection;
        if (taken == null) {
            taken = Objects.requireNonNull(dataSource, "none can be asked for").getConnection();
            autoCommit = taken.getAutoCommit();
            taken.setAutoCommit(true);
            connection = taken;
        }
        return taken;
    }

    /** Gives it back as it came. */
    synchronized void giveBack() {
        try (Connection taken = connection) {
            connection = null;
            if (taken != null && !taken.isClosed()) {
                taken.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            // Whoever gets it next from its pool finds out; here nothing depends on it any more.
            connection = null;
        }
    }
}

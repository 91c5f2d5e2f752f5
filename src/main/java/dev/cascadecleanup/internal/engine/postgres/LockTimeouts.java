package dev.cascadecleanup.internal.engine.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a transaction of ours may wait for a lock, run a statement and sit idle: the settings as statements, for the engine and for
 * scripts (manual, 20.11.1). What happens under the lock is {@link PostgresLocks}' business, how often it is tried {@code LockAttempts}'.
 */
public final class LockTimeouts {

    /** A process that froze while it holds the gentle lock keeps vacuum and DDL out; this ends it. */
    private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(60);

    private static final int FIRST_MAJOR_WITH_TRANSACTION_TIMEOUT = 17;

    private LockTimeouts() {}

    /** For one attempt that takes no longer than this. An ALTER TABLE takes two locks, so both settings are needed. */
    public static List<String> ofAttempt(Duration timeout) {
        return List.of(
                "SET LOCAL lock_timeout = " + timeout.toMillis(),
                "SET LOCAL statement_timeout = " + timeout.toMillis());
    }

    /** For work that takes as long as it takes, once it has its locks. */
    public static List<String> ofLongWork(Duration gentleTimeout, int major) {
        List<String> statements = new ArrayList<>(withoutTransactionTimeout(major));
        statements.add("SET LOCAL lock_timeout = " + gentleTimeout.toMillis());
        statements.add("SET LOCAL statement_timeout = 0");
        return statements;
    }

    /** How long to wait for the gentle lock, which stops no client: long enough for an autovacuum to give way. */
    public static Duration gentle(Duration lockTimeout, Duration deadlockTimeout) {
        Duration autovacuumGivesWay = deadlockTimeout.multipliedBy(2);
        return lockTimeout.compareTo(autovacuumGivesWay) > 0 ? lockTimeout : autovacuumGivesWay;
    }

    /** A SQL statement. */
    public static String idle() {
        return "SET LOCAL idle_in_transaction_session_timeout = " + IDLE_IN_TRANSACTION.toMillis();
    }

    /** It would end the session, and not just the statement. */
    static List<String> withoutTransactionTimeout(int major) {
        return major >= FIRST_MAJOR_WITH_TRANSACTION_TIMEOUT ? List.of("SET LOCAL transaction_timeout = 0") : List.of();
    }
}

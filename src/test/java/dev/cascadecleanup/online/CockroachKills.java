package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.TestDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Processes that die before, during and after certain statements on CockroachDB, whose jobs go on without them. Each kill has its own
 * database, and few are at work at once: a node that does too many schema changes at once does each of them slowly.
 *
 * <p>At each kind of statement and each moment a process dies once; from then on it loses its connections, which is the same for the server,
 * and saves the start of the next.
 */
final class CockroachKills implements AutoCloseable {

    /** When a process dies. */
    enum Moment {
        BEFORE,
        DURING,
        AFTER
    }

    /** One kill, and whatever has to hold after it. */
    @FunctionalInterface
    interface Kill {
        void at(int statement, Moment moment) throws Exception;
    }

    private static final boolean MATRIX = Boolean.getBoolean("cascade.matrix");
    /** What is left of a statement without them is its kind. */
    private static final Pattern NAME = Pattern.compile("\"[^\"]*\"|\\(.*");

    private static final Semaphore AT_ONCE = new Semaphore(3);

    private final Pattern statements;
    private final SpareChildren children = new SpareChildren();
    private final Set<String> deaths = new HashSet<>();

    CockroachKills(Pattern statements) {
        this.statements = statements;
    }

    @Override
    public void close() throws Exception {
        children.close();
        deaths.clear();
    }

    /** A gate that counts these statements. */
    Counter counter() {
        return new Counter();
    }

    /** At each of so many statements, at each moment. */
    static void everywhere(String work, int statements, Kill kill) throws Exception {
        everywhere(work, statements, statement -> false, kill);
    }

    /**
     * At each of so many statements, at each moment.
     *
     * @param nextIsTheSame after which statements nothing is written until the next one of them, so that there the server cannot tell death
     *     after the one from death before the other: one of the two is for the matrix only
     */
    static void everywhere(String work, int statements, IntPredicate nextIsTheSame, Kill kill) throws Exception {
        Map<String, Background<Void>> kills = new LinkedHashMap<>();
        for (int number = 1; number <= statements; number++) {
            for (Moment moment : Moment.values()) {
                if (moment == Moment.AFTER && nextIsTheSame.test(number) && !MATRIX) {
                    continue;
                }
                int statement = number;
                kills.put(work + " killed " + moment + " statement " + number, Background.start("kill", () -> {
                    AT_ONCE.acquire();
                    try {
                        kill.at(statement, moment);
                    } finally {
                        AT_ONCE.release();
                    }
                    return null;
                }));
            }
        }
        List<String> failures = new ArrayList<>();
        for (Map.Entry<String, Background<Void>> each : kills.entrySet()) {
            Throwable failure = each.getValue().failure();
            if (failure != null) {
                failures.add(each.getKey() + ": " + failure);
            }
        }
        assertThat(failures).isEmpty();
    }

    /** Lets a process do this work, and kills it. */
    void kill(String work, TestDatabase database, int number, Moment moment) throws Exception {
        ChildJvm child = takeChild();
        boolean alive = false;
        try {
            alive = killAt(child, work, database, number, moment);
        } finally {
            giveBack(child, alive);
        }
        if (number > 1) {
            // That it ends by itself has been waited for at the first statement.
            database.execute("UPDATE cascade_cleanup_lease SET expires_at = now()");
        }
        // Flyway's own lock is a row here, which outlives the process; its documentation says to delete it.
        database.execute("DELETE FROM flyway_schema_history WHERE installed_rank = -100");
    }

    private synchronized ChildJvm takeChild() throws Exception {
        return children.take();
    }

    private synchronized void giveBack(ChildJvm child, boolean alive) throws Exception {
        children.giveBack(child, alive);
    }

    private synchronized boolean isFirst(String kind, Moment moment) {
        return deaths.add(kind + " " + moment);
    }

    /** Returns whether the process has lost its connections only. */
    private boolean killAt(ChildJvm child, String work, TestDatabase database, int number, Moment moment)
            throws Exception {
        child.tell(work, database, true, statements);
        String statement = child.goTo(number);
        if (statement == null) {
            throw new AssertionError(work + " came to its end before its statement " + number);
        }
        if (moment != Moment.BEFORE) {
            child.go();
        }
        if (moment == Moment.AFTER) {
            child.expect("AFTER");
        }
        if (moment == Moment.DURING) {
            // Or it is over already: a statement on so few rows may be faster than the look at it.
            Until.isTrue(
                    "the statement has reached the server",
                    () -> child.hasSaidSomething()
                            || database
                                    .rows("SELECT query FROM crdb_internal.cluster_queries WHERE application_name = '"
                                            + ChildMain.APPLICATION_NAME + "'")
                                    .stream()
                                    .anyMatch(row -> statements
                                            .matcher(String.valueOf(row.get(0)))
                                            .find()));
        }
        if (MATRIX || isFirst(NAME.matcher(statement).replaceAll(""), moment)) {
            child.kill();
            return false;
        }
        child.cut();
        return true;
    }

    /** How many there are. */
    final class Counter implements Gate {

        private int count;

        int count() {
            return count;
        }

        @Override
        public void before(String sql) {
            if (statements.matcher(sql).find()) {
                count++;
            }
        }

        @Override
        public void after(String sql) {}
    }
}

package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.erase.EraseBusyException;
import dev.cascadecleanup.online.KilledErasure.Moment;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The erasing process dies before, during and after every statement that deletes: by kill -9 while one is under way, elsewhere it loses its
 * connections, which is the same for the server. Whoever comes next is told that somebody is at it until the server has noticed, and then
 * ends where the one DELETE ends.
 */
class EraseKillTest {

    private static final SpareChildren CHILDREN = new SpareChildren();

    private final TestServer server = Postgres.newest();

    @AfterAll
    static void endChildren() throws Exception {
        CHILDREN.close();
    }

    private TestDatabase prepared() throws Exception {
        return server.databaseOf(
                "erase killed",
                empty -> empty.execute(Stream.concat(KilledErasure.TABLES.stream(), KilledErasure.ROWS.stream())
                        .toArray(String[]::new)));
    }

    @Test
    void theNextRunFinishes() throws Exception {
        Set<String> expected;
        try (TestDatabase database = prepared()) {
            database.execute("DELETE FROM users WHERE id = 1");
            expected = KilledErasure.rows(database);
        }
        int kills = 0;
        for (int number = 1; ; number++) {
            for (Moment moment : KilledErasure.moments()) {
                try (TestDatabase database = prepared()) {
                    String statement = killAt(database, number, moment);
                    if (statement == null) {
                        System.out.println("[kill] erase: " + kills + " kills at " + (number - 1) + " statements");
                        assertThat(number - 1).as("three tables and the person").isGreaterThanOrEqualTo(4);
                        return;
                    }
                    kills++;
                    String what = "killed " + moment + " statement " + number + ": " + statement;
                    assertThat(KilledErasure.rows(database)).as(what).isEqualTo(expected);
                    assertThat(
                                    database.<Long>value(
                                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                            .as("locks left after " + what)
                            .isZero();
                }
            }
        }
    }

    /** Gives the statement, or null if the erasure came to its end before. It is finished by a second one when this returns. */
    private static String killAt(TestDatabase database, int number, Moment moment) throws Exception {
        ChildJvm child = CHILDREN.take();
        boolean alive = true;
        try {
            child.tell("ERASE", database, false, KilledErasure.DELETION);
            String statement = child.goTo(number);
            if (statement == null) {
                return null;
            }
            if (moment == Moment.DURING) {
                alive = !killDuring(database, child, statement);
            } else {
                if (moment == Moment.AFTER) {
                    child.go();
                    child.expect("AFTER");
                }
                child.cut();
            }
            Until.isTrue("the server has noticed", () -> sessions(database, "") == 0);
            KilledErasure.erase(database);
            return statement;
        } finally {
            CHILDREN.giveBack(child, alive);
        }
    }

    /**
     * Somebody has locked the rows that it deletes. The dead one's session waits on, and holds the lock on the person. A statement that
     * finds nothing to delete nobody can be killed in the middle of: then it only loses its connections.
     *
     * @return whether it is dead
     */
    private static boolean killDuring(TestDatabase database, ChildJvm child, String statement) throws Exception {
        try (Blocker blocker = Blocker.idleAfter(
                database, "SELECT * FROM " + KilledErasure.table(statement) + " ORDER BY id FOR UPDATE")) {
            child.go();
            Until.isTrue(
                    "held up, or through",
                    () -> child.hasSaidSomething() || sessions(database, " AND wait_event_type = 'Lock'") > 0);
            if (child.hasSaidSomething()) {
                child.expect("AFTER");
                child.cut();
                return false;
            }
            child.kill();
            assertThatThrownBy(() -> KilledErasure.erase(database)).isInstanceOf(EraseBusyException.class);
            return true;
        }
    }

    private static long sessions(TestDatabase database, String condition) throws SQLException {
        return database.<Long>value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = ?"
                        + condition,
                ChildMain.APPLICATION_NAME);
    }
}

package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.erase.EraseBusyException;
import dev.cascadecleanup.online.KilledErasure.Moment;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The same as {@link EraseKillTest} on CockroachDB, where each step is a transaction of its own and a lease keeps others out: the process
 * dies by kill -9 each time. Whoever comes next is told that somebody is at it until the dead one's lease has ended, and then ends where
 * the one DELETE ends.
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CockroachEraseKillTest {

    private static final Set<Moment> MOMENTS =
            KilledErasure.MATRIX ? EnumSet.allOf(Moment.class) : EnumSet.of(Moment.DURING);

    private static final SpareChildren CHILDREN = new SpareChildren();

    private final TestServer server;

    CockroachEraseKillTest(TestServer server) {
        this.server = server;
    }

    @AfterAll
    static void endChildren() throws Exception {
        CHILDREN.close();
    }

    /** One database for all: another one takes longer to make than a kill does. */
    @Test
    void theNextRunFinishes() throws Exception {
        try (TestDatabase database = server.databaseOf(
                "erase killed",
                empty -> empty.execute(Stream.concat(KilledErasure.TABLES.stream(), KilledErasure.ROWS.stream())
                        .toArray(String[]::new)))) {
            Set<String> original = KilledErasure.rows(database);
            database.execute("DELETE FROM users WHERE id = 1");
            Set<String> expected = KilledErasure.rows(database);
            int kills = 0;
            for (int number = 1; ; number++) {
                for (Moment moment : MOMENTS) {
                    fill(database);
                    assertThat(KilledErasure.rows(database)).isEqualTo(original);
                    String statement = killAt(database, number, moment);
                    if (statement == null) {
                        System.out.println("[kill] erase: " + kills + " kills at " + (number - 1) + " statements");
                        assertThat(number - 1).as("three tables and the person").isGreaterThanOrEqualTo(4);
                        return;
                    }
                    String what = "killed " + moment + " statement " + number + ": " + statement;
                    finish(database, kills == 0, what);
                    kills++;
                    assertThat(KilledErasure.rows(database)).as(what).isEqualTo(expected);
                    assertThat(database.rows("SELECT lease_name FROM cascade_cleanup_lease"))
                            .as("leases left after " + what)
                            .isEmpty();
                }
            }
        }
    }

    private static void fill(TestDatabase database) throws Exception {
        database.execute("DELETE FROM notes", "DELETE FROM users");
        database.execute(KilledErasure.ROWS.toArray(String[]::new));
    }

    /** Gives the statement, or null if the erasure came to its end before. */
    private static String killAt(TestDatabase database, int number, Moment moment) throws Exception {
        ChildJvm child = CHILDREN.take();
        boolean alive = true;
        try {
            child.tell("ERASE", database, false, KilledErasure.DELETION);
            String statement = child.goTo(number);
            if (statement == null) {
                return null;
            }
            alive = false;
            if (moment == Moment.DURING) {
                killDuring(database, child, statement);
            } else {
                if (moment == Moment.AFTER) {
                    child.go();
                    child.expect("AFTER");
                }
                child.kill();
            }
            return statement;
        } finally {
            CHILDREN.giveBack(child, alive);
        }
    }

    /** Somebody has locked the rows that it deletes. A statement that finds nothing to delete may be through before it is seen. */
    private static void killDuring(TestDatabase database, ChildJvm child, String statement) throws Exception {
        try (Blocker blocker = Blocker.idleAfter(
                database, "SELECT * FROM " + KilledErasure.table(statement) + " ORDER BY id FOR UPDATE")) {
            child.go();
            Until.isTrue(
                    "the statement has reached the server, or is through",
                    () -> child.hasSaidSomething()
                            || database
                                    .rows(
                                            "SELECT query FROM crdb_internal.cluster_queries WHERE application_name = ?",
                                            ChildMain.APPLICATION_NAME)
                                    .stream()
                                    .anyMatch(row -> KilledErasure.DELETION
                                            .matcher(String.valueOf(row.get(0)))
                                            .find()));
            child.kill();
        }
    }

    /** The first lease ends by itself, for whom that has to be seen; the others are ended. */
    private static void finish(TestDatabase database, boolean byItself, String what) throws Exception {
        if (byItself) {
            Until.isTrue("the lease has ended", () -> {
                try {
                    KilledErasure.erase(database);
                    return true;
                } catch (EraseBusyException e) {
                    return false;
                }
            });
            return;
        }
        database.execute("UPDATE cascade_cleanup_lease SET expires_at = now() + INTERVAL '1 hour'");
        assertThatThrownBy(() -> KilledErasure.erase(database)).as(what).isInstanceOf(EraseBusyException.class);
        database.execute("UPDATE cascade_cleanup_lease SET expires_at = now() - INTERVAL '1 second'");
        KilledErasure.erase(database);
    }
}

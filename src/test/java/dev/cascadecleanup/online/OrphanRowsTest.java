package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that were there before the migration and whose user is not. */
@ContractTest(oldestAndNewest = true)
class OrphanRowsTest {

    /** The user who is not there; nothing that is printed may tell his number. */
    private static final String NOBODY = "987654321";

    private final TestServer server;

    OrphanRowsTest(TestServer server) {
        this.server = server;
    }

    @Test
    void underAForeignKeyThatWasNotValidTheyAreReportedAndStay() throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                LogCapture log = LogCapture.open()) {
            addOrphansUnderNotValid(database, "orders");
            List<String> before = ForeignKeys.of(database);

            Migrations.migrate(database.dataSource());
            assertThat(ForeignKeys.of(database))
                    .allMatch(fk -> fk.contains("ON DELETE CASCADE"))
                    .anyMatch(fk -> fk.contains("orders_user_fk") && fk.contains("| false"))
                    .anyMatch(fk -> fk.contains("posts_user_fk") && fk.contains("| true"));
            assertThat(log.messages("WARN")).anySatisfy(line -> {
                assertThat(line).contains("orders.orders_user_fk", "was NOT VALID and still is", "2 rows");
                assertThat(database.rows(queryIn(line))).hasSize(2);
            });
            assertTellsNoValue(log, null);
            assertRefusesOrphans(database, "orders");

            Migrations.undo(database.dataSource());
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
        }
    }

    /** Both settings of Flyway's lock: with one of a session the failed row stays in the history, and needs a repair. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void underForeignKeysThatWereValidTheyFailTheMigrationAtItsEnd(boolean transactionalLock) throws Exception {
        server.assumePostgres();
        try (TestDatabase database = OnlineSchema.create(server);
                LogCapture log = LogCapture.open()) {
            database.execute("CREATE TABLE zebras (id bigint PRIMARY KEY,"
                    + " user_id bigint CONSTRAINT zebras_user_fk REFERENCES users (id))");
            List<String> before = ForeignKeys.of(database);
            addOrphansUnderValid(database, "orders");
            addOrphansUnderValid(database, "posts");

            Throwable failure = failureOf(() -> migrate(database, transactionalLock));

            assertThat(log.messages("ERROR")).anySatisfy(line -> {
                assertThat(line)
                        .contains("orders.orders_user_fk", "posts.posts_user_fk", "2 could not be validated", "2 rows")
                        .doesNotContain("zebras");
                assertThat(database.rows(queryIn(line))).hasSize(2);
            });
            assertTellsNoValue(log, failure);
            assertThat(ForeignKeys.of(database))
                    .allMatch(fk -> fk.contains("ON DELETE CASCADE"))
                    .anyMatch(fk -> fk.contains("zebras_user_fk") && fk.contains("| true"))
                    .filteredOn(fk -> fk.contains("| false"))
                    .hasSize(2);
            assertRefusesOrphans(database, "orders");

            assertThat(failureOf(() -> migrate(database, transactionalLock)))
                    .as("orphans are still there")
                    .isNotNull();
            database.execute(
                    "DELETE FROM orders WHERE user_id = " + NOBODY, "DELETE FROM posts WHERE user_id = " + NOBODY);
            repairIfNeeded(database, transactionalLock);
            migrate(database, transactionalLock);
            assertThat(ForeignKeys.of(database)).hasSize(3).allMatch(fk -> fk.contains("ON DELETE CASCADE | true"));
            assertThat(ForeignKeys.history(database)).containsExactly("060 | true");

            Migrations.undo(database.dataSource());
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
        }
    }

    @Test
    void withoutValidationTheyDoNotFailIt() throws Exception {
        server.assumePostgres();
        try (TestDatabase database = OnlineSchema.create(server)) {
            addOrphansUnderValid(database, "orders");
            Migrations.configure(database.dataSource())
                    .placeholders(Map.of("cascade_validate", "false"))
                    .load()
                    .migrate();
            assertThat(ForeignKeys.of(database))
                    .hasSize(2)
                    .allMatch(fk -> fk.contains("ON DELETE CASCADE NOT VALID | false"));
            assertThat(ForeignKeys.history(database)).containsExactly("060 | true");
            assertRefusesOrphans(database, "orders");
        }
    }

    /** They came after the migration, by a session that had switched the triggers off. */
    @Test
    void anUndoThatCannotValidateIsFinishedByTheNextOne() throws Exception {
        server.assumePostgres();
        try (TestDatabase database = OnlineSchema.create(server);
                LogCapture log = LogCapture.open()) {
            List<String> before = ForeignKeys.of(database);
            Migrations.migrate(database.dataSource());
            addOrphansUnderValid(database, "posts");

            assertTellsNoValue(log, failureOf(() -> Migrations.undo(database.dataSource())));
            assertThat(log.messages("ERROR"))
                    .anySatisfy(line -> assertThat(line)
                            .contains("posts.posts_user_fk", "1 could not be validated", "run the undo again"));
            assertThat(ForeignKeys.of(database)).noneMatch(fk -> fk.contains("CASCADE | "));

            database.execute("DELETE FROM posts WHERE user_id = " + NOBODY);
            Migrations.undo(database.dataSource());
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
        }
    }

    /** Before PostgreSQL 18 a partitioned table takes no foreign key that is NOT VALID: that one cannot be converted. */
    @Test
    void inAPartitionedTableTheyDoNotKeepTheOthersFromBeingConverted() throws Exception {
        server.assumePostgres();
        try (TestDatabase database = OnlineSchema.createPartitioned(server, 10);
                LogCapture log = LogCapture.open()) {
            addOrphansUnderValid(database, "orders");

            Throwable failure = failureOf(() -> Migrations.migrate(database.dataSource()));

            assertThat(log.messages("ERROR")).anySatisfy(line -> {
                assertThat(line).contains("orders.orders_user_fk").doesNotContain("posts.posts_user_fk");
                assertThat(database.rows(queryIn(line))).hasSize(2);
            });
            assertTellsNoValue(log, failure);
            assertThat(ForeignKeys.of(database))
                    .anyMatch(fk -> fk.contains("posts_user_fk") && fk.contains("CASCADE | true"))
                    .hasSize(4);

            database.execute("DELETE FROM orders WHERE user_id = " + NOBODY);
            Migrations.migrate(database.dataSource());
            assertThat(ForeignKeys.of(database)).hasSize(4).allMatch(fk -> fk.contains("ON DELETE CASCADE | true"));
        }
    }

    private static void addOrphansUnderNotValid(TestDatabase database, String table) throws SQLException {
        String constraint = table + "_user_fk";
        database.execute("ALTER TABLE " + table + " DROP CONSTRAINT " + constraint);
        database.execute(insertionOfOrphans(table));
        database.execute("ALTER TABLE " + table + " ADD CONSTRAINT " + constraint
                + " FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID");
    }

    private static void addOrphansUnderValid(TestDatabase database, String table) throws SQLException {
        database.execute("SET session_replication_role = replica; " + insertionOfOrphans(table));
    }

    private static String insertionOfOrphans(String table) {
        return "INSERT INTO " + table + " VALUES (71, " + NOBODY + ", 'n'), (72, " + NOBODY + ", 'n')";
    }

    private static void migrate(TestDatabase database, boolean transactionalLock) {
        Migrations.withTransactionalLock(Migrations.configure(database.dataSource()), transactionalLock)
                .load()
                .migrate();
    }

    private static void repairIfNeeded(TestDatabase database, boolean transactionalLock) throws SQLException {
        boolean failedRow = ForeignKeys.history(database).contains("060 | false");
        assertThat(failedRow).isEqualTo(!transactionalLock);
        if (failedRow) {
            Migrations.withTransactionalLock(Migrations.configure(database.dataSource()), false)
                    .load()
                    .repair();
        }
    }

    private static Throwable failureOf(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("should have failed");
    }

    /** The first query that a message offers. */
    private static String queryIn(String message) {
        Matcher matcher =
                Pattern.compile("SELECT c\\.\\* .*? IS NULL(?=[;.]|$)").matcher(message);
        assertThat(matcher.find()).as("a query in: " + message).isTrue();
        return matcher.group();
    }

    /** Neither in the log nor in what a front end prints of an exception. */
    private static void assertTellsNoValue(LogCapture log, Throwable failure) {
        StringWriter printed = new StringWriter();
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(printed));
        }
        assertThat(log.lines()).noneMatch(line -> line.contains(NOBODY));
        assertThat(printed.toString().lines().filter(line -> line.contains(NOBODY)))
                .isEmpty();
    }

    private static void assertRefusesOrphans(TestDatabase database, String table) {
        try {
            database.execute("INSERT INTO " + table + " VALUES (73, " + NOBODY + ", 'n')");
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("23503");
            return;
        }
        throw new AssertionError("an orphan got into " + table);
    }
}

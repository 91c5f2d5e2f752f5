package dev.cascadecleanup.internal.proof;

import static dev.cascadecleanup.internal.proof.ProofContract.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.online.Until;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.TableProof;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must not make a proof pass silently on PostgreSQL: triggers, policies, time-outs, checks that wait, partitions. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class ProofPostgresTest {

    private static final String USERS = "CREATE TABLE users (id int8 PRIMARY KEY, name text NOT NULL)";
    private static final String THINGS =
            "CREATE TABLE things (id bigserial PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)";

    private static final Object NOTHING = new Object();

    private final TestServer server;

    ProofPostgresTest(TestServer server) {
        this.server = server;
    }

    private static String trigger(String when, String table, String body) {
        return "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$; CREATE TRIGGER t "
                + when + " ON " + table + " FOR EACH ROW EXECUTE FUNCTION f()";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BEFORE INSERT|things|RETURN NULL;|INCOMPLETE|swallowed",
                "BEFORE INSERT|things|RAISE 'not today';|INCOMPLETE|not today",
                "BEFORE DELETE|things|RETURN NULL;|REMAINS|trigger things.t (BEFORE DELETE",
                "BEFORE DELETE|users|RETURN NULL;|REMAINS|swallowed it, perhaps because of trigger users.t",
                "BEFORE DELETE|things|RAISE 'never';|REFUSED|never",
                "AFTER DELETE|users|DELETE FROM users; RETURN NULL;|TAKES_OTHERS_ROWS|OTHER USER'S ROWS GONE"
            })
    void triggersAreSeen(String when, String table, String body, ProofReport.Verdict verdict, String words)
            throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, THINGS, trigger(when, table, body))) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(verdict);
            assertThat(report.toString()).contains(words);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BEFORE INSERT|PERFORM pg_sleep(60); RETURN NEW;",
                "BEFORE DELETE|PERFORM pg_sleep(60); RETURN OLD;"
            })
    void whatTimesOutIsNotProved(String when, String body) throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, THINGS, trigger(when, "things", body))) {
            contract.database()
                    .execute("ALTER DATABASE " + contract.database().name() + " SET statement_timeout = '1s'");
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(report.toString()).contains("statement timeout");
        }
    }

    @Test
    void aSettingThatATriggerReadsIsAHint() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                THINGS,
                trigger("BEFORE INSERT", "things", "PERFORM current_setting('app.actor'); RETURN NEW;"))) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(report.missing().get(0).hint()).contains("firstRun(\"SET LOCAL");
            contract.prove(ProofHints.none().firstRun("SET LOCAL app.actor = '1'"))
                    .assertPassed();
        }
    }

    @Test
    void rowsThatATriggerMakesAreTheUsersToo() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE profiles (user_id int8 PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE audit (id bigserial PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                trigger(
                        "AFTER INSERT",
                        "users",
                        "INSERT INTO profiles VALUES (NEW.id); INSERT INTO audit (user_id) VALUES (NEW.id); RETURN NULL;"))) {
            ProofReport report = contract.prove().assertPassed();
            assertThat(table(report, "profiles").before()).isEqualTo(1);
            assertThat(table(report, "audit").before()).isEqualTo(2);
        }
    }

    @Test
    void aTransactionThatLosesAgainstOthersIsTriedAgain() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                THINGS,
                "CREATE SEQUENCE tries",
                trigger(
                        "BEFORE INSERT",
                        "things",
                        "IF nextval('tries') < 4 THEN RAISE serialization_failure; END IF; RETURN NEW;"))) {
            contract.prove().assertPassed();
            assertThat(contract.database().<Long>value("SELECT last_value FROM tries"))
                    .isEqualTo(5);
        }
    }

    @Test
    void checksThatWaitForTheCommitAreMade() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id bigserial PRIMARY KEY, user_id int8"
                        + " NOT NULL, CONSTRAINT late FOREIGN KEY (user_id) REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
            assertThat(report.refusals())
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.foreignKeys())
                            .singleElement()
                            .satisfies(fk -> assertThat(fk.name()).isEqualTo("late")));
        }
    }

    @Test
    void aCrossLinkThatIsCheckedBeforeItIsDeletedRefusesUnlessItWaits() throws SQLException {
        String[] schema = {
            USERS,
            "CREATE TABLE a (id bigserial PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
            "CREATE TABLE x (id bigserial PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
            "CREATE TABLE y (id bigserial PRIMARY KEY, x_id int8 NOT NULL REFERENCES x (id) ON DELETE CASCADE)",
            "CREATE TABLE b (id bigserial PRIMARY KEY, y_id int8 NOT NULL REFERENCES y (id) ON DELETE CASCADE, a_id int8 NOT NULL,"
                    + " CONSTRAINT cross_link FOREIGN KEY (a_id) REFERENCES a (id))"
        };
        try (ProofContract contract = ProofContract.on(server, schema)) {
            assertThat(contract.prove().refusals().get(0).foreignKeys())
                    .singleElement()
                    .satisfies(fk -> assertThat(fk.name()).isEqualTo("cross_link"));
            contract.database().execute("ALTER TABLE b ALTER CONSTRAINT cross_link DEFERRABLE INITIALLY IMMEDIATE");
            assertThat(contract.prove().verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
            contract.database().execute("ALTER TABLE b ALTER CONSTRAINT cross_link DEFERRABLE INITIALLY DEFERRED");
            ProofReport report = contract.prove();
            assertThat(report.refusals()).as("own rows go").isEmpty();
            assertThat(report.verdict()).as("rows of others refuse").isEqualTo(ProofReport.Verdict.REFUSED);
            CascadeCleanup accepting = CascadeCleanup.of(contract.database().dataSource())
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .accept("b.a_id")
                            .build());
            contract.prove(accepting, ProofHints.none()).assertPassed();
        }
    }

    @Test
    void switchedOffTriggersLeaveRowsAndThatIsSeen() throws SQLException {
        try (ProofContract contract =
                ProofContract.on(server, USERS, THINGS, "ALTER TABLE users DISABLE TRIGGER ALL")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.REMAINS);
            assertThat(table(report, "things").verdict()).isEqualTo(TableProof.Verdict.REMAINS);
        }
    }

    @Test
    void rowLevelSecurityIsNotLookedPast() throws SQLException {
        String role = "r" + Long.toString(System.nanoTime(), 36);
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                THINGS,
                "ALTER TABLE things ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY inserts ON things FOR INSERT WITH CHECK (true)",
                "CREATE POLICY nothing ON things FOR SELECT USING (false)",
                "CREATE ROLE " + role + " LOGIN",
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role,
                "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + role)) {
            try {
                CascadeCleanup asRole = CascadeCleanup.of(contract.database().dataSource(role, ""));
                ProofReport report = contract.prove(asRole, ProofHints.none());
                assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
                assertThat(report.missing())
                        .singleElement()
                        .satisfies(missing -> assertThat(missing.reason()).contains("row-level security"));
                contract.prove().assertPassed();

                contract.database()
                        .execute("ALTER TABLE things OWNER TO " + role, "ALTER TABLE users OWNER TO " + role);
                contract.prove(asRole, ProofHints.none()).assertPassed();
                contract.database().execute("ALTER TABLE things FORCE ROW LEVEL SECURITY");
                assertThat(contract.prove(asRole, ProofHints.none()).verdict())
                        .isEqualTo(ProofReport.Verdict.INCOMPLETE);
            } finally {
                contract.database().execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
            }
        }
    }

    @Test
    void missingPrivilegesAreIncomplete() throws SQLException {
        String role = "r" + Long.toString(System.nanoTime(), 36);
        try (ProofContract contract = ProofContract.on(
                server, USERS, THINGS, "CREATE ROLE " + role + " LOGIN", "GRANT ALL ON users TO " + role)) {
            try {
                assertThat(contract.prove(
                                        CascadeCleanup.of(contract.database().dataSource(role, "")), ProofHints.none())
                                .toString())
                        .contains("INCOMPLETE", "permission denied");
            } finally {
                contract.database().execute("DROP OWNED BY " + role, "DROP ROLE " + role);
            }
        }
    }

    @Test
    void foreignKeysToPartitionsAndChildrenOfTheParentAreProved() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                "CREATE TABLE users (id int8 PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (1000)",
                "CREATE TABLE users_2 PARTITION OF users FOR VALUES FROM (1000) TO (9000000000000000)",
                "CREATE TABLE all_users (id bigserial PRIMARY KEY, user_id int8 NOT NULL, CONSTRAINT a_user FOREIGN KEY (user_id) REFERENCES users (id))",
                "CREATE TABLE early_users (id bigserial PRIMARY KEY, user_id int8 NOT NULL REFERENCES users_1 (id) ON DELETE CASCADE)")) {
            ProofReport report = contract.prove();
            assertThat(report.refusals())
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.foreignKeys())
                            .singleElement()
                            .satisfies(fk -> assertThat(fk.name()).isEqualTo("a_user")));
            contract.database()
                    .execute("ALTER TABLE all_users DROP CONSTRAINT a_user,"
                            + " ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE");
            assertThat(table(contract.prove().assertPassed(), "early_users").before())
                    .isEqualTo(1);
        }
    }

    @Test
    void namesSurviveAnyLanguageOfTheServer() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE \"ein \"\"Ding\" (id bigserial PRIMARY KEY, user_id int8,"
                        + " CONSTRAINT \"der \"\"FK\" FOREIGN KEY (user_id) REFERENCES users (id))")) {
            assertThat(contract.prove().refusals())
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.foreignKeys())
                            .singleElement()
                            .satisfies(fk -> assertThat(fk.name()).isEqualTo("der \"FK")));
        }
    }

    @Test
    void triggersFindTheirTablesAndTheSessionIsGivenBack() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                THINGS,
                "CREATE SCHEMA app",
                "CREATE TABLE app.log (what text)",
                trigger("AFTER DELETE", "things", "INSERT INTO log VALUES ('deleted'); RETURN NULL;"))) {
            contract.database()
                    .execute("ALTER DATABASE " + contract.database().name() + " SET search_path = app, public");
            contract.prove().assertPassed();
        }
    }

    /** In the middle of its delete: the trigger waits for a lock that the test has. */
    @Test
    void othersGoOnWhileItRuns() throws Exception {
        try (ProofContract contract = ProofContract.on(
                        server,
                        USERS,
                        "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                        "INSERT INTO users VALUES (1, 'a'), (2, 'b')",
                        "INSERT INTO things VALUES (1, 1), (2, 2)",
                        trigger(
                                "BEFORE DELETE",
                                "things",
                                "IF OLD.id > 1000 THEN PERFORM pg_advisory_xact_lock(4711); END IF; RETURN OLD;"));
                Connection gate = contract.database().connect();
                Statement statement = gate.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(4711)");
            CompletableFuture<ProofReport> proof = CompletableFuture.supplyAsync(
                    () -> CascadeCleanup.of(contract.database().dataSource()).prove());
            Until.isTrue(
                    "the proof deletes",
                    () -> contract.database()
                                    .<Long>value(
                                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                            == 1);
            contract.database()
                    .execute(
                            "SET lock_timeout = '2s'",
                            "INSERT INTO users VALUES (3, 'c')",
                            "INSERT INTO things VALUES (3, 3)",
                            "UPDATE users SET name = 'd' WHERE id = 2",
                            "DELETE FROM users WHERE id = 1");
            statement.execute("SELECT pg_advisory_unlock(4711)");
            proof.get(5, TimeUnit.MINUTES).assertPassed();
        }
    }

    @Test
    void aReadOnlySessionIsRefused() throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, THINGS)) {
            contract.database()
                    .execute(
                            "ALTER DATABASE " + contract.database().name() + " SET default_transaction_read_only = on");
            assertThatThrownBy(contract::prove)
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void aConnectionThatAlwaysCommitsIsRefused() throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, THINGS)) {
            DataSource committing =
                    connections(contract, (method, arguments) -> method.equals("setAutoCommit") ? NOTHING : null);
            contract.leavesNoTrace(() -> {
                assertThatThrownBy(() -> insertAndRollBack(committing))
                        .isInstanceOf(ProofRefusedException.class)
                        .hasMessageContaining("autocommit cannot be turned off");
                assertThatThrownBy(() -> CascadeCleanup.of(committing).prove()).isInstanceOf(CascadeException.class);
            });
        }
    }

    @Test
    void aConnectionThatCannotRollBackIsCutOff() throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, THINGS)) {
            DataSource stubborn = connections(contract, (method, arguments) -> {
                if (method.equals("rollback")) {
                    throw new SQLException("no rollback today");
                }
                return null;
            });
            contract.leavesNoTrace(() ->
                    assertThatThrownBy(() -> insertAndRollBack(stubborn)).hasMessageContaining("no rollback today"));
        }
    }

    /** The transaction of a proof alone: reading the catalog would already fail on such connections. */
    private static void insertAndRollBack(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Server server = new Server(
                    Product.POSTGRESQL, 180000, "18", "postgres", true, false, 0, Duration.ZERO, List.of("public"));
            try {
                ProofTransaction.rolledBack(connection, server, transaction -> {
                    try (Statement statement = connection.createStatement()) {
                        return statement.executeUpdate("INSERT INTO users VALUES (1, 'stays')");
                    }
                });
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(true);
                }
            }
        }
    }

    private static DataSource connections(ProofContract contract, Instead instead) {
        DataSource real = contract.database().dataSource();
        return proxy(
                DataSource.class,
                real,
                (method, arguments) ->
                        method.equals("getConnection") ? proxy(Connection.class, real.getConnection(), instead) : null);
    }

    /** What a call is to return in place of the real answer; null for the real one. */
    private interface Instead {
        Object of(String method, Object[] arguments) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T real, Instead instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = instead.of(method.getName(), arguments);
                    if (answer != null) {
                        return answer == NOTHING ? null : answer;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}

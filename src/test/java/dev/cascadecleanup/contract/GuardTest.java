package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeAssertions;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeGuard;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import javax.tools.ToolProvider;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard under Flyway: registered by its class name, as an application would. */
@ContractTest(oldestAndNewest = true)
class GuardTest {

    private static final String LATER_TABLE =
            "CREATE TABLE later (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users (id))";

    private final TestServer server;
    private TestDatabase database;

    @TempDir
    private Path folder;

    GuardTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createTables() throws Exception {
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE users (id int PRIMARY KEY, name text)",
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users (id))",
                "CREATE TABLE lines (id int PRIMARY KEY, note_id int NOT NULL REFERENCES notes (id) ON DELETE CASCADE)");
    }

    @AfterEach
    void dropDatabase() throws Exception {
        database.close();
    }

    @Test
    void isSilentUntilACascadeMigrationWasApplied() {
        migrateWithout60(Map.of());
    }

    @Test
    void isSilentWhileAllIsWell() {
        try (LogCapture log = LogCapture.open()) {
            migrate(Map.of());
            migrate(Map.of());
            assertThat(log.messages("WARN")).noneMatch(line -> line.contains("guard"));
        }
    }

    @Test
    void failsMigrateAndNamesTheClassThatMendsIt() throws Exception {
        migrate(Map.of());
        database.execute(LATER_TABLE);
        String message = messageOf(() -> migrate(Map.of()));
        assertThat(message).contains("later." + laterConstraint() + " (user_id) -> users(id) is ON DELETE NO ACTION");

        Matcher advice = Pattern.compile("  src/main/java/(db/migration/(V061__\\w+)\\.java):\\R((?: {4}.*\\R)+)")
                .matcher(message);
        assertThat(advice.find()).as(message).isTrue();
        Path source = folder.resolve(advice.group(1));
        Files.createDirectories(source.getParent());
        Files.writeString(source, advice.group(3));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()))
                .isZero();
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Flyway mended = flyway(classes, Map.of(), database.dataSource()).load();
            assertThat(mended.migrate().migrations)
                    .extracting(applied -> applied.version)
                    .containsExactly("061");
        }
    }

    /** Flyway runs each SQL migration in one transaction: no swap may share one with the VALIDATE that follows it. */
    @Test
    void namesMigrationsThatMendItToo() throws Exception {
        migrate(Map.of());
        database.execute(LATER_TABLE, "INSERT INTO users VALUES (1)", "INSERT INTO later VALUES (1, 1)");
        List<MatchResult> migrations = Pattern.compile("(?m)^  (V\\w+\\.sql): (.*)$")
                .matcher(messageOf(() -> migrate(Map.of())))
                .results()
                .toList();
        assertThat(migrations).hasSize(server.isCockroach() ? 3 : 2);
        for (MatchResult migration : migrations) {
            assertThat(migration.group(2).split("(?=ALTER TABLE)")).hasSizeLessThanOrEqualTo(2);
            Files.writeString(folder.resolve(migration.group(1)), migration.group(2));
        }
        Flyway mended = flyway(Map.of(), database.dataSource())
                .locations("classpath:db/migration", "filesystem:" + folder)
                .load();
        assertThat(mended.migrate().migrationsExecuted).isEqualTo(migrations.size());
        assertThat(database.<String>value("SELECT conname || confdeltype::text || convalidated::text FROM pg_constraint"
                        + " WHERE contype = 'f' AND conrelid = 'later'::regclass"))
                .isEqualTo(laterConstraint() + "ctrue");
        database.execute("DELETE FROM users WHERE id = 1");
    }

    @Test
    void namesTheOptionThatLeavesItSoTogetherWithWhatItHolds() throws Exception {
        database.execute("CREATE TABLE audits (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users (id))");
        Map<String, String> kept = Map.of("cascade_keep", "audits.user_id");
        migrate(kept);
        database.execute(LATER_TABLE);
        Matcher advice = Pattern.compile("(?m)^To leave it as it is: cascade_keep = (.*)$")
                .matcher(messageOf(() -> migrate(kept)));
        assertThat(advice.find()).isTrue();
        assertThatCode(() -> migrate(Map.of("cascade_keep", advice.group(1)))).doesNotThrowAnyException();
    }

    private String laterConstraint() throws Exception {
        return database.value("SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'later'::regclass");
    }

    /** What is wrong with the guard must not keep the migration from running that mends it. */
    @Test
    void whatItCannotReadIsAWarningOnValidateAndInModeWarn() throws Exception {
        server.assumePostgres();
        migrate(Map.of());
        String role = database.createRole("reader");
        database.execute(
                "GRANT ALL ON flyway_schema_history TO " + role,
                "GRANT CREATE ON SCHEMA public TO " + role,
                "GRANT CONNECT ON DATABASE " + database.name() + " TO " + role);
        DataSource reader = database.dataSource(role, role);
        String advice =
                "may not read cascade_cleanup_journal. GRANT SELECT ON TABLE \"public\".\"cascade_cleanup_journal\" TO \""
                        + role + '"';
        try (LogCapture log = LogCapture.open()) {
            flyway(Map.of(), reader).load().validate();
            flyway(Map.of("cascade_guard", "warn"), reader).load().migrate();
            assertThat(log.messages("WARN").stream().filter(line -> line.contains(advice)))
                    .hasSize(3);
        }
        assertThatThrownBy(() -> flyway(Map.of(), reader).load().migrate())
                .hasStackTraceContaining("it could not look")
                .hasStackTraceContaining(advice);
    }

    @Test
    void anOptionThatCannotBeReadIsAWarningOnValidateAndInModeWarn() throws Exception {
        migrate(Map.of());
        Map<String, String> wrong = Map.of("cascade_foo", "bar", "cascade_guard", "warn");
        try (LogCapture log = LogCapture.open()) {
            flyway(wrong, database.dataSource()).load().validate();
            migrate(wrong);
            flyway(Map.of("cascade_guard", "sometimes"), database.dataSource())
                    .load()
                    .validate();
            assertThat(log.messages("WARN"))
                    .anyMatch(line -> line.contains("cascade guard") && line.contains("cascade_foo"))
                    .anyMatch(line -> line.contains("cascade guard") && line.contains("sometimes"));
        }
        assertThatThrownBy(() -> migrate(Map.of("cascade_foo", "bar"))).hasStackTraceContaining("cascade_foo");
    }

    @Test
    void onlyWarnsOnValidate() throws Exception {
        migrate(Map.of());
        database.execute(LATER_TABLE);
        try (LogCapture log = LogCapture.open()) {
            flyway(Map.of(), database.dataSource()).load().validate();
            assertThat(log.messages("WARN")).anyMatch(line -> line.contains("cascade guard") && line.contains("later"));
        }
    }

    @Test
    void noticesThatTheMigrationWasOnlyMarkedAsApplied() {
        assertThatThrownBy(() -> flyway(Map.of(), database.dataSource())
                        .skipExecutingMigrations(true)
                        .load()
                        .migrate())
                .hasStackTraceContaining("cascade guard")
                .hasStackTraceContaining("notes");
        assertThat(CascadeCleanup.of(database.dataSource()).verify().passed()).isFalse();
    }

    /** It validates in the middle of another instance's migration, which is done by the time this one has Flyway's lock. */
    @Test
    void looksAgainOnceItIsItsTurn() throws Exception {
        migrate(Map.of());
        database.execute(LATER_TABLE);
        Callback otherInstance = new BaseCallback() {
            @Override
            public boolean supports(Event event, Context context) {
                return event == Event.BEFORE_MIGRATE;
            }

            @Override
            public void handle(Event event, Context context) {
                CascadeCleanup.of(database.dataSource()).migrate("060", "other instance");
            }
        };
        assertThatCode(() -> flyway(Map.of(), database.dataSource())
                        .callbacks(new CascadeGuard(), otherInstance)
                        .load()
                        .migrate())
                .doesNotThrowAnyException();
    }

    @Test
    void warnsOrIsOffIfAsked() throws Exception {
        migrate(Map.of());
        database.execute(LATER_TABLE);
        try (LogCapture log = LogCapture.open()) {
            migrate(Map.of("cascade_guard", "warn"));
            assertThat(log.messages("WARN")).anyMatch(line -> line.contains("cascade guard") && line.contains("later"));
        }
        try (LogCapture log = LogCapture.open()) {
            migrate(Map.of("cascade_guard", "off"));
            assertThat(log.messages("WARN")).noneMatch(line -> line.contains("cascade guard"));
        }
    }

    @Test
    void leavesExcludedForeignKeysAlone() throws Exception {
        migrate(Map.of());
        database.execute(LATER_TABLE);
        assertThatCode(() -> migrate(Map.of("cascade_keep", "later.user_id"))).doesNotThrowAnyException();
    }

    @Test
    void inTheScopeClosureSeesWhatRefusesFurtherDown() throws Exception {
        migrate(Map.of("cascade_scope", "closure"));
        database.execute("CREATE TABLE later (id int PRIMARY KEY, note_id int NOT NULL REFERENCES notes (id))");
        assertThatCode(() -> migrate(Map.of())).doesNotThrowAnyException();
        assertThatThrownBy(() -> migrate(Map.of("cascade_scope", "closure"))).hasStackTraceContaining("later");
        assertThatCode(() -> migrate(Map.of("cascade_scope", "closure", "cascade_keep", "later.note_id")))
                .doesNotThrowAnyException();
    }

    @Test
    void isSilentAfterAnUndo() throws Exception {
        migrate(Map.of());
        CascadeCleanup.of(flyway(Map.of(), database.dataSource())).undo(UndoOptions.defaults());
        database.execute(LATER_TABLE);
        assertThatCode(() -> migrate(Map.of())).doesNotThrowAnyException();
    }

    @Test
    void costsAConstantNumberOfStatementsWithNothingToMigrate() {
        migrate(Map.of());
        List<String> without = new ArrayList<>();
        flyway(Map.of(), recording(without)).callbacks(new String[0]).load().migrate();
        List<String> with = new ArrayList<>();
        flyway(Map.of("cascade_scope", "closure"), recording(with)).load().migrate();
        without.forEach(with::remove);
        // What is there, and the foreign keys: in one round trip, or one query for each kind of row in one transaction.
        assertThat(with.stream()
                        .filter(sql -> sql.matches(
                                "(?s).*(pg_catalog\\.pg_|SET LOCAL search_path|enabled_roles|forward_dependencies).*"))
                        .toList())
                .hasSize(server.isCockroach() ? 9 : 2);
    }

    @Test
    void assertionsAreForOtherBuildsTests() throws Exception {
        assertThatThrownBy(() -> CascadeAssertions.assertDeletesCascade(database.dataSource()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("notes")
                .hasMessageContaining("ON DELETE CASCADE");
        migrate(Map.of());
        CascadeAssertions.assertDeletesCascade(database.dataSource());
        CascadeAssertions.assertDeletesCascade(flyway(Map.of(), database.dataSource()));

        database.execute("CREATE TABLE later (id int PRIMARY KEY, note_id int NOT NULL REFERENCES notes (id))");
        CascadeAssertions.assertDeletesCascade(database.dataSource());
        CascadeOptions closure = CascadeOptions.defaults().toBuilder()
                .scope(CascadeOptions.Scope.CLOSURE)
                .build();
        assertThatThrownBy(() -> CascadeAssertions.assertDeletesCascade(database.dataSource(), closure))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("later");
    }

    @Test
    void looksAtTheParentThatIsMeantThoughOnlyAnotherOneIsReferenced() throws Exception {
        server.assumePostgres();
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.users (id int PRIMARY KEY)",
                "ALTER DATABASE " + database.name() + " SET search_path = app, public");
        migrate(Map.of());
        assertThatCode(() -> migrate(Map.of())).doesNotThrowAnyException();
    }

    /** Where nothing references the parent, the guard reads the whole catalog, which wants its own isolation level. */
    @Test
    void worksUnderAnyDefaultIsolationLevel() throws Exception {
        server.assumePostgres();
        database.execute(
                "DROP TABLE lines",
                "DROP TABLE notes",
                "ALTER DATABASE " + database.name() + " SET default_transaction_isolation = 'repeatable read'");
        migrate(Map.of());
        assertThatCode(() -> migrate(Map.of())).doesNotThrowAnyException();
    }

    /** Two applications in one schema, of which this one found nothing to convert. */
    @Test
    void aJournalOfAnotherHistoryTableSaysNothingAboutThisOne() throws Exception {
        migrate(Map.of());
        flyway(Map.of(), database.dataSource()).table("other_history").load().migrate();
        database.execute(LATER_TABLE);
        assertThatThrownBy(() -> flyway(Map.of(), database.dataSource())
                        .table("other_history")
                        .load()
                        .migrate())
                .hasStackTraceContaining("later");
    }

    private void migrateWithout60(Map<String, String> options) {
        flyway(options, database.dataSource())
                .locations("classpath:no/migrations")
                .load()
                .migrate();
    }

    private void migrate(Map<String, String> options) {
        flyway(options, database.dataSource()).load().migrate();
    }

    private static FluentConfiguration flyway(Map<String, String> options, DataSource dataSource) {
        return flyway(GuardTest.class.getClassLoader(), options, dataSource);
    }

    private static FluentConfiguration flyway(ClassLoader classes, Map<String, String> options, DataSource dataSource) {
        return Flyway.configure(classes)
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .baselineOnMigrate(true)
                .baselineVersion("1")
                .placeholders(options)
                .callbacks(CascadeGuard.class.getName());
    }

    private static String messageOf(Runnable migration) {
        try {
            migration.run();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CascadeException) {
                    return cause.getMessage();
                }
            }
            throw e;
        }
        throw new AssertionError("it did not fail");
    }

    /** Writes down every statement. */
    private DataSource recording(List<String> statements) {
        DataSource real = database.dataSource();
        return proxy(DataSource.class, real, (proxy, method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof Connection connection ? recording(connection, statements) : result;
        });
    }

    private static Connection recording(Connection real, List<String> statements) {
        return proxy(Connection.class, real, (proxy, method, arguments) -> {
            if (method.getName().startsWith("prepare")) {
                statements.add((String) arguments[0]);
            }
            return invoke(real, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, T real, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}

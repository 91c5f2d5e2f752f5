package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import db.migration.V060__CascadeCleanup;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * One database with a schema at version 59, and what the library promises about it: what V060 changes and nothing else, that it
 * can be run again, and that the undo leaves no trace in any foreign key.
 */
final class CascadeContract implements AutoCloseable {

    private static final String VERSION = "60";

    private final TestDatabase database;
    private final CatalogSnapshot before;
    private final Map<String, String> placeholders = new HashMap<>();
    private UnaryOperator<FluentConfiguration> flywaySettings = UnaryOperator.identity();
    private String role;

    private CascadeContract(TestDatabase database, String... schema) throws SQLException {
        this.database = database;
        database.execute(schema);
        this.before = CatalogSnapshot.of(database);
    }

    /** A new database with this schema. */
    static CascadeContract on(TestServer server, String... schema) throws SQLException {
        TestDatabase database = server.createDatabase();
        try {
            return new CascadeContract(database, schema);
        } catch (SQLException | RuntimeException | Error e) {
            try (database) {
                throw e;
            }
        }
    }

    /** The same for SQL that a test has collected. */
    static CascadeContract on(TestServer server, Collection<String> schema) throws SQLException {
        return on(server, schema.toArray(String[]::new));
    }

    /** Sets a Flyway placeholder. */
    CascadeContract with(String placeholder, String value) {
        placeholders.put(placeholder, value);
        return this;
    }

    /** Changes Flyway's configuration. */
    CascadeContract flyway(UnaryOperator<FluentConfiguration> settings) {
        flywaySettings = settings;
        return this;
    }

    /** Runs Flyway and the library as this role. */
    CascadeContract as(String otherRole) {
        role = otherRole;
        return this;
    }

    TestDatabase database() {
        return database;
    }

    /** The catalog before the migration. */
    CatalogSnapshot before() {
        return before;
    }

    /** The catalog now. */
    CatalogSnapshot now() throws SQLException {
        return CatalogSnapshot.of(database);
    }

    void execute(String... statements) throws SQLException {
        database.execute(statements);
    }

    /** Flyway at version 59, with V060 pending. */
    FluentConfiguration configuration() {
        FluentConfiguration configuration = configuration(database).placeholders(placeholders);
        if (role != null) {
            configuration.dataSource(database.dataSource(role, role));
        }
        return flywaySettings.apply(configuration);
    }

    static FluentConfiguration configuration(TestDatabase database) {
        return Flyway.configure()
                .dataSource(database.warmDataSource())
                .locations("classpath:db/migration")
                .baselineOnMigrate(true)
                .baselineVersion("59");
    }

    /** Runs V060. */
    CascadeContract migrate() {
        assertThat(configuration().load().migrate().migrations)
                .extracting(applied -> MigrationVersion.fromVersion(applied.version))
                .containsExactly(MigrationVersion.fromVersion(VERSION));
        return this;
    }

    /** Runs V060, which has to refuse before it changes anything; returns what it says. */
    String migrateRefused() throws SQLException {
        String message = migrateFailed();
        now().assertEqualTo(before);
        assertThat(journals()).as("journal tables").isEmpty();
        return message;
    }

    /** Runs V060, which has to fail; returns what it says. */
    String migrateFailed() {
        Throwable failure = catchThrowable(() -> configuration().load().migrate());
        assertThat(failure).isInstanceOf(FlywayException.class);
        Throwable cause = failure;
        while (cause != null && !(cause instanceof CascadeException)) {
            cause = cause.getCause();
        }
        assertThat(cause).as("a CascadeException behind " + failure).isNotNull();
        if (database.server().isCockroach()) {
            // Without transactional DDL the failed row stays in Flyway's history until a repair takes it out.
            assertThat(configuration().load().repair().migrationsRemoved).hasSize(1);
        }
        return cause.getMessage();
    }

    /** These foreign keys have become ON DELETE CASCADE; apart from that, every foreign key of the database is what it was. */
    CascadeContract assertCascading(String... ids) throws SQLException {
        List<CatalogSnapshot.Id> converted =
                Arrays.stream(ids).map(before::find).toList();
        return assertCascading(converted::contains);
    }

    CascadeContract assertCascading(Predicate<CatalogSnapshot.Id> which) throws SQLException {
        now().assertEqualTo(before.cascading(which));
        return this;
    }

    /** The same code again changes nothing. */
    CascadeContract assertRepeatable() throws SQLException {
        CatalogSnapshot once = now();
        MigrationReport report =
                CascadeCleanup.of(configuration()).migrate(VERSION, V060__CascadeCleanup.class.getName());
        assertThat(report.converted()).isEmpty();
        assertThat(report.validated()).isEmpty();
        now().assertEqualTo(once);
        return this;
    }

    /** Undoes the migration, after which every foreign key is what it was before. */
    UndoReport undoExactly() throws SQLException {
        UndoReport report = undo();
        now().assertEqualTo(before);
        return report;
    }

    UndoReport undo() {
        return CascadeCleanup.of(configuration()).undo(UndoOptions.defaults());
    }

    /** The statement is refused because of a foreign key. */
    void assertRefused(String sql) {
        assertThatThrownBy(() -> database.execute(sql))
                .as(sql)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isIn("23503", "23001"));
    }

    long count(String table) throws SQLException {
        return database.<Long>value("SELECT count(*) FROM " + table);
    }

    /** Every journal table of the database, in whatever schema. */
    List<String> journals() throws SQLException {
        List<String> journals = new ArrayList<>();
        for (List<Object> row : database.rows(
                "SELECT table_schema FROM information_schema.tables WHERE table_name = 'cascade_cleanup_journal'")) {
            journals.add((String) row.get(0));
        }
        return journals;
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}

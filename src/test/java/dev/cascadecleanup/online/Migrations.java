package dev.cascadecleanup.online;

import db.migration.V060__CascadeCleanup;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeUndoMigration;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.TestDatabase;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Runs V060, and an undo under the next version, as an application does: by Flyway. */
final class Migrations {

    /** The undo that rolls forward. */
    static final class V061__UndoCascadeCleanup extends CascadeUndoMigration {}

    private static final Map<String, String> PATIENT_ENOUGH_FOR_A_TEST = Map.of("cascade_max_wait", "10m");

    private Migrations() {}

    /** Flyway with V060, waiting for its own lock for as long as it takes. */
    static FluentConfiguration configure(DataSource dataSource) {
        return Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:no/migrations")
                .failOnMissingLocations(false)
                .baselineVersion("59")
                .lockRetryCount(-1)
                .placeholders(PATIENT_ENOUGH_FOR_A_TEST)
                .javaMigrations(new V060__CascadeCleanup());
    }

    /** The same and the undo. */
    static FluentConfiguration configureUndo(DataSource dataSource) {
        return configure(dataSource).javaMigrations(new V060__CascadeCleanup(), new V061__UndoCascadeCleanup());
    }

    /** Whether Flyway's lock is one of a transaction, its default, or of a session. */
    static FluentConfiguration withTransactionalLock(FluentConfiguration configuration, boolean transactional) {
        configuration
                .getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(transactional);
        return configuration;
    }

    static void baseline(TestDatabase database) {
        configure(database.warmDataSource())
                .javaMigrations(new JavaMigration[0])
                .load()
                .baseline();
    }

    static void migrate(DataSource dataSource) {
        configure(dataSource).load().migrate();
    }

    static void undo(DataSource dataSource) {
        configureUndo(dataSource).load().migrate();
    }

    /** The same work without Flyway around it, for those to whom its history does not matter: a third of the connections. */
    static void convert(DataSource dataSource) {
        CascadeCleanup.of(configure(dataSource)).migrate("060", "V060__CascadeCleanup");
    }

    /** What {@link #convert} has done, or Flyway. */
    static void takeBack(DataSource dataSource) {
        CascadeCleanup.of(configure(dataSource)).undo(UndoOptions.defaults());
    }
}

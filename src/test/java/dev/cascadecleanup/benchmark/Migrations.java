package dev.cascadecleanup.benchmark;

import db.migration.V060__CascadeCleanup;
import dev.cascadecleanup.CascadeUndoMigration;
import dev.cascadecleanup.testing.TestDatabase;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** V060 and its undo as they are shipped, by Flyway, with their default options. */
final class Migrations {

    /** The undo that rolls forward. */
    static final class V061__UndoCascadeCleanup extends CascadeUndoMigration {}

    private Migrations() {}

    static void baseline(TestDatabase database) {
        flyway(database.dataSource()).load().baseline();
    }

    static void migrate(DataSource database) {
        flyway(database, new V060__CascadeCleanup()).load().migrate();
    }

    /** With the setting of Flyway under which they can be built concurrently. */
    static void migrateWithIndexes(DataSource database) {
        FluentConfiguration flyway =
                flyway(database, new V060__CascadeCleanup()).placeholders(Map.of("cascade_indexes", "create"));
        flyway.getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        flyway.load().migrate();
    }

    static void undo(DataSource database) {
        flyway(database, new V060__CascadeCleanup(), new V061__UndoCascadeCleanup())
                .load()
                .migrate();
    }

    private static FluentConfiguration flyway(DataSource database, JavaMigration... migrations) {
        return Flyway.configure()
                .dataSource(database)
                .locations("classpath:no/migrations")
                .failOnMissingLocations(false)
                .baselineVersion("59")
                .javaMigrations(migrations);
    }
}

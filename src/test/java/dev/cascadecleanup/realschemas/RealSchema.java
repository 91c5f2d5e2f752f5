package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** One of the schemas that the library was asked for, as it was before the request: Flyway migrations up to version 59. */
public enum RealSchema {
    SKYTWIN("SkyTwin", RealSchema::uuid, "skytwin", "skytwin-mempalace"),
    SKYTWIN_WITHOUT_MEMORY("SkyTwin without memory", RealSchema::uuid, "skytwin"),
    ZIVOHEALTH("ZivoHealth", n -> String.valueOf(100 + n), "zivohealth");

    /** The last version before the ready-made {@code V060__CascadeCleanup}. */
    public static final String VERSION_BEFORE = "59";

    private final String title;
    private final IntFunction<String> userIds;
    private final List<String> folders;

    RealSchema(String title, IntFunction<String> userIds, String... folders) {
        this.title = title;
        this.userIds = userIds;
        this.folders = List.of(folders);
    }

    /** Flyway for this schema, as a service would set it up: its own folders, and the default location, where V060 is found. */
    public FluentConfiguration flyway(TestDatabase database) {
        List<String> locations = new ArrayList<>(List.of("classpath:db/migration"));
        folders.forEach(folder -> locations.add("classpath:schemas/" + folder));
        return Flyway.configure().dataSource(database.warmDataSource()).locations(locations.toArray(String[]::new));
    }

    /** Builds the schema in an empty database, to version 59. */
    public void build(TestDatabase database) throws SQLException {
        boolean cockroach = database.server().isCockroach();
        if (cockroach) {
            // The node of the tests forgets after a minute, and on a busy machine a proof of so many tables is one
            // transaction of more.
            database.execute("ALTER DATABASE " + database.name() + " CONFIGURE ZONE USING gc.ttlseconds = 600");
        }
        // In one transaction there it takes a tenth of the time (see NewTables).
        flyway(database).target(VERSION_BEFORE).group(cockroach).load().migrate();
    }

    /** One row for each table, in an order in which they can be inserted. */
    public List<FixtureRow> rows() {
        return folders.stream()
                .flatMap(folder -> FixtureRow.read("/schemas/" + folder + "-rows.sql").stream())
                .toList();
    }

    /** The id of the n-th user, as an SQL constant. */
    public String user(int n) {
        return userIds.apply(n);
    }

    /** Its line in {@code expected.csv}. */
    ExpectedCounts expected() {
        return ExpectedCounts.of(title);
    }

    private static String uuid(int n) {
        return "'00000000-0000-4000-8000-%012d'".formatted(n);
    }

    @Override
    public String toString() {
        return title;
    }
}

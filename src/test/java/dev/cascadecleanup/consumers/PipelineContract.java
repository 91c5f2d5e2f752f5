package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeGuard;
import dev.cascadecleanup.CascadeIndexes;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a deployment pipeline does, with a front end of Flyway in a process of its own and the library's jar. */
abstract class PipelineContract {

    private static final Path SQL = Path.of("src", "it", "flyway-sql").toAbsolutePath();

    static final String LIBRARY = "classpath:db/migration";
    static final String OWN = "filesystem:" + SQL.resolve("own");
    static final String LATER = "filesystem:" + SQL.resolve("later");
    private static final String BAD = "filesystem:" + SQL.resolve("bad");

    TestDatabase database;

    /**
     * Whether this front end tries also what Flyway's core alone decides. Where another one does so under the same line of Flyway, it is
     * for the matrix.
     */
    boolean isForAll() {
        return true;
    }

    /** Runs Flyway's commands one after the other on the database, configured so: keys as in {@code flyway.outOfOrder}, without "flyway.". */
    abstract Output flyway(List<String> commands, Map<String, String> configuration);

    @BeforeEach
    void createDatabase() throws SQLException {
        database = Postgres.newest().createDatabase();
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        database.close();
    }

    @Test
    void v060AloneOnABaselinedDatabase() throws Exception {
        createOwnTables();
        String out = flyway(List.of("baseline", "info", "migrate", "validate", "info"), Map.of("locations", LIBRARY))
                .requireSuccess()
                .out();
        assertThat(out)
                .containsPattern("060 +\\| CascadeCleanup +\\| JDBC[^\\n]+Pending")
                .containsPattern("060 +\\| CascadeCleanup +\\| JDBC[^\\n]+Success");
        assertThat(applied()).containsExactly("1", "060");
        assertCascading();
    }

    @Test
    void v060BetweenOnesOwnMigrations() throws Exception {
        String out = flyway(List.of("migrate", "validate"), Map.of("locations", all(LIBRARY, OWN, LATER)))
                .requireSuccess()
                .out();
        assertThat(out).contains("notes.notes_of_users (user_id) -> users(id): ON DELETE NO ACTION -> CASCADE");
        assertThat(applied()).containsExactly("001", "060", "061");
        assertCascading();
    }

    @Test
    @EnabledIf(value = "isForAll", disabledReason = "part of mvn verify -Pmatrix")
    void baselineOnMigrate() throws Exception {
        createOwnTables();
        flyway(
                        List.of("migrate"),
                        Map.of("locations", all(LIBRARY, LATER), "baselineOnMigrate", "true", "baselineVersion", "59"))
                .requireSuccess();
        assertThat(applied()).containsExactly("59", "060", "061");
        assertCascading();
    }

    /** The jar comes into a service that is already past 60. */
    @Test
    @EnabledIf(value = "isForAll", disabledReason = "part of mvn verify -Pmatrix")
    void outOfOrder() throws Exception {
        migratedBefore(OWN, LATER);
        Map<String, String> withLibrary = Map.of("locations", all(LIBRARY, OWN, LATER));
        assertThat(flyway(List.of("migrate"), withLibrary).requireFailure().all())
                .contains("060", "outOfOrder");
        flyway(List.of("migrate", "validate"), and(withLibrary, "outOfOrder", "true"))
                .requireSuccess();
        assertThat(applied()).containsExactly("001", "061", "060");
        assertCascading();
    }

    /** Flyway says that all is well; the guard and verify do not. */
    @Test
    @EnabledIf(value = "isForAll", disabledReason = "part of mvn verify -Pmatrix")
    void skipExecutingMigrations() throws Exception {
        migratedBefore(OWN);
        Map<String, String> skipping = Map.of("locations", all(LIBRARY, OWN), "skipExecutingMigrations", "true");
        assertThat(flyway(List.of("migrate"), and(skipping, "callbacks", CascadeGuard.class.getName()))
                        .requireFailure()
                        .all())
                .contains("cascade guard", "notes.notes_of_users", "ON DELETE CASCADE");
        assertThat(applied()).containsExactly("001", "060");
        assertThat(CascadeCleanup.of(database.dataSource()).verify().deviating())
                .hasSize(3);
    }

    @Test
    @EnabledIf(value = "isForAll", disabledReason = "part of mvn verify -Pmatrix")
    void groupWithoutMixedRefusesTheNeighbours() throws Exception {
        Map<String, String> group = Map.of("locations", all(LIBRARY, OWN), "group", "true");
        assertThat(flyway(List.of("migrate"), group).requireFailure().all())
                .contains("060 CascadeCleanup", "mixed is false");
        assertThat(applied()).isEmpty();
        // Alone in its run, it is a group of its own.
        migratedBefore(OWN);
        flyway(List.of("migrate"), group).requireSuccess();
        assertCascading();
    }

    /** As Flyway writes a group's rows at its end, a failure after V060 takes its row with it. Its work stays, and the next run finds it done. */
    @Test
    @EnabledIf(value = "isForAll", disabledReason = "part of mvn verify -Pmatrix")
    void groupWithMixedForgetsV060WhenALaterMigrationFails() throws Exception {
        Map<String, String> grouped = Map.of("locations", all(LIBRARY, OWN, LATER), "group", "true", "mixed", "true");
        assertThat(flyway(List.of("migrate"), and(grouped, "locations", all(LIBRARY, OWN, LATER, BAD)))
                        .requireFailure()
                        .all())
                .contains("no_such_table", "group and mixed");
        assertThat(applied()).doesNotContain("060");
        assertThat(actions()).containsEntry("notes_of_users", "c");
    }

    @Test
    @EnabledIf(value = "isForAll", disabledReason = "part of mvn verify -Pmatrix")
    void mixedWithoutGroup() throws Exception {
        flyway(List.of("migrate"), Map.of("locations", all(LIBRARY, OWN, LATER), "mixed", "true"))
                .requireSuccess();
        assertThat(applied()).containsExactly("001", "060", "061");
        assertCascading();
        CascadeCleanup.of(database.dataSource()).undo(UndoOptions.defaults());
        assertThat(actions()).containsEntry("notes_of_users", "a");
    }

    /** Refused at once where the build would wait for this very Flyway, with ways that work from here. */
    @Test
    @EnabledIf(value = "isForAll", disabledReason = "part of mvn verify -Pmatrix")
    void indexesOfLargeTables() throws Exception {
        Map<String, String> create = withLargeTable();
        assertThat(flyway(List.of("migrate"), create).requireFailure().all())
                .contains("large (user_id) of 20 MB", "would wait for ever")
                .contains("flyway.postgresql.transactional.lock=false", CascadeIndexes.class.getName());
        assertThat(actions()).containsEntry("notes_of_users", "a").containsEntry("large_of_users", "a");
        assertThat(indexesOfLarge()).isEmpty();
        flyway(List.of("migrate"), and(create, "callbacks", CascadeIndexes.class.getName()))
                .requireSuccess();
        assertCascading();
        assertThat(indexesOfLarge()).containsExactly(List.of(true));
    }

    @Test
    @EnabledIfSystemProperty(named = "cascade.matrix", matches = "true", disabledReason = "part of mvn verify -Pmatrix")
    void indexesOfLargeTablesUnderALockOfTheSession() throws Exception {
        flyway(List.of("migrate"), and(withLargeTable(), "postgresql.transactional.lock", "false"))
                .requireSuccess();
        assertCascading();
        assertThat(indexesOfLarge()).containsExactly(List.of(true));
    }

    private Map<String, String> withLargeTable() throws SQLException, IOException {
        createOwnTables();
        database.execute(
                "CREATE TABLE large (user_id bigint CONSTRAINT large_of_users REFERENCES users, filler text)",
                "ALTER TABLE large ALTER filler SET STORAGE PLAIN",
                "INSERT INTO large SELECT NULL, repeat('x', 7000) FROM generate_series(1, 2500)",
                "ANALYZE large");
        return Map.of("locations", LIBRARY, "baselineOnMigrate", "true", "placeholders.cascade_indexes", "create");
    }

    private List<List<Object>> indexesOfLarge() throws SQLException {
        return database.rows("SELECT indisvalid FROM pg_index WHERE indrelid = 'large'::regclass");
    }

    @Test
    void whatWasWrongIsThereToRead() throws Exception {
        assertThat(flyway(
                                List.of("migrate"),
                                Map.of("locations", all(LIBRARY, OWN), "placeholders.cascade_keep", "note.user_id"))
                        .requireFailure()
                        .all())
                .contains("refused before anything was changed", "cascade_keep names note.user_id", "notes.user_id");
        assertThat(actions())
                .containsOnly(
                        Map.entry("notes_of_users", "a"),
                        Map.entry("reviews_of_users", "a"),
                        Map.entry("reviews_checked_by", "a"));
    }

    /** By an earlier run, of whatever front end. */
    private void migratedBefore(String... locations) {
        Flyway.configure()
                .dataSource(database.dataSource())
                .locations(locations)
                .load()
                .migrate();
    }

    void createOwnTables() throws SQLException, IOException {
        database.execute(Files.readString(SQL.resolve("own").resolve("V001__users.sql")));
    }

    final List<Object> applied() throws SQLException {
        return database.rows("SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank").stream()
                .map(row -> row.get(0))
                .toList();
    }

    /** The action of each foreign key by its name. */
    final Map<String, String> actions() throws SQLException {
        Map<String, String> actions = new HashMap<>();
        database.rows("SELECT conname, confdeltype::text FROM pg_constraint WHERE contype = 'f'")
                .forEach(row -> actions.put((String) row.get(0), (String) row.get(1)));
        return actions;
    }

    private void assertCascading() throws SQLException {
        assertThat(actions())
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy((name, action) -> assertThat(action).as(name).isEqualTo("c"));
    }

    static String all(String... locations) {
        return String.join(",", locations);
    }

    static Map<String, String> and(Map<String, String> configuration, String key, String value) {
        Map<String, String> more = new HashMap<>(configuration);
        more.put(key, value);
        return more;
    }
}

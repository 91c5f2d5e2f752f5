package dev.cascadecleanup.realschemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;

/**
 * What the library is for, on a schema that somebody has: at version 59 a user cannot be deleted; V060 comes; one DELETE takes all
 * of that user's rows and none of another's; the undo brings every foreign key back.
 *
 * <p>One test and not several, because each step needs the one before, and on CockroachDB building the schema takes a minute.
 */
@ContractTest(oldestAndNewest = true)
abstract class OneDeleteErasesAPerson {

    private static final int ERASED = 1;
    private static final int OTHER = 2;
    private static final int LATER = 3;
    private static final int LAST = 4;
    private static final int UNKNOWN = 9;
    private static final boolean MATRIX = Boolean.getBoolean("cascade.matrix");
    private static final Set<String> REFUSED = Set.of("23503", "23001");
    private static final String INTEGRITY_CONSTRAINT_VIOLATION_CLASS = "23";

    private final TestServer server;
    private final RealSchema schema;

    OneDeleteErasesAPerson(TestServer server, RealSchema schema) {
        this.server = server;
        this.schema = schema;
    }

    @Test
    void afterV060AndNotBefore() throws Exception {
        try (TestDatabase database = server.databaseOf(schema.name(), schema::build)) {
            assertThat(countsOf(database)).isEqualTo(schema.expected());
            assertThat(tablesOf(FixtureRow.Kind.values())).isEqualTo(tables(database));
            assertThat(tablesOf(FixtureRow.Kind.DIRECT)).containsAll(tablesWithForeignKeyOnUsers(database));

            Contents empty = contents(database);
            insertRowsOf(ERASED, database);
            Contents withErased = contents(database);
            Contents erased = withErased.minus(empty);
            insertRowsOf(OTHER, database);
            Contents other = contents(database).minus(withErased);
            List<List<Object>> before = foreignKeys(database);

            deleteIsRefused(database);
            assertThat(HintlessProof.of(schema, database).verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
            migrates(database);
            everyForeignKeyOnUsersCascades(database);
            proofNamesOnlyWhatIsBelow(database);
            rowsOfAnUnknownUserAreRefused(database);
            rowsCanBeInserted(database);

            Contents full = contents(database);
            assertThat(full.and(erased)).isEqualTo(erased);
            delete(ERASED, database);
            nothingRemainsOfErased(database);
            assertThat(contents(database)).isEqualTo(full.minus(perUser(erased)));
            assertThat(contents(database).and(other)).isEqualTo(other);

            if (server.isCockroach() && !MATRIX) {
                aClosureDoesTheRest(database);
            }
            undoes(database);
            assertThat(foreignKeys(database)).isEqualTo(before);
            assertRefused(OTHER, database);
        }
    }

    private void deleteIsRefused(TestDatabase database) throws SQLException {
        Contents before = contents(database);
        assertRefused(ERASED, database);
        assertThat(contents(database)).isEqualTo(before);
    }

    private void assertRefused(int user, TestDatabase database) {
        assertThatThrownBy(() -> delete(user, database))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isIn(REFUSED));
    }

    private void migrates(TestDatabase database) {
        MigrateResult result = schema.flyway(database).load().migrate();
        assertThat(result.migrations).singleElement().satisfies(migration -> {
            assertThat(migration.version).isEqualTo("060");
            assertThat(migration.category).isEqualTo("Versioned");
        });
    }

    private void everyForeignKeyOnUsersCascades(TestDatabase database) throws SQLException {
        // As the request says it.
        assertThat(database.rows(
                        "SELECT conname FROM pg_constraint WHERE confdeltype != 'c' AND confrelid = 'users'::regclass"))
                .isEmpty();
        assertThat(UserForeignKey.all(database))
                .hasSize((int) schema.expected().onUsers())
                .allMatch(UserForeignKey::cascades);
    }

    /** The scope {@code direct} leaves what hangs below a user's table; the proof fills that too, and says so. */
    private void proofNamesOnlyWhatIsBelow(TestDatabase database) throws SQLException {
        ProofReport report = HintlessProof.of(schema, database);
        assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
        assertThat(report.refusals())
                .isNotEmpty()
                .allSatisfy(refusal -> assertThat(refusal.foreignKeys())
                        .singleElement()
                        .satisfies(fk ->
                                assertThat(fk.referencedTable().name().name()).isNotEqualTo("users")));
    }

    /** By UPDATE on every foreign key, and by the INSERT of every table that names the user itself. */
    private void rowsOfAnUnknownUserAreRefused(TestDatabase database) throws SQLException {
        Contents before = contents(database);
        for (UserForeignKey fk : UserForeignKey.all(database)) {
            assertThatThrownBy(() -> database.execute("UPDATE " + fk.table() + " SET " + fk.column() + " = "
                            + schema.user(UNKNOWN) + " WHERE " + fk.column() + " = " + schema.user(OTHER)))
                    .as(fk.toString())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23503"));
        }
        Set<String> perUser = tablesWithForeignKeyOnUsers(database);
        for (FixtureRow row : schema.rows()) {
            if (perUser.contains(row.table())) {
                insertOfUnknownUser(row, database);
            }
        }
        assertThat(contents(database)).isEqualTo(before);
    }

    /** Where the row hangs on another row of the user, that one is missing too: then the INSERT finds nothing to insert. */
    private void insertOfUnknownUser(FixtureRow row, TestDatabase database) {
        try {
            database.execute(row.insertFor(schema, UNKNOWN));
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(row.table()).startsWith(INTEGRITY_CONSTRAINT_VIOLATION_CLASS);
        }
    }

    private void rowsCanBeInserted(TestDatabase database) throws SQLException {
        Contents before = contents(database);
        insertRowsOf(LATER, database);
        Contents inserted = contents(database).minus(before);
        assertThat(tablesOf(FixtureRow.Kind.DIRECT)).allMatch(table -> inserted.count(table) == 1);
    }

    private void nothingRemainsOfErased(TestDatabase database) throws SQLException {
        for (UserForeignKey fk : UserForeignKey.all(database)) {
            assertThat(fk.rowsOf(database, schema.user(ERASED)))
                    .as(fk.toString())
                    .isZero();
        }
    }

    private void undoes(TestDatabase database) {
        UndoReport report = CascadeCleanup.of(schema.flyway(database))
                .undo(UndoOptions.defaults().withVersion("60"));
        assertThat(report.restored()).hasSize((int) schema.expected().onUsersNotCascading());
        assertThat(report.skipped()).isEmpty();
    }

    /** What {@link OneDeleteErasesEverything} does from the beginning takes five minutes on CockroachDB, and waits for the matrix there. */
    private void aClosureDoesTheRest(TestDatabase database) throws SQLException {
        List<List<Object>> before = foreignKeys(database);
        ExpectedClosure expected = ExpectedClosure.of(schema);
        CascadeCleanup closure = CascadeCleanup.of(schema.flyway(database)
                .placeholders(
                        Map.of("cascade_scope", "closure", "cascade_closure", String.join(",", expected.toBeNamed()))));
        assertThat(closure.plan().conversions()).hasSize(expected.below());
        closure.migrate("61", "test");
        HintlessProof.seesEverythingErased(schema, database);

        Set<String> perUser = tablesOf(FixtureRow.Kind.DIRECT, FixtureRow.Kind.BELOW);
        Contents others = Contents.of(database, perUser);
        database.execute(
                schema.rows().stream().map(row -> row.insertFor(schema, LAST)).toArray(String[]::new));
        delete(LAST, database);
        assertThat(Contents.of(database, perUser)).isEqualTo(others);

        closure.undo(UndoOptions.defaults().withVersion("61"));
        assertThat(foreignKeys(database)).isEqualTo(before);
    }

    /**
     * Rows of tables below a user's table are left out: in the scope {@code direct} nothing converts the foreign keys that they
     * hang on, so they would refuse the delete as they always did. Converting those is what {@code closure} is for (DESIGN, D7).
     */
    private void insertRowsOf(int user, TestDatabase database) throws SQLException {
        database.execute(schema.rows().stream()
                .filter(row -> row.kind() != FixtureRow.Kind.BELOW)
                .map(row -> row.insertFor(schema, user))
                .toArray(String[]::new));
    }

    private void delete(int user, TestDatabase database) throws SQLException {
        database.execute("DELETE FROM users WHERE id = " + schema.user(user));
    }

    /** Without what belongs to nobody and stays. */
    private Contents perUser(Contents contents) {
        Set<String> direct = tablesOf(FixtureRow.Kind.DIRECT);
        return new Contents(contents.rows().entrySet().stream()
                .filter(entry -> direct.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new)));
    }

    private Contents contents(TestDatabase database) throws SQLException {
        return Contents.of(database, tablesOf(FixtureRow.Kind.values()));
    }

    private Set<String> tablesOf(FixtureRow.Kind... kinds) {
        return schema.rows().stream()
                .filter(row -> Set.of(kinds).contains(row.kind()))
                .map(FixtureRow::table)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tablesWithForeignKeyOnUsers(TestDatabase database) throws SQLException {
        return UserForeignKey.all(database).stream()
                .map(UserForeignKey::table)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tables(TestDatabase database) throws SQLException {
        return database
                .rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
                        + " AND table_type = 'BASE TABLE' AND table_name <> 'flyway_schema_history'")
                .stream()
                .map(row -> (String) row.get(0))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ExpectedCounts countsOf(TestDatabase database) throws SQLException {
        List<UserForeignKey> onUsers = UserForeignKey.all(database);
        return new ExpectedCounts(
                tables(database).size(),
                foreignKeys(database).size(),
                onUsers.size(),
                onUsers.stream().filter(fk -> !fk.cascades()).count());
    }

    /** Every foreign key of the database with all that the server can say about it. */
    private static List<List<Object>> foreignKeys(TestDatabase database) throws SQLException {
        // CockroachDB has the definition as a column; its function takes half a second for each row.
        String definition = database.server().isCockroach() ? "c.condef" : "pg_get_constraintdef(c.oid)";
        return database.rows("""
                SELECT t.relname, c.conname, %s, c.convalidated, c.condeferrable, c.condeferred,
                       obj_description(c.oid, 'pg_constraint')
                FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
                WHERE c.contype = 'f'
                ORDER BY t.relname, c.conname
                """.formatted(definition));
    }
}

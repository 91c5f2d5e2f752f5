package dev.cascadecleanup.realschemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.ClosureAdvice;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/**
 * {@code cascade_scope=closure} on the schemas that somebody has, with rows of two users in every table: one DELETE takes all that
 * belongs to one of them, from tables at any depth, and nothing of the other's.
 */
@ContractTest(oldestAndNewest = true)
abstract class OneDeleteErasesEverything {

    private static final int ERASED = 1;
    private static final int OTHER = 2;

    private final TestServer server;
    private final RealSchema schema;

    OneDeleteErasesEverything(TestServer server, RealSchema schema) {
        this.server = server;
        this.schema = schema;
    }

    @Test
    void withRowsInEveryTable() throws Exception {
        ExpectedClosure expected = ExpectedClosure.of(schema);
        try (TestDatabase database = server.databaseOf(schema.name(), schema::build);
                LogCapture log = LogCapture.open()) {
            List<List<Object>> before = foreignKeys(database);
            Contents empty = contents(database);
            insertRows(ERASED, database);
            Contents erased = contents(database).minus(empty);
            insertRows(OTHER, database);

            directComesFirst(database, log);

            CascadePlan plan = closure(database, "").plan();
            assertThat(plan.problems()).isEmpty();
            assertThat(plan.conversions().stream().filter(OneDeleteErasesEverything::onUsers))
                    .hasSize(expected.direct());
            assertThat(plan.conversions().stream().filter(conversion -> !onUsers(conversion)))
                    .hasSize(expected.below());
            assertThat(refusingOnesOwn(plan)).isEqualTo(expected.toBeNamed());
            assertThat(following(database, plan.advice()).plan().open())
                    .as("of rows that touch other people's, too, the advice leaves nothing open")
                    .isEmpty();

            migrate(
                    database,
                    Map.of("cascade_scope", "closure", "cascade_closure", String.join(",", expected.toBeNamed())));
            HintlessProof.seesEverythingErased(schema, database);
            Contents full = contents(database);
            delete(ERASED, database);
            assertThat(contents(database)).isEqualTo(full.minus(perUser(erased)));

            undo(database);
            assertThat(foreignKeys(database)).isEqualTo(before);
        }
    }

    private void directComesFirst(TestDatabase database, LogCapture log) throws SQLException {
        migrate(database, Map.of());
        assertThatThrownBy(() -> delete(ERASED, database)).isInstanceOf(SQLException.class);
        assertThat(log.messages("WARN"))
                .as("the direct run says what would close the rest")
                .anyMatch(line -> line.contains("cascade_scope = closure"));
        undo(database);
    }

    /** The links that refuse although nobody's row touches another person's. */
    private static List<String> refusingOnesOwn(CascadePlan plan) {
        return plan.open().stream()
                .filter(link -> link.judgement().own().mayRefuse()
                        || link.judgement().withoutOwner().mayRefuse())
                .map(Link::foreignKey)
                .map(fk -> fk.table().name().name() + "." + String.join("+", fk.columns()))
                .sorted()
                .toList();
    }

    private CascadeCleanup following(TestDatabase database, ClosureAdvice advice) {
        return CascadeCleanup.of(configuration(
                database,
                Map.of(
                        "cascade_scope", "closure",
                        "cascade_closure", String.join(",", advice.closure()),
                        "cascade_set_null", String.join(",", advice.setNull()),
                        "cascade_accept", String.join(",", advice.accept()))));
    }

    private static boolean onUsers(Conversion conversion) {
        return conversion.foreignKey().referencedTable().name().name().equals("users");
    }

    private FluentConfiguration configuration(TestDatabase database, Map<String, String> options) {
        return schema.flyway(database).placeholders(options);
    }

    private CascadeCleanup closure(TestDatabase database, String links) {
        return CascadeCleanup.of(configuration(database, Map.of("cascade_scope", "closure", "cascade_closure", links)));
    }

    private void migrate(TestDatabase database, Map<String, String> options) {
        CascadeCleanup.of(configuration(database, options)).migrate("60", "test");
    }

    private void undo(TestDatabase database) {
        CascadeCleanup.of(schema.flyway(database)).undo(UndoOptions.defaults().withVersion("60"));
    }

    private void delete(int user, TestDatabase database) throws SQLException {
        database.execute("DELETE FROM users WHERE id = " + schema.user(user));
    }

    private void insertRows(int user, TestDatabase database) throws SQLException {
        database.execute(
                schema.rows().stream().map(row -> row.insertFor(schema, user)).toArray(String[]::new));
    }

    private Contents contents(TestDatabase database) throws SQLException {
        return Contents.of(
                database, schema.rows().stream().map(FixtureRow::table).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Without what belongs to nobody and stays. */
    private Contents perUser(Contents contents) {
        Set<String> tables = schema.rows().stream()
                .filter(row -> row.kind() != FixtureRow.Kind.LOOKUP)
                .map(FixtureRow::table)
                .collect(Collectors.toSet());
        return new Contents(contents.rows().entrySet().stream()
                .filter(entry -> tables.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new)));
    }

    private static List<List<Object>> foreignKeys(TestDatabase database) throws SQLException {
        return database.rows("""
                SELECT t.relname, c.conname, pg_get_constraintdef(c.oid), c.convalidated
                FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
                WHERE c.contype = 'f'
                ORDER BY t.relname, c.conname
                """);
    }
}

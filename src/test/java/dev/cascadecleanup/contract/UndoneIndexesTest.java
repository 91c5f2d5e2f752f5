package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An undo drops the indexes of its migration: not those of another one, and nothing that somebody else has made. */
@ContractTest(oldestAndNewest = true)
class UndoneIndexesTest {

    private static final String[] TWO_PARENTS = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE accounts (id bigint PRIMARY KEY)",
        "CREATE TABLE notes (u bigint REFERENCES users)",
        "CREATE TABLE bills (a bigint REFERENCES accounts)"
    };
    private static final String[] PARTITIONED = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE orders (id bigint, u bigint REFERENCES users) PARTITION BY LIST (id)",
        "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1)"
    };

    private final TestServer server;

    UndoneIndexesTest(TestServer server) {
        this.server = server;
    }

    @Test
    void whatWasBuiltAheadForAnotherMigrationStays() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, TWO_PARENTS)) {
            contract.with("cascade_indexes", "create");
            CascadeCleanup users = CascadeCleanup.of(contract.configuration());
            CascadeCleanup accounts = users.withOptions(
                    CascadeOptions.defaults().toBuilder().parent("accounts").build());
            accounts.createIndexes();
            contract.migrate();
            assertThat(built(contract)).containsExactly("bills", "notes");
            assertThat(users.planUndo(UndoOptions.defaults()).indexes())
                    .singleElement()
                    .asString()
                    .contains("notes");
            contract.undoExactly();
            assertThat(built(contract)).containsExactly("bills");

            accounts.migrate("70", "V070");
            assertThat(contract.undo().indexesDropped()).isOne();
            assertThat(built(contract)).isEmpty();
            contract.now().assertEqualTo(contract.before());
        }
    }

    @Test
    void whatNoMigrationHasMadeItsOwnIsNamedAndStays() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, TWO_PARENTS);
                LogCapture log = LogCapture.open()) {
            CascadeCleanup.of(contract.configuration()).createIndexes();
            assertThat(contract.undo().version()).isNull();
            assertThat(built(contract)).containsExactly("notes");
            assertThat(log.messages("INFO"))
                    .filteredOn(line -> line.contains("no migration has made its own"))
                    .singleElement()
                    .asString()
                    .contains("notes_u_ccidx_");
        }
    }

    @Test
    void whatIsBuiltAfterTheMigrationIsOfThatMigration() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, TWO_PARENTS)) {
            contract.execute("ALTER TABLE bills ADD u bigint REFERENCES users ON DELETE CASCADE");
            contract.migrate();
            assertThat(CascadeCleanup.of(contract.configuration())
                            .createIndexes()
                            .built())
                    .hasSize(2);
            assertThat(contract.undo().indexesDropped()).isEqualTo(2);
            assertThat(built(contract)).isEmpty();
        }
    }

    @Test
    void somebodysIndexThatBecameAPartOfOursStays() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(server, PARTITIONED)) {
            contract.with("cascade_indexes", "create").migrate();
            contract.execute(
                    "CREATE TABLE orders_2 (id bigint, u bigint)",
                    "CREATE INDEX theirs ON orders_2 (u)",
                    "ALTER TABLE orders ATTACH PARTITION orders_2 FOR VALUES IN (2)");
            assertStaysWith(contract, "theirs of orders_2");
            // As the message says.
            contract.execute(
                    "DROP INDEX " + contract.database().<String>value("""
                    SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'I' AND c.relname LIKE '%ccidx%'
                    """), "CREATE INDEX theirs ON orders_2 (u)");
            assertThat(indexes(contract)).containsExactly("theirs");
        }
    }

    /** The server's records of both then have the same transaction. */
    @Test
    void alsoWhenItWasMadeAndAttachedAtOnce() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(server, PARTITIONED)) {
            contract.with("cascade_indexes", "create").migrate();
            contract.execute("BEGIN; CREATE TABLE orders_2 (id bigint, u bigint); CREATE INDEX theirs ON orders_2 (u);"
                    + " ALTER TABLE orders ATTACH PARTITION orders_2 FOR VALUES IN (2); COMMIT");
            assertStaysWith(contract, "theirs of orders_2");
        }
    }

    private static void assertStaysWith(CascadeContract contract, String theirs) throws SQLException {
        List<String> before = indexes(contract);
        assertThat(CascadeCleanup.of(contract.configuration())
                        .planUndo(UndoOptions.defaults())
                        .indexes())
                .isEmpty();
        try (LogCapture log = LogCapture.open()) {
            UndoReport report = contract.undo();
            assertThat(report.indexesDropped()).isZero();
            assertThat(log.messages("WARN"))
                    .filteredOn(line -> line.contains("somebody's own index has become a part of it"))
                    .singleElement()
                    .asString()
                    .contains(theirs, "orders_u_ccidx_", "DROP INDEX");
        }
        assertThat(indexes(contract)).isEqualTo(before);
        assertThat(contract.undo().version()).isNull();
    }

    /** Those are there because ours is. */
    @Test
    void whatTheServerHasMadeForLaterPartitionsGoes() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(server, PARTITIONED)) {
            contract.with("cascade_indexes", "create").migrate();
            contract.execute(
                    "CREATE TABLE orders_2 PARTITION OF orders FOR VALUES IN (2, 3) PARTITION BY LIST (id)",
                    "CREATE TABLE orders_2a PARTITION OF orders_2 FOR VALUES IN (2)",
                    "CREATE TABLE orders_3 (id bigint, u bigint)",
                    "ALTER TABLE orders ATTACH PARTITION orders_3 FOR VALUES IN (4)",
                    "TRUNCATE orders_2a",
                    "VACUUM (FREEZE) orders_2a");
            assertThat(indexes(contract)).hasSize(5);
            contract.undo();
            assertThat(indexes(contract)).isEmpty();
        }
    }

    /** The tables that have an index of ours. */
    private List<String> built(CascadeContract contract) throws SQLException {
        return contract
                .database()
                .rows("SELECT tablename FROM pg_catalog.pg_indexes WHERE indexname LIKE '%ccidx%' ORDER BY tablename")
                .stream()
                .map(row -> (String) row.get(0))
                .toList();
    }

    private static List<String> indexes(CascadeContract contract) throws SQLException {
        return contract
                .database()
                .rows("SELECT indexname FROM pg_indexes WHERE tablename LIKE 'orders%' ORDER BY indexname")
                .stream()
                .map(row -> (String) row.get(0))
                .toList();
    }
}

package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code cascade_indexes = require}, and what is said of indexes that are large, or would be. */
@ContractTest(oldestAndNewest = true)
class RequiredIndexesTest {

    private final TestServer server;

    RequiredIndexesTest(TestServer server) {
        this.server = server;
    }

    @Test
    void refusedOnALargeTableOnly() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE \"large One\" (u bigint, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE small (u bigint REFERENCES users)",
                "INSERT INTO \"large One\" SELECT NULL FROM generate_series(1, 10001)",
                "INSERT INTO small SELECT NULL FROM generate_series(1, 10000)")) {
            contract.with("cascade_indexes", "require");
            String message = contract.migrateRefused();
            assertThat(message)
                    .contains(
                            "\"large One\".of_user (u) -> users(id) has no usable index",
                            "has more than 10000 rows (cascade_indexes = require)",
                            "or set cascade_indexes to create")
                    .doesNotContain("small");
            // As the message says.
            Matcher statement = Pattern.compile("CREATE INDEX [^;]*").matcher(message);
            assertThat(statement.find()).isTrue();
            contract.execute(statement.group());
            contract.migrate();
            assertThat(CascadeCleanup.of(contract.configuration())
                            .verify()
                            .indexes()
                            .missing())
                    .hasSize(1);
        }
    }

    @Test
    void anIndexOverTheValuesAloneWhereMostAreNull() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE rarely (u bigint REFERENCES users)",
                "CREATE TABLE mostly (u bigint REFERENCES users)",
                "INSERT INTO users SELECT generate_series(1, 1000)",
                "INSERT INTO rarely SELECT CASE WHEN i % 10 = 0 THEN i END FROM generate_series(1, 1000) i",
                "INSERT INTO mostly SELECT CASE WHEN i % 10 > 0 THEN i END FROM generate_series(1, 1000) i",
                "ANALYZE")) {
            contract.with("cascade_indexes", "create").migrate();
            assertThat(contract.database()
                            .rows("SELECT tablename, indexdef LIKE '% WHERE (u IS NOT NULL)' FROM pg_indexes"
                                    + " WHERE indexname LIKE '%ccidx%' ORDER BY 1"))
                    .containsExactly(List.of("mostly", false), List.of("rarely", true));
            assertThat(IndexZoo.scanned(contract.database())).isEmpty();
            contract.undoExactly();
        }
    }

    @Test
    void saysWhenTheyTakeMoreThanATenthOfTheDatabase() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                        server,
                        "CREATE TABLE users (id bigint PRIMARY KEY)",
                        "CREATE TABLE many (u bigint REFERENCES users)",
                        "INSERT INTO users VALUES (1)",
                        "INSERT INTO many SELECT 1 FROM generate_series(1, 100000)",
                        "ANALYZE many");
                LogCapture log = LogCapture.open()) {
            contract.with("cascade_indexes", "create").migrate();
            assertThat(log.messages("WARN"))
                    .anyMatch(line ->
                            line.matches("(?s).*the new indexes may take 2.1 MB, more than a tenth of the database's"
                                    + " \\d+ MB: see that there is room on the disk.*"));
            assertThat(log.messages("INFO"))
                    .anyMatch(line -> line.contains("index on many (u): building, a table of "))
                    .anyMatch(line -> line.matches(".*index on many \\(u\\): built, \\d+ ms"));
        }
    }
}

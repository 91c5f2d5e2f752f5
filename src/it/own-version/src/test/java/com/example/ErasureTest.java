package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cascadecleanup.CascadeAssertions;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a service would add to its own tests. */
class ErasureTest {

    private static final CascadeOptions AS_IN_V067 = CascadeOptions.defaults().toBuilder()
            .keep("invoices.customer")
            .setNull("reviews.checked_by")
            .build();

    private static EmbeddedPostgres postgres;
    private static DataSource dataSource;
    private static Flyway flyway;

    @BeforeAll
    static void migrate() throws IOException {
        postgres = EmbeddedPostgres.start();
        dataSource = postgres.getPostgresDatabase();
        flyway = Flyway.configure().dataSource(dataSource).load();
        flyway.migrate();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void nothingButOurOwnMigrationsRan() {
        assertEquals(
                "[001, 067]",
                Arrays.stream(flyway.info().applied())
                        .map(MigrationInfo::getVersion)
                        .toList()
                        .toString());
    }

    @Test
    void everyForeignKeyOnUsersIsAsWeWantIt() {
        CascadeAssertions.assertDeletesCascade(dataSource, AS_IN_V067);
        assertTrue(
                CascadeCleanup.of(dataSource).withOptions(AS_IN_V067).verify().passed());
        // Without the options of V067 the two exceptions count.
        AssertionError error =
                assertThrows(AssertionError.class, () -> CascadeAssertions.assertDeletesCascade(dataSource));
        assertTrue(error.getMessage().contains("invoices.invoices_of_users"), error.getMessage());
    }

    @Test
    void oneDeleteErasesAPerson() {
        CascadeCleanup.of(dataSource).withOptions(AS_IN_V067).prove().assertPassed();
    }

    @Test
    void invoicesAndForeignReviewsStay() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO users VALUES (1, 'ann@example.org'), (2, 'bob@example.org');
                    INSERT INTO addresses VALUES (1, 1), (2, 2);
                    INSERT INTO invoices VALUES (1, 1), (2, 2);
                    INSERT INTO reviews VALUES (1, 1, 2), (2, 2, 1)
                    """);
            statement.execute("DELETE FROM users WHERE id = 1");
            try (ResultSet rows = statement.executeQuery("""
                    SELECT string_agg(concat_ws(' ', t, id, coalesce(owner, 0), checked_by), ', ' ORDER BY t, id) FROM (
                        SELECT 'address' AS t, id, user_id AS owner, NULL::bigint AS checked_by FROM addresses
                        UNION ALL SELECT 'invoice', id, customer, NULL FROM invoices
                        UNION ALL SELECT 'review', id, author, checked_by FROM reviews) AS rest
                    """)) {
                rows.next();
                assertEquals("address 2 2, invoice 1 0, invoice 2 2, review 2 2", rows.getString(1));
            }
        }
    }
}

package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.report.OutcomeRecorder;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** The executable jar of a Spring Boot application, with the library among its nested jars, as a process of its own. */
class SpringBootIT {

    private static final String LATER = "--spring.flyway.locations=classpath:db/migration,classpath:db/later";

    private static final String JAR = "target/shop.jar";

    private static Path project;

    private TestDatabase database;

    @BeforeAll
    static void build(TestReporter reporter) throws IOException {
        project = Consumers.copy("spring-boot");
        Consumers.maven(project, "package").run().requireSuccess();
        try (JarFile shop = new JarFile(project.resolve(JAR).toFile())) {
            reporter.publishEntry(
                    OutcomeRecorder.RAN_WITH,
                    Stream.of("spring-boot", "flyway-core", "HikariCP")
                                    .map(artifact -> Pattern.compile("BOOT-INF/lib/(" + artifact + "-\\d.*)\\.jar"))
                                    .map(jar -> shop.stream()
                                            .map(ZipEntry::getName)
                                            .map(jar::matcher)
                                            .filter(Matcher::matches)
                                            .findFirst()
                                            .orElseThrow()
                                            .group(1))
                                    .collect(Collectors.joining(", "))
                            + " on " + Postgres.newest());
        }
    }

    /** In production up to version 59, with people in it. */
    @BeforeEach
    void createDatabase() throws SQLException {
        database = Postgres.newest().databaseOf("SpringBootIT", empty -> {
            Flyway.configure()
                    .dataSource(empty.dataSource())
                    .locations("filesystem:" + project.resolve("src/main/resources/db/migration"))
                    .load()
                    .migrate();
            empty.execute(
                    "INSERT INTO users VALUES (1, 'ann@example.org'), (2, 'bob@example.org')",
                    "INSERT INTO addresses VALUES (1, 1), (2, 2)",
                    "INSERT INTO orders VALUES (1, 1), (2, 2)",
                    "INSERT INTO order_lines VALUES (1, 1), (2, 2)",
                    "INSERT INTO reviews VALUES (1, 1, 2), (2, 2, 1)");
        });
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        database.close();
    }

    /** With an option in the file and another in the environment, and the smallest pool that Flyway itself can do with. */
    @Test
    void erasesAPersonOnceItHasStarted() throws Exception {
        Program shop = shop("--spring.datasource.hikari.maximum-pool-size=2")
                .environment(Map.of("SPRING_FLYWAY_PLACEHOLDERS_CASCADE_KEEP", "invoices.user_id"));
        try (Application application = Application.start(shop)) {
            assertThat(application.delete("/users/1")).isEqualTo(204);
            assertThat(application.delete("/users/1")).isEqualTo(404);
        }
        assertThat(database.rows("SELECT id, user_id FROM addresses UNION ALL SELECT id, user_id FROM orders"
                        + " UNION ALL SELECT id, order_id FROM order_lines"))
                .containsOnly(List.of(2L, 2L))
                .hasSize(3);
        assertThat(database.rows("SELECT id, user_id, checked_by IS NULL FROM reviews"))
                .containsExactly(List.of(2L, 2L, true));
        assertThat(actions())
                .containsExactly(
                        List.of("addresses_of_users", "c"),
                        List.of("invoices_of_users", "a"),
                        List.of("lines_of_orders", "c"),
                        List.of("orders_of_users", "c"),
                        List.of("reviews_checked_by", "n"),
                        List.of("reviews_of_users", "c"));
    }

    /** By the controller of the page about it, over the same pool. */
    @Test
    void erasesAPersonByTheLibrary() throws Exception {
        try (Application application = Application.start(shop("--spring.datasource.hikari.maximum-pool-size=2"))) {
            assertThat(application.delete("/users/1/permanently")).isEqualTo(200);
            assertThat(application.delete("/users/1/permanently")).isEqualTo(404);
            assertThat(application.delete("/users/1%20OR%201=1/permanently")).isEqualTo(404);
        }
        assertThat(
                        database.rows(
                                "SELECT id FROM users UNION ALL SELECT user_id FROM addresses UNION ALL SELECT user_id FROM orders"))
                .containsOnly(List.of(2L))
                .hasSize(3);
    }

    @Test
    void needsAPoolOfTwoAndNoMoreWithTheGuard() throws Exception {
        Output one = shop(
                        "--spring.datasource.hikari.maximum-pool-size=1",
                        "--spring.datasource.hikari.connection-timeout=2000")
                .run()
                .requireFailure();
        assertThat(one.all()).contains("total=1, active=1");
        Program two = shop("--spring.profiles.active=guard", "--spring.datasource.hikari.maximum-pool-size=2");
        try (Application application = Application.start(two)) {
            assertThat(application.delete("/users/1")).isEqualTo(204);
        }
        assertThat(applied()).containsExactly("001", "059", "060");
    }

    @Test
    void twoInstancesStartAtOnce() throws Exception {
        try (Application one = Application.start(guarded());
                Application other = Application.start(guarded())) {
            assertThat(one.delete("/users/1")).isEqualTo(204);
            assertThat(other.delete("/users/2")).isEqualTo(204);
        }
        assertThat(applied()).containsExactly("001", "059", "060");
        assertThat(database.<Long>value("SELECT count(*) FROM addresses")).isZero();
    }

    /** With the lock that Flyway has by default, it is refused; both instances come up with the callback. */
    @Test
    void twoInstancesBuildTheIndexesOfALargeTable() throws Exception {
        database.execute(
                "CREATE TABLE visits (user_id bigint CONSTRAINT visits_of_users REFERENCES users, filler text)",
                "ALTER TABLE visits ALTER filler SET STORAGE PLAIN",
                "INSERT INTO visits SELECT 1 + i % 2, repeat('x', 7000) FROM generate_series(1, 2500) i",
                "ANALYZE visits");
        String create = "--spring.flyway.placeholders.cascade_indexes=create";
        assertThat(shop(create).run().requireFailure().all())
                .contains("visits (user_id) of 20 MB", "would wait for ever", "dev.cascadecleanup.CascadeIndexes");
        try (Application one = Application.start(building(create));
                Application other = Application.start(building(create))) {
            assertThat(one.delete("/users/1")).isEqualTo(204);
            assertThat(other.delete("/users/2")).isEqualTo(204);
        }
        assertThat(applied()).containsExactly("001", "059", "060");
        assertThat(database.rows("SELECT indisvalid FROM pg_index WHERE indrelid = 'visits'::regclass"))
                .containsExactly(List.of(true));
    }

    private Program building(String... arguments) {
        return shop("--spring.profiles.active=indexes,guard", "--spring.datasource.hikari.maximum-pool-size=4")
                .with(arguments);
    }

    @Test
    void doesNotStartOnceALaterMigrationAddsAForeignKeyThatDoesNotCascade() throws Exception {
        Output refused = guarded(LATER).run().requireFailure();
        assertThat(refused.all())
                .contains("complaints.complaints_of_users", "ON DELETE CASCADE", "cascade_keep", "cascade_guard = warn")
                .doesNotContain("Tomcat started");
        assertThat(applied()).containsExactly("001", "059", "060", "061");
    }

    @Test
    void leavesTheH2OfATestProfileAlone() throws Exception {
        Program shop = Program.java(project, "-jar", JAR, "--spring.profiles.active=guard,h2");
        try (Application application = Application.start(shop)) {
            assertThat(application.delete("/users/1")).isEqualTo(404);
            assertThat(application.log()).contains("skipped: H2 is neither PostgreSQL nor CockroachDB");
        }
    }

    /** With the guard, and the smallest pool for it. */
    private Program guarded(String... arguments) {
        return shop("--spring.profiles.active=guard", "--spring.datasource.hikari.maximum-pool-size=3")
                .with(arguments);
    }

    private Program shop(String... arguments) {
        return Program.java(
                        project,
                        "-jar",
                        JAR,
                        "--spring.datasource.url=" + database.jdbcUrl(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password())
                .with(arguments);
    }

    private List<List<Object>> actions() throws SQLException {
        return database.rows("SELECT conname, confdeltype::text FROM pg_constraint WHERE contype = 'f' ORDER BY 1");
    }

    private List<Object> applied() throws SQLException {
        return database.rows("SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank").stream()
                .map(row -> row.get(0))
                .toList();
    }
}

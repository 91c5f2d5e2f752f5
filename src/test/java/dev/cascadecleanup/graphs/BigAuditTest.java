package dev.cascadecleanup.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.audit.AuditReport;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.WideSchemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * 2,000 tables and 10,000 foreign keys fit into a small heap: with the profile {@code matrix}, for PostgreSQL takes half a minute to make
 * them, and else a fifth of them into a quarter of it. How long it takes is measured by the benchmark.
 */
class BigAuditTest {

    private static final boolean ALL = Boolean.getBoolean("cascade.matrix");
    private static final int TABLES = ALL ? 2_000 : 400;
    private static final int KEYS_PER_TABLE = 5;
    private static final int CHARACTERS = ALL ? 1_000_000 : 100_000;

    @Test
    void auditAndPlanAreSmall() throws Exception {
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            database.execute(WideSchemas.tangled(TABLES, KEYS_PER_TABLE).toArray(String[]::new));
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            ALL ? "-Xmx256m" : "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Auditing.class.getName(),
                            database.jdbcUrl(),
                            database.user(),
                            String.valueOf(CHARACTERS)))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains("audited and planned");
        }
    }

    /** Runs in a JVM of its own, with the heap that the test allows. */
    static final class Auditing {

        public static void main(String[] arguments) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(arguments[0]);
            dataSource.setUser(arguments[1]);
            AuditReport report = CascadeCleanup.of(dataSource).audit();
            CascadeCleanup.of(dataSource)
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .scope(CascadeOptions.Scope.CLOSURE)
                            .build())
                    .plan();
            boolean written = report.toText().length() > Integer.parseInt(arguments[2])
                    && report.toJson().length() > report.toText().length();
            System.out.println("audited and " + (written ? "planned" : "not written"));
        }
    }
}

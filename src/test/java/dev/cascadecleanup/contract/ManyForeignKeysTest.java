package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hundreds of foreign keys: reading the catalog costs as many queries as for 25. How long that takes is measured by the benchmark. */
@ContractTest(oldestAndNewest = true)
class ManyForeignKeysTest {

    private static final int MANY = 500;
    private static final int FEW = 25;
    private static final int A_TABLE = 25;
    private final TestServer server;

    ManyForeignKeysTest(TestServer server) {
        this.server = server;
    }

    @Test
    void readingTakesAConstantNumberOfQueries() throws Exception {
        try (TestDatabase many = databaseWith(MANY);
                TestDatabase few = databaseWith(FEW)) {
            assertThat(statementsOfReading(many, MANY))
                    .isEqualTo(statementsOfReading(few, FEW))
                    .isPositive();
            assertThat(statementsOfARunWithNothingToDo(many))
                    .isEqualTo(statementsOfARunWithNothingToDo(few))
                    .isPositive();
            // CockroachDB drops a database foreign key by foreign key, which takes a minute for 500; this way it takes
            // six seconds.
            many.execute("DROP TABLE users CASCADE");
        }
    }

    /** Each run says it again, and the rest of the log is to be found. */
    @Test
    void logsAFewOfThoseThatStillRefuse() throws Exception {
        List<String> schema = new ArrayList<>(List.of(
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE posts (id bigint PRIMARY KEY, u bigint REFERENCES users ON DELETE CASCADE)"));
        for (int i = 0; i < FEW; i++) {
            schema.add("CREATE TABLE part%02d (p bigint NOT NULL CONSTRAINT of_post REFERENCES posts)".formatted(i));
        }
        StringBuilder likes = new StringBuilder("CREATE TABLE likes (x bigint");
        for (int i = 0; i < FEW; i++) {
            likes.append(", p%1$d bigint, CONSTRAINT fk%1$02d FOREIGN KEY (p%1$d) REFERENCES posts".formatted(i));
        }
        schema.add(likes.append(")").toString());
        try (CascadeContract contract = CascadeContract.on(server, schema);
                LogCapture log = LogCapture.open()) {
            contract.migrate();

            assertThat(log.messages("WARN"))
                    .filteredOn(line -> line.startsWith("  part") || line.startsWith("  likes"))
                    .hasSize(20);
            assertThat(log.messages("WARN"))
                    .contains(
                            2 * FEW + " links can refuse the delete:",
                            "  and " + (2 * FEW - 20) + " more; a plan lists all of them",
                            "  cascade_scope = closure");
            assertThat(log.messages("WARN"))
                    .filteredOn(line -> line.startsWith("to decide as proposed"))
                    .singleElement()
                    .asString()
                    .contains("class V061__CascadeCleanup extends dev.cascadecleanup.CascadeMigration");
            assertThat(log.messages("WARN")).allSatisfy(line -> assertThat(line).hasSizeLessThan(1_000));
            assertThat(CascadeCleanup.of(contract.configuration())
                            .plan()
                            .advice()
                            .byScope())
                    .anySatisfy(line -> assertThat(line).contains("part24.of_post"));
        }
    }

    private TestDatabase databaseWith(int foreignKeys) throws SQLException {
        return server.databaseOf("ManyForeignKeysTest " + foreignKeys, database -> {
            List<String> schema = new ArrayList<>(List.of("CREATE TABLE users (id bigint PRIMARY KEY)"));
            for (int first = 0; first < foreignKeys; first += A_TABLE) {
                // CockroachDB takes half a second for a table, however many foreign keys it has.
                schema.add(IntStream.range(first, first + A_TABLE)
                        .mapToObj(
                                ("u%1$d bigint, CONSTRAINT fk%1$d FOREIGN KEY (u%1$d) REFERENCES users ON DELETE CASCADE")
                                        ::formatted)
                        .collect(Collectors.joining(", ", "CREATE TABLE t" + first / A_TABLE + " (", ")")));
            }
            database.execute(schema.toArray(String[]::new));
        });
    }

    private static int statementsOfReading(TestDatabase database, int foreignKeys) throws SQLException {
        AtomicInteger statements = new AtomicInteger();
        try (Connection connection = database.connect()) {
            Catalog catalog = Catalogs.open(counting(connection, statements)).orElseThrow();
            assertThat(catalog.read().foreignKeys()).hasSize(foreignKeys);
        }
        return statements.get();
    }

    /** The fewest of three: where a transaction lost against another one, its statements were sent again. */
    private static int statementsOfARunWithNothingToDo(TestDatabase database) throws SQLException {
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            fewest = Math.min(fewest, statementsOfOneRun(database));
        }
        return fewest;
    }

    private static int statementsOfOneRun(TestDatabase database) throws SQLException {
        AtomicInteger statements = new AtomicInteger();
        try (Connection connection = database.connect()) {
            BorrowedConnection.migrate(CascadeContract.configuration(database), counting(connection, statements));
        }
        return statements.get();
    }

    private static Connection counting(Connection connection, AtomicInteger statements) {
        return (Connection) Proxy.newProxyInstance(
                ManyForeignKeysTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        // Several may go in one trip. CockroachDB has no other catalog of some things: one trip for all
                        // tables.
                        statements.addAndGet((int) Arrays.stream(((String) arguments[0]).split(";\n"))
                                .map(sql -> sql.replaceFirst("(SHOW CREATE TABLE) .*", "$1"))
                                .distinct()
                                .count());
                    } else if (method.getName().equals("createStatement")) {
                        statements.incrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

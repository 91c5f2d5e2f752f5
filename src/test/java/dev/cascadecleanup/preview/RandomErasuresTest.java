package dev.cascadecleanup.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseProgress;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.erase.EraseRefusedException;
import dev.cascadecleanup.erase.ErasureListener;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.erase.EraseRun;
import dev.cascadecleanup.internal.erase.Foresight;
import dev.cascadecleanup.internal.preview.SchemaMemory;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.Seeds;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * Random foreign keys and committed rows of five people: an erasure that takes apart whatever it may, also one that dies on the way and is
 * run again, ends where the one DELETE ends. Where the DELETE is refused, nothing is gone; and even an erasure that is told to go ahead does
 * not get further than the DELETE. {@code mvn test -Ppreviews} makes 5,000 of them, {@code -Dcascade.test.previews=N} another
 * number; {@code -Dcascade.test.preview.seed=17} replays one, or begins there.
 */
@ContractTest(oldestAndNewest = true)
class RandomErasuresTest {

    private static final long FIRST_SEED = 100_001;
    private static final int ON_NEWEST = 300;
    private static final int ON_OTHERS = 40;
    private static final int ON_COCKROACH = 2;
    /** A session of PostgreSQL keeps the plans of all foreign keys that it has ever checked, and each DDL looks at all of them. */
    private static final int ON_ONE_CONNECTION = 50;
    /** Foreign keys, RESTRICT, NOT NULL, CHECK. */
    private static final Set<String> REFUSED = Set.of("23503", "23001", "23502", "23514");

    private static final String SCHEMA = "p";
    private static final EraseOptions EVERYTHING_IN_STEPS =
            EraseOptions.defaults().withDrainAbove(1).withStepGoal(Duration.ofMinutes(1));
    private static final EraseOptions AT_ONCE = EVERYTHING_IN_STEPS.withoutPreview();

    private final TestServer server;
    private long drained;
    private int refused;
    private int erased;
    private int died;
    private int written;

    RandomErasuresTest(TestServer server) {
        this.server = server;
    }

    @Test
    void endsWhereTheOneDeleteEnds() throws Exception {
        Seeds seeds = Seeds.of("preview", FIRST_SEED, usual());
        try (TestDatabase database = server.createDatabase()) {
            for (long seed = seeds.first(); seed <= seeds.last(); seed += ON_ONE_CONNECTION) {
                try (Connection connection = database.connect()) {
                    for (long each = seed; each <= Math.min(seeds.last(), seed + ON_ONE_CONNECTION - 1); each++) {
                        run(database, connection, each);
                    }
                }
            }
        }
        System.out.println("[erase] " + server + ": " + erased + " erased, " + drained + " rows of them in steps, "
                + died + " died on the way and were run again, " + written + " writes meanwhile, " + refused
                + " refused");
        if (seeds.areEnough()) {
            assertThat(drained).as("rows in steps").isGreaterThan(erased);
            assertThat(refused).isGreaterThan(10);
            assertThat(died).isGreaterThan(10);
            assertThat(server.isCockroach() || written > 10)
                    .as("on PostgreSQL somebody writes")
                    .isTrue();
        }
    }

    private void run(TestDatabase database, Connection connection, long seed) {
        RandomPeople people = RandomPeople.of(seed, !server.isCockroach());
        RandomPeople chosen = seed % 3 == 0 ? people : mostlyCascading(people);
        try {
            new Trial(database, connection, chosen).run();
        } catch (AssertionError | Exception e) {
            throw new AssertionError("replay with -Dcascade.test.preview.seed=" + seed + "\n" + chosen, e);
        }
    }

    /** Left to chance, most deletes are refused. */
    private static RandomPeople mostlyCascading(RandomPeople people) {
        Random random = new Random(people.seed());
        List<RandomPeople.Key> keys = people.keys().stream()
                .map(key -> key.action().equals("CASCADE") || random.nextInt(6) == 0 ? key : cascading(key))
                .toList();
        return new RandomPeople(people.seed(), people.postgres(), people.tables(), keys, people.extras());
    }

    private static RandomPeople.Key cascading(RandomPeople.Key key) {
        return new RandomPeople.Key(
                key.name(),
                key.table(),
                key.referenced(),
                key.columns(),
                key.target(),
                key.nullable(),
                "CASCADE",
                key.rest(),
                key.defaultId(),
                key.values());
    }

    private int usual() {
        return server.isCockroach() ? ON_COCKROACH : server == Postgres.newest() ? ON_NEWEST : ON_OTHERS;
    }

    /** One schema and one person of it. */
    private final class Trial {

        private final Connection connection;
        private final RandomPeople people;
        private final DataSource dataSource;
        private final CascadeOptions options =
                CascadeOptions.defaults().toBuilder().parent(SCHEMA + ".t0").build();

        Trial(TestDatabase database, Connection connection, RandomPeople people) {
            this.connection = connection;
            this.people = people;
            // There the lease is renewed over a second one.
            this.dataSource = people.postgres() ? new SharedConnection(connection) : database.dataSource();
        }

        void run() throws SQLException {
            build();
            Set<String> before = rows();
            Set<String> expected = afterTheDelete();
            boolean asked;
            try {
                check(
                        CascadeCleanup.of(dataSource).withOptions(options).erase("1", EVERYTHING_IN_STEPS),
                        before,
                        expected);
                asked = true;
            } catch (EraseRefusedException e) {
                assertThat(rows()).as("nothing is gone: " + e.getMessage()).isEqualTo(before);
                refused++;
                asked = false;
            }
            if (!asked) {
                goAhead(before, expected);
            } else if (people.seed() % 2 == 0) {
                refill();
                dieAndRunAgain();
                assertThat(rows()).as("died and run again").isEqualTo(expected);
                died++;
            } else if (people.seed() % 4 == 3 && people.postgres()) {
                refill();
                whileOthersWrite();
            } else {
                refill();
                check(CascadeCleanup.of(dataSource).withOptions(options).erase("1", AT_ONCE), before, expected);
            }
        }

        /** Nobody has agreed to it, or the DELETE is refused: in the first case it is the same, in the second the person stays. */
        private void goAhead(Set<String> before, Set<String> expected) throws SQLException {
            Catalog catalog = Catalogs.open(connection).orElseThrow();
            EraseRun run = new EraseRun(
                            connection,
                            people.postgres() ? null : dataSource,
                            catalog,
                            catalog.server(),
                            "public",
                            options,
                            EVERYTHING_IN_STEPS,
                            new Silence(),
                            new SchemaMemory())
                    .withForesight(
                            key -> new Foresight.Outlook(Foresight.Verdict.SUCCEEDS, List.of(), Long.MAX_VALUE, null));
            if (expected == null) {
                assertThatThrownBy(() -> run.erase("1")).isInstanceOf(CascadeException.class);
                assertThat(rows()).as("the person is still there").contains(person(before));
            } else {
                check(run.erase("1"), before, expected);
            }
        }

        private static String person(Set<String> rows) {
            return rows.stream()
                    .filter(row -> row.startsWith("t0 (1,"))
                    .findFirst()
                    .orElseThrow();
        }

        private void check(EraseReceipt receipt, Set<String> before, Set<String> expected) throws SQLException {
            Set<String> after = rows();
            assertThat(after).isEqualTo(expected);
            if (receipt.counted()) {
                assertThat(receipt.rowsDeleted()).isEqualTo(before.size() - after.size());
            }
            drained += receipt.rows().stream()
                    .mapToLong(EraseReceipt.Rows::drained)
                    .sum();
            erased++;
        }

        /**
         * After each step somebody writes. Whatever was written last, the one DELETE would then have left just what is left in the end: no
         * step before it has changed that, and none behind it.
         */
        private void whileOthersWrite() throws SQLException {
            Writer writer = new Writer();
            writer.expected = afterTheDelete();
            EraseOptions watched = EVERYTHING_IN_STEPS.withListener(writer);
            try {
                CascadeCleanup.of(dataSource).withOptions(options).erase("1", watched);
                assertThat(rows()).as(writer.done.toString()).isEqualTo(writer.expected);
            } catch (CascadeException e) {
                assertThat(writer.expected).as(writer.done + ", and then " + e).isNull();
                assertThat(rows()).anyMatch(row -> row.startsWith("t0 (1,"));
            }
            written += writer.done.size();
        }

        private final class Writer implements ErasureListener {

            private final Random random = new Random(people.seed());
            private final List<String> done = new ArrayList<>();
            private Set<String> expected;

            @Override
            public void progressed(EraseProgress progress) {
                try {
                    for (int i = 1 + random.nextInt(3); i > 0; i--) {
                        write(random.nextInt(3) == 0 ? copy() : move());
                    }
                    expected = afterTheDelete();
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            }

            private void write(String sql) throws SQLException {
                try {
                    execute(sql);
                    done.add(sql);
                } catch (SQLException e) {
                    // What it references is gone, or another constraint is against it.
                    assertThat(e.getSQLState()).as(e.getMessage()).startsWith("23");
                }
            }

            /** A row gets to reference another one, of the person or of somebody else. */
            private String move() {
                RandomPeople.Key key =
                        people.keys().get(random.nextInt(people.keys().size()));
                int referenced =
                        1 + random.nextInt(people.tables().get(key.referenced()).rows());
                return "UPDATE " + SCHEMA + ".t" + key.table() + " SET "
                        + key.columns().get(0) + " = "
                        + (key.target() == RandomPeople.Target.ALIAS ? referenced + 500 : referenced) + " WHERE id = "
                        + anyRow(key.table());
            }

            private String copy() {
                int table = 1 + random.nextInt(people.tables().size() - 1);
                int more = 1000 * (1 + done.size());
                return "INSERT INTO " + SCHEMA + ".t" + table
                        + " SELECT (jsonb_populate_record(t, jsonb_build_object('id', id + " + more
                        + ", 'twin', twin + " + more + ", 'alias', alias + " + more + "))).* FROM " + SCHEMA + ".t"
                        + table
                        + " t WHERE id = " + anyRow(table);
            }

            private int anyRow(int table) {
                return 1 + random.nextInt(people.tables().get(table).rows());
            }
        }

        /** At a statement that deletes, before or after it, the connection is as good as gone. */
        private void dieAndRunAgain() throws SQLException {
            Random random = new Random(people.seed());
            Gate death = new Gate() {
                private int left = 1 + random.nextInt(6);
                private final boolean before = random.nextBoolean();

                @Override
                public void before(String sql) throws SQLException {
                    if (before) {
                        pass(sql);
                    }
                }

                @Override
                public void after(String sql) throws SQLException {
                    if (!before) {
                        pass(sql);
                    }
                }

                private void pass(String sql) throws SQLException {
                    if (sql.contains("DELETE FROM") && --left == 0) {
                        throw new SQLException("died " + (before ? "before " : "after ") + sql, "08006");
                    }
                }
            };
            try {
                CascadeCleanup.of(death.guard(dataSource)).withOptions(options).erase("1", EVERYTHING_IN_STEPS);
                return;
            } catch (CascadeException e) {
                assertThat(e).hasMessageContaining("died ");
            }
            if (rows().stream().anyMatch(row -> row.startsWith("t0 (1,"))) {
                CascadeCleanup.of(dataSource).withOptions(options).erase("1", EVERYTHING_IN_STEPS);
            }
        }

        private void build() throws SQLException {
            execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
            String script = "CREATE SCHEMA " + SCHEMA + ";\n" + people.sql(SCHEMA);
            if (people.postgres()) {
                execute(script);
            } else {
                RandomPeople.build(connection, List.of(script.split(";\n")));
            }
        }

        /** All rows anew; where that is possible without making the tables anew. */
        private void refill() throws SQLException {
            if (!people.postgres() || people.extras().stream().anyMatch(extra -> extra.contains(" CHECK "))) {
                // A row may violate a CHECK that has been added after it.
                build();
                return;
            }
            execute("SET session_replication_role = replica;\n"
                    + people.tables().stream()
                            .map(table -> "DELETE FROM " + SCHEMA + '.' + table.name() + ";\n")
                            .collect(Collectors.joining())
                    + people.sql(SCHEMA)
                            .lines()
                            .filter(line -> line.startsWith("INSERT"))
                            .collect(Collectors.joining("\n"))
                    + "\nRESET session_replication_role");
        }

        /** What the one DELETE leaves, to the end of all deferred checks; null if it is refused. Takes it back. */
        private Set<String> afterTheDelete() throws SQLException {
            connection.setAutoCommit(false);
            try {
                execute("DELETE FROM " + SCHEMA + ".t0 WHERE id = 1");
                if (people.postgres()) {
                    execute("SET CONSTRAINTS ALL IMMEDIATE");
                }
                return rows();
            } catch (SQLException e) {
                assertThat(e.getSQLState()).as(e.getMessage()).isIn(REFUSED);
                return null;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }

        private Set<String> rows() throws SQLException {
            String sql = people.tables().stream()
                    .map(table ->
                            "SELECT '" + table.name() + " ' || r::text FROM " + SCHEMA + '.' + table.name() + " r")
                    .collect(Collectors.joining(" UNION ALL "));
            Set<String> rows = new TreeSet<>();
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    rows.add(result.getString(1));
                }
            }
            return rows;
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    private record Silence() implements Console {

        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {}
    }
}

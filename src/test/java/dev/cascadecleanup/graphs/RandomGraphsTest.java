package dev.cascadecleanup.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.plan.ReachFinder;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import dev.cascadecleanup.plan.Verdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.Seeds;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random foreign keys and rows: what the library predicts against what the database does. {@code mvn test -Pgraphs} makes 5,000
 * of them, {@code -Dcascade.test.graphs=N} another number; {@code -Dcascade.test.graph.seed=17} replays one, or begins there.
 */
@ContractTest(oldestAndNewest = true)
class RandomGraphsTest {

    private static final long FIRST_SEED = 1;
    private static final int ON_NEWEST = 150;
    private static final int ON_OTHERS = 20;
    private static final int ON_COCKROACH = 2;
    /** A session of PostgreSQL keeps the plans of all foreign keys that it has ever checked, and each DDL looks at all of them. */
    private static final int ON_ONE_CONNECTION = 50;

    private static final Set<String> REFUSED = Set.of("23503", "23001");

    private final TestServer server;

    RandomGraphsTest(TestServer server) {
        this.server = server;
    }

    @Test
    void theDatabaseDoesWhatIsPredicted() throws Exception {
        Seeds seeds = Seeds.of("graph", FIRST_SEED, usual());
        Map<DeletePrediction.Outcome, Integer> outcomes = new HashMap<>();
        try (TestDatabase database = server.createDatabase()) {
            for (long seed = seeds.first(); seed <= seeds.last(); seed += ON_ONE_CONNECTION) {
                try (Connection connection = database.connect()) {
                    run(connection, seed, Math.min(seeds.last(), seed + ON_ONE_CONNECTION - 1), outcomes);
                }
            }
        }
        if (seeds.areEnough()) {
            assertThat(outcomes).as("each outcome is tried").containsKeys(DeletePrediction.Outcome.values());
            assertThat(outcomes.get(DeletePrediction.Outcome.EITHER))
                    .as("few are left open")
                    .isLessThan((int) (seeds.last() - seeds.first()) / 4);
        }
    }

    private void run(Connection connection, long first, long last, Map<DeletePrediction.Outcome, Integer> outcomes) {
        for (long seed = first; seed <= last; seed++) {
            RandomGraph graph = RandomGraph.of(seed, !server.isCockroach());
            try {
                new Trial(connection, graph).run(outcomes);
            } catch (AssertionError | Exception e) {
                throw new AssertionError("replay with -Dcascade.test.graph.seed=" + seed + "\n" + graph, e);
            }
        }
    }

    private int usual() {
        return server.isCockroach() ? ON_COCKROACH : server == Postgres.newest() ? ON_NEWEST : ON_OTHERS;
    }

    /** One graph, before and after the closure. */
    private static final class Trial {

        private final Connection connection;
        private final RandomGraph random;
        private final GraphInDatabase database;

        Trial(Connection connection, RandomGraph random) {
            this.connection = connection;
            this.random = random;
            this.database = new GraphInDatabase(connection, random);
        }

        void run(Map<DeletePrediction.Outcome, Integer> outcomes) throws SQLException {
            database.build();

            Catalog catalog = Catalogs.open(connection).orElseThrow();
            Server server = catalog.server();
            ForeignKeyGraph graph = catalog.read();
            CascadeOptions options = CascadeOptions.defaults().toBuilder()
                    .parent(GraphInDatabase.SCHEMA + ".t0")
                    .build();
            CascadePlan direct = CascadePlanner.plan(graph, server, null, options);
            assertThat(direct.problems()).isEmpty();
            Reach today =
                    ReachFinder.today(graph, server, options, direct.parents()).get(0);
            outcomes.merge(compare(server, graph, today), 1, Integer::sum);

            CascadePlan plan = CascadePlanner.plan(graph, server, null, advised(options, direct));
            assertThat(plan.problems()).isEmpty();
            database.convert(plan.conversions());
            ForeignKeyGraph converted = catalog.read();
            CascadePlan again = CascadePlanner.plan(converted, server, null, advised(options, direct));
            assertThat(again.conversions()).as("planned twice").isEmpty();
            assertThat(again.open().stream().map(Link::toString))
                    .isEqualTo(plan.open().stream().map(Link::toString).toList());
            DeletePrediction.Outcome outcome =
                    compare(server, converted, again.reach().get(0));
            if (!random.linked() && again.open().isEmpty()) {
                assertThat(outcome).as("nothing is open any more").isEqualTo(DeletePrediction.Outcome.SUCCEEDS);
            }
        }

        private static CascadeOptions advised(CascadeOptions options, CascadePlan direct) {
            return options.toBuilder()
                    .scope(CascadeOptions.Scope.CLOSURE)
                    .closure(String.join(",", direct.advice().closure()))
                    .setNull(String.join(",", direct.advice().setNull()))
                    .accept(String.join(",", direct.advice().accept()))
                    .build();
        }

        private DeletePrediction.Outcome compare(Server server, ForeignKeyGraph graph, Reach reach)
                throws SQLException {
            Rows before = database.rows();
            DeletePrediction prediction = new DeletePrediction(
                    server.product(),
                    graph.foreignKeys(),
                    ForeignKey::definition,
                    before,
                    defaults(),
                    Rows.key("t0", 1));
            GraphInDatabase.Deletion deletion = database.delete(1, REFUSED);
            switch (prediction.outcome()) {
                case SUCCEEDS ->
                    assertThat(deletion.refusedBy()).as("refused by").isNull();
                case REFUSED ->
                    assertThat(deletion.refusedBy()).as("refused by").isIn(prediction.refusing());
                case EITHER ->
                    assertThat(deletion.refusedBy() == null
                                    || prediction.refusing().contains(deletion.refusedBy()))
                            .as("refused by " + deletion.refusedBy())
                            .isTrue();
            }
            if (deletion.refusedBy() == null && prediction.after() != null) {
                assertThat(deletion.after().byKey()).isEqualTo(prediction.after());
            }
            if (!random.linked()) {
                compareVerdicts(reach, prediction, deletion);
            }
            return prediction.outcome();
        }

        /** What is said of tables must hold for whatever rows there are, as long as the users are apart. */
        private void compareVerdicts(Reach reach, DeletePrediction prediction, GraphInDatabase.Deletion deletion) {
            Map<String, ReachedTable> reached = reach.tables().values().stream()
                    .collect(Collectors.toMap(table -> table.table().name().name(), table -> table));
            prediction
                    .depths()
                    .forEach((row, depth) -> assertThat(depth)
                            .as(row + " in " + reached.get(Rows.table(row)))
                            .isBetween(
                                    reached.get(Rows.table(row)).depths().shallowest(),
                                    reached.get(Rows.table(row)).depths().deepest()));
            if (deletion.refusedBy() != null) {
                assertThat(reach.links())
                        .filteredOn(link -> link.judgement().own().mayRefuse()
                                || link.judgement().withoutOwner().mayRefuse())
                        .extracting(link -> link.foreignKey().name())
                        .contains(deletion.refusedBy());
            } else {
                for (Link link : reach.links()) {
                    assertThat(link.verdict() == Verdict.REFUSES && prediction.isUsed(link.foreignKey()))
                            .as(link.toString())
                            .isFalse();
                }
            }
        }

        private Map<String, Integer> defaults() {
            Map<String, Integer> defaults = new HashMap<>();
            random.keys().forEach(key -> {
                // A second key on the same columns shares the default of the first.
                Integer ofColumn = random.keys().stream()
                        .filter(other ->
                                other.table() == key.table() && other.columns().equals(key.columns()))
                        .findFirst()
                        .orElseThrow()
                        .defaultId();
                defaults.put(key.name(), ofColumn);
            });
            return defaults;
        }
    }
}

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
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
    /** So many are made, and their catalog read, at once. More would be in the way of each other: each DDL looks at the plans of all. */
    private static final int TOGETHER = 10;

    private static final Set<String> REFUSED = Set.of("23503", "23001");

    private final TestServer server;

    RandomGraphsTest(TestServer server) {
        this.server = server;
    }

    @Test
    void theDatabaseDoesWhatIsPredicted() throws Exception {
        Seeds seeds = Seeds.of("graph", FIRST_SEED, usual());
        Map<DeletePrediction.Outcome, Integer> outcomes = new HashMap<>();
        for (long seed = seeds.first(); seed <= seeds.last(); seed += TOGETHER) {
            try (TestDatabase database = server.createDatabase();
                    Connection connection = database.connect()) {
                run(connection, seed, Math.min(seeds.last(), seed + TOGETHER - 1), outcomes);
            }
        }
        if (seeds.areEnough()) {
            assertThat(outcomes).as("each outcome is tried").containsKeys(DeletePrediction.Outcome.values());
            assertThat(outcomes.get(DeletePrediction.Outcome.EITHER))
                    .as("few are left open")
                    .isLessThan((int) (seeds.last() - seeds.first()) / 4);
        }
    }

    private void run(Connection connection, long first, long last, Map<DeletePrediction.Outcome, Integer> outcomes)
            throws Exception {
        List<Trial> trials = LongStream.rangeClosed(first, last)
                .mapToObj(seed -> new Trial(connection, RandomGraph.of(seed, !server.isCockroach())))
                .toList();
        GraphInDatabase.build(trials.stream().map(trial -> trial.database).toList());
        Catalog catalog = Catalogs.open(connection).orElseThrow();
        ForeignKeyGraph graph = catalog.read();
        each(trials, trial -> outcomes.merge(trial.before(catalog.server(), graph), 1, Integer::sum));
        ForeignKeyGraph converted = catalog.read();
        each(trials, trial -> trial.after(catalog.server(), converted));
    }

    private interface Part {
        void of(Trial trial) throws Exception;
    }

    private static void each(List<Trial> trials, Part part) {
        for (Trial trial : trials) {
            try {
                part.of(trial);
            } catch (AssertionError | Exception e) {
                throw new AssertionError(
                        "replay with -Dcascade.test.graph.seed=" + trial.random.seed() + "\n" + trial.random, e);
            }
        }
    }

    private int usual() {
        return server.isCockroach() ? ON_COCKROACH : server == Postgres.newest() ? ON_NEWEST : ON_OTHERS;
    }

    /** One graph, before and after the closure. */
    private static final class Trial {

        private final RandomGraph random;
        private final GraphInDatabase database;
        private final CascadeOptions options;
        private CascadeOptions advised;
        private CascadePlan plan;

        Trial(Connection connection, RandomGraph random) {
            this.random = random;
            this.database = new GraphInDatabase(connection, random);
            this.options = CascadeOptions.defaults().toBuilder()
                    .parent(database.parent())
                    .build();
        }

        DeletePrediction.Outcome before(Server server, ForeignKeyGraph graph) throws SQLException {
            CascadePlan direct = CascadePlanner.plan(graph, server, null, options);
            assertThat(direct.problems()).isEmpty();
            Reach today =
                    ReachFinder.today(graph, server, options, direct.parents()).get(0);
            DeletePrediction.Outcome outcome = compare(server, graph, today);

            advised = advised(options, direct);
            plan = CascadePlanner.plan(graph, server, null, advised);
            assertThat(plan.problems()).isEmpty();
            database.convert(plan.conversions());
            return outcome;
        }

        void after(Server server, ForeignKeyGraph converted) throws SQLException {
            CascadePlan again = CascadePlanner.plan(converted, server, null, advised);
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
                    database.own(graph.foreignKeys()),
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

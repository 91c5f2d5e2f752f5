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
import dev.cascadecleanup.internal.proof.ProofRun;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.ClosureAdvice;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.RowKind;
import dev.cascadecleanup.proof.LinkProof;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.Seeds;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random foreign keys, with committed rows of five people who touch each other's. Each is deleted in turn, before the migration and
 * after one that follows the plan's advice once: whatever is refused or lost was said. {@code mvn test -Pgraphs} makes 5,000 of them,
 * {@code -Dcascade.test.graphs=N} another number; {@code -Dcascade.test.graph.seed=17} replays one, or begins there.
 */
@ContractTest(oldestAndNewest = true)
class FivePeopleTest {

    private static final long FIRST_SEED = 1;
    private static final int ON_NEWEST = 300;
    private static final int ON_OTHERS = 40;
    private static final int ON_COCKROACH = 2;
    /** So many are made, and their catalog read, at once. More would be in the way of each other: each DDL looks at the plans of all. */
    private static final int TOGETHER = 10;

    /** What a long run has found once: a row that was said to be impossible, a false alarm of the proof, advice that closed nothing. */
    private static final long[] FOUND = {432, 501, 3295};
    /** A long run goes on when it has found something. */
    private static final int MOST_WRONG = 5;

    private static final int PEOPLE = 5;
    private static final int PROOF_EACH = 20;
    /** What has been decided so that it is not counted. */
    private static final Set<Decision> SETTLED = Set.of(Decision.ACCEPT, Decision.CASCADE);

    private static final Set<Decision> EXCUSES = Set.of(Decision.ACCEPT, Decision.KEEP, Decision.CASCADE);
    /** Foreign keys, NOT NULL and CHECK. */
    private static final Set<String> REFUSED = Set.of("23503", "23001", "23502", "23514");

    /** What was seen to happen as it was said. */
    private enum Seen {
        REFUSED_BY_OWN,
        REFUSED_BY_OTHERS,
        REFUSED_BY_NOBODYS,
        ORDER_DECIDED,
        OTHERS_ROW_TAKEN,
        PERSON_TAKEN,
        OTHERS_ROW_DETACHED,
        ALL_WELL
    }

    private final TestServer server;
    /** Of how many graphs one is proved: of all where somebody asks for graphs. */
    private int proofEach;

    private final List<AssertionError> wrong = new ArrayList<>();
    private final Map<Seen, Integer> seen = new HashMap<>();
    private final Map<ProofReport.Verdict, Integer> verdicts = new HashMap<>();

    FivePeopleTest(TestServer server) {
        this.server = server;
    }

    @Test
    void nothingIsRefusedOrLostThatWasNotSaid() throws Exception {
        Seeds seeds = Seeds.of("graph", FIRST_SEED, usual());
        proofEach = seeds.isUsual() ? PROOF_EACH : 1;
        for (long seed = seeds.first(); seed <= seeds.last() && wrong.size() < MOST_WRONG; seed += TOGETHER) {
            run(LongStream.rangeClosed(seed, Math.min(seeds.last(), seed + TOGETHER - 1)));
        }
        if (seeds.isUsual() && !server.isCockroach()) {
            proofEach = 1;
            run(LongStream.of(FOUND));
        }
        if (!wrong.isEmpty()) {
            wrong.stream().skip(1).forEach(wrong.get(0)::addSuppressed);
            throw wrong.get(0);
        }
        if (seeds.areEnough()) {
            assertThat(seen).as("each kind is seen").containsKeys(Seen.values());
            assertThat(verdicts)
                    .containsKeys(
                            ProofReport.Verdict.PASSED,
                            ProofReport.Verdict.REFUSED,
                            ProofReport.Verdict.TAKES_OTHERS_ROWS);
        }
    }

    private void run(LongStream seeds) throws Exception {
        try (TestDatabase database = server.createDatabase();
                Connection connection = database.connect()) {
            run(connection, seeds);
        }
    }

    private void run(Connection connection, LongStream seeds) throws Exception {
        List<Trial> trials = seeds.mapToObj(
                        seed -> new Trial(connection, RandomGraph.ofFive(seed, !server.isCockroach())))
                .toList();
        GraphInDatabase.build(trials.stream().map(trial -> trial.database).toList());
        Catalog catalog = Catalogs.open(connection).orElseThrow();
        ForeignKeyGraph graph = catalog.read();
        List<Trial> well = each(trials, trial -> trial.before(catalog, graph));
        ForeignKeyGraph converted = catalog.read();
        each(well, trial -> trial.after(catalog, converted));
    }

    private interface Part {
        void of(Trial trial) throws Exception;
    }

    /** @return those of which nothing is wrong */
    private List<Trial> each(List<Trial> trials, Part part) {
        List<Trial> well = new ArrayList<>();
        for (Trial trial : trials) {
            try {
                part.of(trial);
                well.add(trial);
            } catch (AssertionError | Exception e) {
                wrong.add(new AssertionError(
                        "replay with -Dcascade.test.graph.seed=" + trial.random.seed() + "\n" + trial.random, e));
            }
        }
        return well;
    }

    private int usual() {
        return server.isCockroach() ? ON_COCKROACH : server == Postgres.newest() ? ON_NEWEST : ON_OTHERS;
    }

    /** One graph, before and after. */
    private final class Trial {

        private final Connection connection;
        private final RandomGraph random;
        private final GraphInDatabase database;
        private final CascadeOptions options;
        private CascadePlan direct;

        Trial(Connection connection, RandomGraph random) {
            this.connection = connection;
            this.random = random;
            this.database = new GraphInDatabase(connection, random);
            this.options = CascadeOptions.defaults().toBuilder()
                    .parent(database.parent())
                    .build();
        }

        void before(Catalog catalog, ForeignKeyGraph graph) throws SQLException {
            Server server = catalog.server();
            direct = CascadePlanner.plan(graph, server, null, options);
            assertThat(direct.problems()).isEmpty();
            deleteEach(
                    graph,
                    ReachFinder.today(graph, server, options, direct.parents()).get(0),
                    proves(catalog, server, options, direct));
            CascadePlan plan = CascadePlanner.plan(graph, server, null, followed(options, direct.advice()));
            assertThat(plan.problems()).as("advice that can be followed").isEmpty();
            database.convert(plan.conversions());
        }

        void after(Catalog catalog, ForeignKeyGraph converted) throws SQLException {
            Server server = catalog.server();
            CascadeOptions followed = followed(options, direct.advice());
            CascadePlan again = CascadePlanner.plan(converted, server, null, followed);
            assertThat(again.conversions()).as("planned twice").isEmpty();
            assertThat(again.open().stream().map(Link::toString))
                    .as("open after one round")
                    .containsExactlyInAnyOrderElementsOf(direct.advice().unclosable().stream()
                            .map(Link::toString)
                            .toList());
            deleteEach(converted, again.reach().get(0), proves(catalog, server, followed, again));
        }

        private static CascadeOptions followed(CascadeOptions options, ClosureAdvice advice) {
            CascadeOptions.Builder followed = options.toBuilder()
                    .closure(String.join(",", advice.closure()))
                    .setNull(String.join(",", advice.setNull()))
                    .accept(String.join(",", advice.accept()));
            return (advice.needsClosure() ? followed.scope(CascadeOptions.Scope.CLOSURE) : followed).build();
        }

        /** Whether the proof, which makes rows of its own, passes. Not for each graph, for it takes its time. */
        private boolean proves(Catalog catalog, Server server, CascadeOptions options, CascadePlan plan)
                throws SQLException {
            if (random.seed() % proofEach != 0) {
                return false;
            }
            ProofReport report =
                    new ProofRun(connection, catalog, server, options, ProofHints.none()).run(plan, null, 0);
            assertThat(report.links()).as(report.toString()).noneMatch(LinkProof::differs);
            verdicts.merge(report.verdict(), 1, Integer::sum);
            return report.passed();
        }

        private void deleteEach(ForeignKeyGraph graph, Reach reach, boolean proved) throws SQLException {
            Rows before = database.rows();
            List<ForeignKey> keys = database.own(graph.foreignKeys());
            for (int person = 1; person <= PEOPLE; person++) {
                String deleted = Rows.key("t0", person);
                DeletePrediction prediction = new DeletePrediction(
                        random.postgres()
                                ? dev.cascadecleanup.catalog.Product.POSTGRESQL
                                : dev.cascadecleanup.catalog.Product.COCKROACHDB,
                        keys,
                        ForeignKey::definition,
                        before,
                        Map.of(),
                        deleted);
                Owned owned = new Owned(reach, keys, before, deleted);
                GraphInDatabase.Deletion deletion = database.delete(person, REFUSED);
                if (deletion.refusedBy() != null) {
                    assertRefusalWasSaid(reach, owned, prediction, deletion.refusedBy());
                    assertThat(reach.links())
                            .as("refused by " + deletion.refusedBy() + " although the proof has passed")
                            .anyMatch(link -> !proved
                                    || names(deletion.refusedBy(), link.foreignKey())
                                            && EXCUSES.contains(link.decision()));
                } else {
                    assertLossWasSaid(owned, before, deletion.after(), proved);
                }
            }
        }

        /** By a foreign key, or by the NOT NULL or CHECK of a column that one would set to NULL. */
        private void assertRefusalWasSaid(Reach reach, Owned owned, DeletePrediction prediction, String refusedBy) {
            List<Link> links = reach.links().stream()
                    .filter(link -> names(refusedBy, link.foreignKey()))
                    .toList();
            assertThat(links).as("links that " + refusedBy + " is about").isNotEmpty();
            Set<Fate> said = new TreeSet<>();
            for (Link link : links) {
                for (String row : owned.before().byKey().keySet()) {
                    if (owned.references(
                            link.foreignKey(), row, prediction.depths().keySet())) {
                        RowKind kind = owned.kind(link.foreignKey(), row);
                        Fate fate = link.judgement().of(kind);
                        said.add(fate);
                        if (fate.mayRefuse()) {
                            note(
                                    fate == Fate.ANY_ORDER
                                            ? Seen.ORDER_DECIDED
                                            : switch (kind) {
                                                case OWN, OWN_TO_OTHERS -> Seen.REFUSED_BY_OWN;
                                                case OF_OTHERS -> Seen.REFUSED_BY_OTHERS;
                                                case WITHOUT_OWNER -> Seen.REFUSED_BY_NOBODYS;
                                            });
                        }
                    }
                }
            }
            assertThat(said)
                    .as("what was said of rows behind " + links + ", refused by " + refusedBy)
                    .anyMatch(Fate::mayRefuse);
            assertThat(links)
                    .as("open or decided")
                    .anyMatch(link ->
                            link.open() || link.decision() == Decision.ACCEPT || link.decision() == Decision.KEEP);
        }

        private boolean names(String refusedBy, ForeignKey fk) {
            return fk.name().equals(refusedBy)
                    || fk.columns().contains(refusedBy)
                    || random.checks().stream()
                            .anyMatch(check -> check.name().equals(refusedBy)
                                    && (fk.columns().contains(check.column())
                                            || fk.columns().contains(check.other())));
        }

        private void assertLossWasSaid(Owned owned, Rows before, Rows after, boolean proved) {
            Set<String> lost = new TreeSet<>(before.byKey().keySet());
            lost.removeAll(after.byKey().keySet());
            boolean well = true;
            for (String row : before.byKey().keySet()) {
                for (Link link : owned.linksOf(row, lost)) {
                    RowKind kind = owned.kind(link.foreignKey(), row);
                    Fate fate = link.judgement().of(kind);
                    assertThat(fate).as(row + " is " + kind + " by " + link).isNotEqualTo(Fate.NO_SUCH_ROW);
                    if (!lost.contains(row) && kind == RowKind.OF_OTHERS && fate == Fate.DETACHED) {
                        note(Seen.OTHERS_ROW_DETACHED);
                    }
                    well &= fate == Fate.GOES;
                }
                if (lost.contains(row) && owned.isOfSomebodyElse(row)) {
                    List<Link> causes = owned.linksOf(row, lost).stream()
                            .filter(link -> link.effect() == Link.Effect.DELETED)
                            .toList();
                    assertThat(causes)
                            .as("what took " + row + " of " + owned.people(row))
                            .anyMatch(link -> link.judgement().takesOthersRows()
                                    || owned.isOfSomebodyElse(owned.referenced(link.foreignKey(), row)));
                    assertThat(causes)
                            .as("what took " + row + " although the proof has passed")
                            .anyMatch(link -> !proved
                                    || !owned.isUndecided(row)
                                    || EXCUSES.contains(link.decision())
                                    || owned.isOfSomebodyElse(owned.referenced(link.foreignKey(), row)));
                    note(Rows.table(row).equals("t0") ? Seen.PERSON_TAKEN : Seen.OTHERS_ROW_TAKEN);
                    well = false;
                }
            }
            if (well) {
                note(Seen.ALL_WELL);
            }
        }

        private void note(Seen what) {
            seen.merge(what, 1, Integer::sum);
        }
    }

    /** Whose the rows are: found from the rows and the foreign keys alone, by the rule of {@link dev.cascadecleanup.plan.Judgement}. */
    private static final class Owned {

        private final Map<String, Link> links;
        private final List<ForeignKey> keys;
        private final Rows before;
        private final String deleted;
        private final Map<String, Set<String>> people = new HashMap<>();

        Owned(Reach reach, List<ForeignKey> keys, Rows before, String deleted) {
            this.links = reach.links().stream()
                    .collect(Collectors.toMap(link -> link.foreignKey().name(), link -> link));
            this.keys = keys;
            this.before = before;
            this.deleted = deleted;
        }

        Rows before() {
            return before;
        }

        /** The links through which a row references one of these rows. */
        List<Link> linksOf(String row, Set<String> gone) {
            return of(row).stream()
                    .filter(fk -> references(fk, row, gone))
                    .map(fk -> links.get(fk.name()))
                    .toList();
        }

        boolean references(ForeignKey fk, String row, Set<String> gone) {
            return isOf(fk, row) && referenced(fk, row) != null && gone.contains(referenced(fk, row));
        }

        /** Whether it still is somebody else's after what has been decided. */
        boolean isUndecided(String row) {
            return Rows.table(row).equals("t0")
                    || ownersOf(row).stream()
                            .filter(fk -> links.containsKey(fk.name())
                                    && !SETTLED.contains(links.get(fk.name()).decision()))
                            .anyMatch(fk -> isOfSomebodyElse(referenced(fk, row)));
        }

        boolean isOfSomebodyElse(String row) {
            return people(row).stream().anyMatch(person -> !person.equals(deleted));
        }

        /** What kind of row it is for this foreign key, over which it references a row that goes. */
        RowKind kind(ForeignKey fk, String row) {
            if (Rows.table(row).equals("t0")) {
                return row.equals(deleted) ? RowKind.OWN : RowKind.OF_OTHERS;
            }
            List<ForeignKey> owners = ownersOf(row);
            List<ForeignKey> others =
                    owners.stream().filter(other -> !isSameRow(other, fk)).toList();
            if (others.isEmpty()) {
                return owners.isEmpty() ? RowKind.WITHOUT_OWNER : RowKind.OWN;
            }
            Set<String> persons = new TreeSet<>();
            others.forEach(other -> persons.addAll(people(referenced(other, row))));
            if (persons.isEmpty()) {
                return owners.size() > others.size() ? RowKind.OWN : RowKind.WITHOUT_OWNER;
            }
            return persons.equals(Set.of(deleted)) ? RowKind.OWN : RowKind.OF_OTHERS;
        }

        private static boolean isSameRow(ForeignKey fk, ForeignKey other) {
            return fk == other
                    || fk.referencedTable().equals(other.referencedTable())
                            && fk.columns().equals(other.columns());
        }

        Set<String> people(String row) {
            Set<String> known = people.get(row);
            if (known != null) {
                return known;
            }
            Set<String> found = new TreeSet<>();
            people.put(row, found);
            if (Rows.table(row).equals("t0")) {
                found.add(row);
            } else {
                // A circle of rows belongs to whom any of them does; a second look completes it.
                for (ForeignKey fk : ownersOf(row)) {
                    found.addAll(people(referenced(fk, row)));
                }
            }
            return found;
        }

        /** The owner links that this row uses; if it uses none, all others that would take it along. */
        private List<ForeignKey> ownersOf(String row) {
            List<ForeignKey> used =
                    of(row).stream().filter(fk -> referenced(fk, row) != null).toList();
            List<ForeignKey> cascading = used.stream()
                    .filter(fk -> isEffect(fk, Link.Effect.DELETED))
                    .toList();
            List<ForeignKey> tables = owners(of(row));
            List<ForeignKey> owning = used.stream().filter(tables::contains).toList();
            return owning.isEmpty() ? cascading : owning;
        }

        private List<ForeignKey> owners(List<ForeignKey> ofTable) {
            List<ForeignKey> direct = ofTable.stream()
                    .filter(fk -> fk.referencedTable().name().name().equals("t0"))
                    .toList();
            List<ForeignKey> cascading = direct.stream()
                    .filter(fk -> isEffect(fk, Link.Effect.DELETED))
                    .toList();
            List<ForeignKey> checked = direct.stream()
                    .filter(fk -> isEffect(fk, Link.Effect.CHECKED))
                    .toList();
            return !cascading.isEmpty()
                    ? cascading
                    : !checked.isEmpty()
                            ? checked
                            : ofTable.stream()
                                    .filter(fk -> isEffect(fk, Link.Effect.DELETED))
                                    .toList();
        }

        private boolean isEffect(ForeignKey fk, Link.Effect effect) {
            Link link = links.get(fk.name());
            return link != null && link.effect() == effect;
        }

        private List<ForeignKey> of(String row) {
            return keys.stream().filter(fk -> isOf(fk, row)).toList();
        }

        private static boolean isOf(ForeignKey fk, String row) {
            return Rows.table(row).equals(fk.table().name().name());
        }

        String referenced(ForeignKey fk, String row) {
            SortedMap<String, Map<String, Integer>> rows = before.byKey();
            Integer id = rows.get(row).get(fk.columns().get(0));
            return id == null ? null : Rows.key(fk.referencedTable().name().name(), id);
        }
    }
}

package dev.cascadecleanup.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.audit.RowCount;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.audit.LinkCounts;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.preview.Known;
import dev.cascadecleanup.internal.preview.PreviewRun;
import dev.cascadecleanup.internal.run.SystemConsole;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.testing.ContractTest;
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
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random foreign keys and committed rows of five people: what the preview says against what the delete does. {@code mvn test -Ppreviews}
 * makes 5,000 of them, {@code -Dcascade.test.previews=N} another number; {@code -Dcascade.test.preview.seed=17} replays one, or begins there.
 */
@ContractTest(oldestAndNewest = true)
class RandomPreviewsTest {

    private static final long FIRST_SEED = 1;
    /** What a long run has found once: links of which the audit counted none, although there were. */
    private static final long[] FOUND = {2014, 2401};

    private static final int ON_NEWEST = 300;
    private static final int ON_OTHERS = 40;
    private static final int ON_COCKROACH = 2;
    /**
     * So many schemas are made, and their catalog read, at once. A session of PostgreSQL keeps the plans of all foreign keys that it has
     * ever checked, and each DDL looks at all of them.
     */
    private static final int TOGETHER = 25;
    /** In each third schema somebody is previewed alone as well. */
    private static final int ALONE = 3;
    /** Foreign keys, RESTRICT, NOT NULL, CHECK. */
    private static final Set<String> REFUSED = Set.of("23503", "23001", "23502", "23514");

    private final TestServer server;
    private final Map<PreviewVerdict, Integer> verdicts = new EnumMap<>(PreviewVerdict.class);
    private final Map<String, Integer> counted = new TreeMap<>();
    private int plain;

    RandomPreviewsTest(TestServer server) {
        this.server = server;
    }

    @Test
    void theDeleteDoesWhatThePreviewSays() throws Exception {
        Seeds seeds = Seeds.of("preview", FIRST_SEED, usual());
        for (long seed = seeds.first(); seed <= seeds.last(); seed += TOGETHER) {
            run(LongStream.rangeClosed(seed, Math.min(seeds.last(), seed + TOGETHER - 1)));
        }
        if (seeds.isUsual() && !server.isCockroach()) {
            run(LongStream.of(FOUND));
        }
        System.out.println("[preview] " + server + ": in " + plain + " schemas anybody's delete succeeds");
        if (seeds.areEnough()) {
            assertThat(verdicts).as("each verdict is tried").containsKeys(PreviewVerdict.values());
            assertThat(counted)
                    .as("counted by the audit, too")
                    .containsKeys("checked: some", "checked: none", "deleted: some", "deleted: none");
            int all = verdicts.values().stream().mapToInt(Integer::intValue).sum();
            assertThat(verdicts.get(PreviewVerdict.ORDER_DECIDES))
                    .as("few are left open")
                    .isLessThan(all / 10);
            assertThat(verdicts.get(PreviewVerdict.NOT_SEEN))
                    .as("few are not seen")
                    .isLessThan(all / 10);
        }
    }

    private void run(LongStream seeds) throws SQLException {
        try (TestDatabase database = server.createDatabase();
                Connection connection = database.connect()) {
            run(connection, seeds);
        }
    }

    private void run(Connection connection, LongStream seeds) throws SQLException {
        List<RandomPeople> schemas = seeds.mapToObj(seed -> RandomPeople.of(seed, !server.isCockroach()))
                .toList();
        if (server.isCockroach()) {
            for (RandomPeople people : schemas) {
                RandomPeople.build(connection, List.of(script(people).split(";\n")));
            }
        } else {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        schemas.stream().map(RandomPreviewsTest::script).collect(Collectors.joining()));
            }
        }
        Catalog catalog = Catalogs.open(connection).orElseThrow();
        Known some = Known.read(connection, catalog.server(), catalog);
        Known known = server.isCockroach() ? some : some.withShapes(connection, catalog.server());
        for (RandomPeople people : schemas) {
            try {
                new Trial(connection, people, known, catalog.server()).run();
            } catch (AssertionError | Exception e) {
                throw new AssertionError("replay with -Dcascade.test.preview.seed=" + people.seed() + "\n" + people, e);
            }
        }
    }

    private static String script(RandomPeople people) {
        return "CREATE SCHEMA " + schema(people) + ";\n" + people.sql(schema(people));
    }

    private static String schema(RandomPeople people) {
        return "p" + people.seed();
    }

    private int usual() {
        return server.isCockroach() ? ON_COCKROACH : server == Postgres.newest() ? ON_NEWEST : ON_OTHERS;
    }

    /** One schema: all people are previewed together, and two of them are deleted. */
    private final class Trial {

        private final Connection connection;
        private final RandomPeople people;
        private final String schema;
        private final PreviewRun preview;
        private final Known known;
        private final Server server;
        private final CascadeOptions options;

        Trial(Connection connection, RandomPeople people, Known known, Server server) {
            this.connection = connection;
            this.people = people;
            this.schema = schema(people);
            this.known = known;
            this.server = server;
            this.options =
                    CascadeOptions.defaults().toBuilder().parent(schema + ".t0").build();
            this.preview = new PreviewRun(
                    connection,
                    known,
                    server,
                    null,
                    options,
                    PreviewOptions.defaults().withSampleKeys(0),
                    new SystemConsole(RandomPreviewsTest.class));
        }

        void run() throws SQLException {
            List<PreviewReport> each = new ArrayList<>();
            PeopleReport all = preview.runAll(0, each::add);
            assertThat(each).hasSize(RandomPeople.PEOPLE);
            int alone = (int) (people.seed() / ALONE % RandomPeople.PEOPLE);
            if (!people.postgres()) {
                // It reads the people over whichever index it likes, so that their order says nothing.
                List<PreviewReport> inOrder = new ArrayList<>();
                for (int person = 1; person <= RandomPeople.PEOPLE; person++) {
                    inOrder.add(preview.run(List.of(String.valueOf(person))));
                }
                assertThat(each.stream().map(this::said).toList())
                        .containsExactlyInAnyOrderElementsOf(
                                inOrder.stream().map(this::said).toList());
                each = inOrder;
            } else if (people.seed() % ALONE == 0) {
                assertThat(said(each.get(alone)))
                        .as("person " + (alone + 1) + " among all, and alone")
                        .isEqualTo(said(preview.run(List.of(String.valueOf(alone + 1)))));
            }
            assertThat(all.looked()).isEqualTo(RandomPeople.PEOPLE);
            compareWithAudit(each);
            if (people.postgres()) {
                compareWithPlainWays(each);
            }
            Map<String, Map<String, String>> before = rows();
            for (int person = 1; person <= 2; person++) {
                PreviewReport report = each.get(person - 1);
                verdicts.merge(report.verdict(), 1, Integer::sum);
                try {
                    compare(report, delete(person, before));
                } catch (AssertionError e) {
                    throw new AssertionError(
                            "person " + person + "\n" + report.reasons() + "\n" + report.tables() + "\n"
                                    + report.links(),
                            e);
                }
            }
        }

        /** Where somebody made up with a row in each table is enough to know that anybody's delete succeeds, it does, and the rows are as many. */
        private void compareWithPlainWays(List<PreviewReport> each) throws SQLException {
            for (int person = 1; person <= RandomPeople.PEOPLE; person++) {
                Optional<String> rows = preview.plainRows("id", String.valueOf(person));
                if (rows.isEmpty()) {
                    return;
                }
                PreviewReport report = each.get(person - 1);
                assertThat(report.verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
                try (Statement statement = connection.createStatement();
                        ResultSet counted = statement.executeQuery("SELECT count(*) FROM (" + rows.get() + ") n")) {
                    counted.next();
                    assertThat(counted.getLong(1)).isEqualTo(report.rowsDeleted() - 1);
                }
            }
            plain++;
        }

        /** What audit, plan and log count for a link, by one statement about all people: some if a preview has any, and none if no preview can. */
        private void compareWithAudit(List<PreviewReport> each) throws SQLException {
            if (each.stream().anyMatch(report -> report.verdict() == PreviewVerdict.NOT_SEEN)) {
                return;
            }
            Reach reach =
                    CascadePlanner.today(known.graph(), server, null, options).get(0);
            LinkCounts counts = LinkCounts.of(connection, server.product(), reach, Duration.ofMinutes(1));
            for (Link link : reach.links()) {
                // A preview names one of the foreign keys of a row that goes, and not always the one that took it.
                List<RowCount> found = reach.links().stream()
                        .filter(other -> other == link
                                || link.effect() == Link.Effect.DELETED
                                        && other.effect() == Link.Effect.DELETED
                                        && other.foreignKey()
                                                .table()
                                                .equals(link.foreignKey().table()))
                        .flatMap(other -> counts.of(other).stream())
                        .toList();
                if (counts.of(link).isEmpty() || found.stream().anyMatch(count -> count.rows() == null)) {
                    continue;
                }
                long counted = found.stream().mapToLong(RowCount::rows).sum();
                List<LinkPreview> previews = each.stream()
                        .flatMap(report -> report.links().stream())
                        .filter(preview -> preview.foreignKey()
                                .table()
                                .equals(link.foreignKey().table()))
                        .toList();
                boolean said = link.effect() == Link.Effect.CHECKED
                        ? previews.stream()
                                .anyMatch(preview -> preview.foreignKey().equals(link.foreignKey())
                                        && preview.refuses() + preview.orderDecides() > 0)
                        : previews.stream()
                                .anyMatch(preview -> preview.definition().onDelete() == ReferentialAction.CASCADE
                                        && preview.taken() > 0);
                // Where a foreign key refuses, a preview does not name all that would refuse later, or for the same
                // row.
                boolean refuses = each.stream()
                        .flatMap(report -> report.links().stream())
                        .anyMatch(preview -> preview.refuses() + preview.orderDecides() > 0);
                // Of two that share columns one comes first, and the other may have nothing left to refuse.
                boolean second = known.graph().foreignKeys().stream()
                        .anyMatch(other -> other != link.foreignKey()
                                && other.table().equals(link.foreignKey().table())
                                && !Collections.disjoint(
                                        other.columns(), link.foreignKey().columns()));
                // What goes with the same person, but may go too late, is counted whatever the order turns out to be.
                boolean perhapsTooLate = link.judgement().own().mayRefuse();
                if (said || (!second && !refuses && !perhapsTooLate && isWithOnePersonEach(reach, link))) {
                    assertThat(counted > 0).as(counted + " counted for " + link).isEqualTo(said);
                }
                counted(link, said);
            }
        }

        /** Where rows go with several persons, the one statement counts those that only seem to be of two. */
        private boolean isWithOnePersonEach(Reach reach, Link link) {
            return reach.links().stream()
                    .filter(other -> other.effect() == Link.Effect.DELETED
                            && !other.foreignKey()
                                    .table()
                                    .equals(link.foreignKey().table()))
                    .collect(Collectors.groupingBy(other -> other.foreignKey().table(), Collectors.counting()))
                    .values()
                    .stream()
                    .allMatch(ways -> ways == 1);
        }

        private void counted(Link link, boolean any) {
            counted.merge(link.effect() + (any ? ": some" : ": none"), 1, Integer::sum);
        }

        /** All but how long it took, who it is about, and by which of several ways a table was come to first. */
        private List<Object> said(PreviewReport report) {
            return List.of(
                    report.verdict(),
                    new TreeSet<>(report.reasons()),
                    report.rowsDeleted(),
                    report.rowsDetached(),
                    report.complete(),
                    report.tables().stream()
                            .map(table -> List.of(
                                    table.table(),
                                    table.deleted(),
                                    table.detached(),
                                    table.refusing(),
                                    table.leftBehind()))
                            .toList(),
                    report.links(),
                    new TreeSet<>(report.notSeen()),
                    report.triggers());
        }

        private void compare(PreviewReport report, Deletion deletion) {
            switch (report.verdict()) {
                case SUCCEEDS, TAKES_OTHERS_ROWS, LEAVES_ROWS_BEHIND ->
                    assertThat(deletion.refusedBy()).as("refused by").isNull();
                case REFUSED -> {
                    assertThat(deletion.refusedBy()).as("refused by").isNotNull();
                    assertThat(names(report)).as("refused by").contains(deletion.refusedBy());
                }
                case ORDER_DECIDES -> {
                    if (deletion.refusedBy() != null) {
                        assertThat(names(report)).as("refused by").contains(deletion.refusedBy());
                    }
                }
                case NOT_SEEN -> {}
            }
            boolean certain = report.verdict() != PreviewVerdict.NOT_SEEN
                    && report.reasons().stream()
                            .noneMatch(reason -> reason.contains("an order decides whether rows of"));
            if (deletion.refusedBy() == null && certain) {
                Map<String, String> said = new TreeMap<>();
                report.tables().stream()
                        .filter(table -> table.deleted() + table.detached() > 0)
                        .forEach(table -> said.put(
                                table.table().name(), table.deleted() + " gone, " + table.detached() + " detached"));
                assertThat(said).isEqualTo(deletion.changes());
                assertThat(report.rowsDeleted()).isEqualTo(deletion.gone());
            }
        }

        /** What a refusal may be called: by the foreign key, or by what its action ran into. */
        private Set<String> names(PreviewReport report) {
            Set<String> names = new TreeSet<>();
            for (LinkPreview link : report.refusing()) {
                names.add(link.foreignKey().name());
                names.add(link.foreignKey().table().name().name() + '_'
                        + String.join("_", link.foreignKey().columns()) + "_fkey");
                if (report.reasons().stream()
                        .anyMatch(reason -> reason.contains(link.toString()) && reason.contains("NOT NULL"))) {
                    names.add("23502");
                }
                report.reasons().stream()
                        .filter(reason -> reason.contains(link.toString()) && reason.contains("CHECK "))
                        .forEach(reason -> names.add(reason.replaceAll(".*CHECK ", "")));
            }
            return names;
        }

        private record Deletion(String refusedBy, Map<String, String> changes, long gone) {}

        private Deletion delete(int person, Map<String, Map<String, String>> before) throws SQLException {
            connection.setAutoCommit(false);
            try {
                execute("DELETE FROM " + schema + ".t0 WHERE id = " + person);
                if (people.postgres()) {
                    execute("SET CONSTRAINTS ALL IMMEDIATE");
                }
                Map<String, Map<String, String>> after = rows();
                Map<String, String> changes = new TreeMap<>();
                long allGone = 0;
                for (String table : before.keySet()) {
                    long gone = before.get(table).keySet().stream()
                            .filter(id -> !after.get(table).containsKey(id))
                            .count();
                    long changed = before.get(table).entrySet().stream()
                            .filter(row -> after.get(table).containsKey(row.getKey())
                                    && !after.get(table).get(row.getKey()).equals(row.getValue()))
                            .count();
                    if (gone + changed > 0) {
                        changes.put(table, gone + " gone, " + changed + " detached");
                    }
                    allGone += gone;
                }
                return new Deletion(null, changes, allGone);
            } catch (SQLException e) {
                assertThat(e.getSQLState()).as(e.getMessage()).isIn(REFUSED);
                return new Deletion(constraint(e), null, 0);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }

        /** By table and id, as text. */
        private Map<String, Map<String, String>> rows() throws SQLException {
            String sql = people.tables().stream()
                    .map(table -> "SELECT '" + table.name() + "' AS t, r.id, r::text AS row FROM " + schema + '.'
                            + table.name() + " r")
                    .collect(Collectors.joining(" UNION ALL "));
            Map<String, Map<String, String>> rows = new TreeMap<>();
            people.tables().forEach(table -> rows.put(table.name(), new TreeMap<>()));
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    rows.get(result.getString(1)).put(result.getString(2), result.getString(3));
                }
            }
            return rows;
        }

        private String constraint(SQLException e) {
            if (e.getSQLState().equals("23502")) {
                return e.getSQLState();
            }
            String name = ((org.postgresql.util.PSQLException) e)
                    .getServerErrorMessage()
                    .getConstraint();
            String constraint =
                    name != null ? name : e.getMessage().replaceAll("(?s).*constraint \"([^\"]*)\".*", "$1");
            // That of a partition is called after the one that it belongs to, or after its table and columns.
            return constraint
                    .replaceFirst("^(k\\d+)_\\d+$", "$1")
                    .replaceFirst("^(t\\d+)(p\\d)?(_.*_fkey)\\d*$", "$1$3");
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}

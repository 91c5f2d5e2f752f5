package dev.cascadecleanup.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows that fit together become foreign keys, and those that do not become something not seen: none disappears. */
class GraphBuilderTest {

    private static final long USERS = 1;
    private static final long TRIPS = 2;
    private static final long UNKNOWN = 9;

    @Test
    void whatFitsTogetherIsAForeignKey() {
        GraphBuilder graph = builder();
        graph.foreignKeys.add(row("fk", TRIPS, USERS, "user_id"));
        assertThat(graph.build().foreignKeys()).singleElement().hasToString("trips.fk (user_id) -> users(id)");
        assertThat(graph.build().notSeen()).isEmpty();
    }

    @Test
    void columnsThatNobodyKnows() {
        GraphBuilder graph = builder();
        graph.foreignKeys.add(row("dropped", TRIPS, USERS, "........pg.dropped.3........"));
        assertNotSeen(graph, "trips.dropped on users", "its columns cannot be found");
    }

    @Test
    void aTextThatCannotBeRead() {
        GraphBuilder graph = builder();
        graph.foreignKeys.add(row("odd", TRIPS, USERS));
        assertNotSeen(graph, "trips.odd on users", "its columns cannot be found");
    }

    @Test
    void oneThatIsJustBeingDropped() {
        GraphBuilder graph = builder();
        graph.beingDropped.add(row("crdb_internal_constraint_2_name_placeholder", TRIPS, USERS, "user_id"));
        assertNotSeen(graph, "a foreign key of trips", "just dropping it");
    }

    @Test
    void aTableOutOfSight() {
        GraphBuilder graph = builder();
        graph.foreignKeys.add(row("fk", UNKNOWN, USERS, "user_id"));
        assertNotSeen(graph, "of the table with OID 9, fk on users", "not the table with OID 9");
    }

    @Test
    void aReferencedTableOutOfSightConcernsWhoeverAsksForIt() {
        GraphBuilder graph = builder();
        graph.foreignKeys.add(row("fk", TRIPS, UNKNOWN, "user_id"));
        assertThat(notSeen(graph, USERS)).isEmpty();
        assertThat(notSeen(graph, UNKNOWN)).hasSize(1);
    }

    @Test
    void looksAgainBeforeItSaysSo() throws SQLException {
        GraphBuilder halfway = builder();
        halfway.foreignKeys.add(row("fk", UNKNOWN, USERS, "user_id"));
        GraphBuilder whole = builder();
        Deque<GraphBuilder> looks = new ArrayDeque<>(List.of(halfway, whole));
        assertThat(GraphBuilder.look(looks::poll)).isSameAs(whole);
    }

    private static void assertNotSeen(GraphBuilder graph, String what, String reason) {
        assertThat(graph.build().foreignKeys()).isEmpty();
        assertThat(notSeen(graph, USERS)).singleElement().satisfies(hidden -> {
            assertThat(hidden.what()).contains(what);
            assertThat(hidden.reason()).contains(reason);
        });
    }

    private static List<NotSeen> notSeen(GraphBuilder graph, long table) {
        return graph.build().notSeen().stream()
                .filter(hidden -> hidden.concerns(List.of(table)))
                .toList();
    }

    private static GraphBuilder builder() {
        GraphBuilder graph = new GraphBuilder();
        table(graph, USERS, "users", "id");
        table(graph, TRIPS, "trips", "user_id");
        return graph;
    }

    private static void table(GraphBuilder graph, long oid, String name, String column) {
        graph.tables.put(
                oid,
                new Table(
                        oid, new TableName("public", name), TableKind.TABLE, false, "", true, true, true, true, false));
        graph.columns.add(oid, column, new Columns.Column(true, false));
    }

    private static ForeignKeyRow row(String name, long table, long referenced, String... columns) {
        return new ForeignKeyRow(
                100,
                name,
                table,
                referenced,
                columns.length == 0 ? Optional.empty() : Optional.of(new ColumnPairs(List.of(columns), List.of("id"))),
                MatchType.SIMPLE,
                ReferentialAction.NO_ACTION,
                List.of(),
                ReferentialAction.NO_ACTION,
                Deferrability.NOT_DEFERRABLE,
                true,
                true,
                false,
                null);
    }
}

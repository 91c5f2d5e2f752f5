package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Through the planner, which asks for them: what stands in the way, and with which remedy. */
class PreconditionsTest {

    private static final CascadeOptions DEFAULTS = CascadeOptions.defaults();
    private static final Server READ_ONLY = GraphByHand.server(Product.POSTGRESQL, true, 0, true);
    private static final Server NO_SUPERUSER = GraphByHand.server(Product.POSTGRESQL, false, 0, false);

    private final GraphByHand graph = new GraphByHand();

    @Test
    void anOrdinaryTableHasNone() {
        graph.foreignKey("of_user", graph.table("notes"), graph.table("users"));
        assertThat(graph.plan(NO_SUPERUSER, DEFAULTS).problems()).isEmpty();
        assertThat(graph.plan(GraphByHand.cockroach(), DEFAULTS).problems()).isEmpty();
    }

    @Test
    void aTableOfAnotherOwner() {
        Table notes = graph.table("notes", table -> table.alterable = false);
        graph.foreignKey("of_user", notes, graph.table("users"));
        assertThat(graph.plan().problems()).hasSize(2).first().satisfies(problem -> {
            assertThat(problem.cause()).contains("role app does not own notes", "owner is owner");
            assertThat(problem.remedy()).startsWith("GRANT \"owner\" TO \"app\"");
        });
        assertThat(graph.plan(GraphByHand.cockroach(), DEFAULTS).problems())
                .hasSize(2)
                .first()
                .satisfies(problem -> assertThat(problem.remedy())
                        .isEqualTo("GRANT CREATE ON TABLE \"public\".\"notes\" TO \"app\""));
    }

    @Test
    void whatCannotBeHadCanBeKeptBesideWhatIsKept() {
        Table users = graph.table("users");
        Table notes = graph.table("notes", table -> table.alterable = false);
        graph.foreignKey("of_user", notes, users);
        graph.foreignKey("of_editor", graph.table("drafts"), users);
        assertThat(graph.plan(
                                NO_SUPERUSER,
                                DEFAULTS.toBuilder().keep("drafts.of_editor").build())
                        .problems())
                .hasSize(2)
                .last()
                .satisfies(problem ->
                        assertThat(problem.remedy()).endsWith("cascade_keep = drafts.of_editor, notes.of_user"));
    }

    @Test
    void aParentThatMayNotBeReferenced() {
        Table users = graph.table("users", table -> table.referenceable = false);
        graph.foreignKey("of_user", graph.table("notes"), users);
        assertThat(graph.plan().problems())
                .hasSize(2)
                .first()
                .satisfies(problem -> assertThat(problem.remedy())
                        .isEqualTo("GRANT REFERENCES ON TABLE \"public\".\"users\" TO \"app\""));
    }

    @Test
    void aSchemaThatTheRoleMayNotUse() {
        Table notes = graph.table("Hidden.notes", table -> table.schemaUsable = false);
        graph.foreignKey("of_user", notes, graph.table("users"));
        assertThat(graph.plan().problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.remedy()).isEqualTo("GRANT USAGE ON SCHEMA \"Hidden\" TO \"app\""));
    }

    @Test
    void anOwnerWhoMayNotDelete() {
        Table notes = graph.table("notes", table -> table.ownerMayDelete = false);
        graph.foreignKey("of_user", notes, graph.table("users"));
        assertThat(graph.plan().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.remedy())
                        .isEqualTo("GRANT DELETE ON TABLE \"public\".\"notes\" TO \"owner\""));
    }

    @Test
    void aPublishedTableWithoutReplicaIdentity() {
        Table notes = graph.table("notes", table -> table.publishedWithoutIdentity = true);
        graph.foreignKey("of_user", notes, graph.table("users"));
        assertThat(graph.plan().problems()).singleElement().asString().contains("REPLICA IDENTITY FULL");
    }

    @Test
    void triggersThatOnlyASuperuserMayPutBack() {
        graph.foreignKey(
                "of_user",
                graph.table("notes"),
                graph.table("users"),
                fk -> fk.triggerStates = List.of("CHECK_INSERT=D"));
        assertThat(graph.plan(NO_SUPERUSER, DEFAULTS).problems())
                .singleElement()
                .asString()
                .contains("CHECK_INSERT=D", "superuser");
        assertThat(graph.plan().problems()).isEmpty();
    }

    @Test
    void aReadOnlyServer() {
        graph.foreignKey("of_user", graph.table("notes"), graph.table("users"));
        assertThat(graph.plan(READ_ONLY, DEFAULTS).problems())
                .singleElement()
                .asString()
                .contains("read-only");
    }

    @Test
    void aLockTimeoutThatMakesAClientTheVictimOfADeadlock() {
        graph.foreignKey("of_user", graph.table("notes"), graph.table("users"));
        CascadeOptions twice =
                DEFAULTS.toBuilder().lockTimeout(Duration.ofSeconds(2)).build();
        CascadeOptions more =
                DEFAULTS.toBuilder().lockTimeout(Duration.ofMillis(2001)).build();
        assertThat(graph.plan(twice).problems()).isEmpty();
        assertThat(graph.plan(more).problems())
                .singleElement()
                .asString()
                .contains("cascade_lock_timeout = 2001ms is more than twice deadlock_timeout (1s)")
                .contains("to 2s or less");
        assertThat(graph.plan(GraphByHand.cockroach(), more).problems()).isEmpty();
    }

    @Test
    void aForeignKeyThatTheRoleMayNotSee() {
        Table users = graph.table("users");
        graph.notSeen("a table in schema hidden", users);
        graph.inOtherDatabase("a table in database other", users);
        CascadePlan plan = graph.plan(GraphByHand.cockroach(), DEFAULTS);
        assertThat(plan.problems())
                .singleElement()
                .asString()
                .isEqualTo("a table in schema hidden: a reason. A remedy.");
        assertThat(plan.optionProblems()).isEmpty();
        // It cannot be converted from here, so that it stops no migration; but nobody can say that it cascades.
        assertThat(plan.notSeen())
                .extracting(NotSeen::what)
                .containsExactly("a table in schema hidden", "a table in database other");
    }

    @Test
    void whatMayReferenceAnyTable() {
        graph.table("users");
        graph.notSeen("tables without a privilege", null);
        CascadePlan plan = graph.plan(GraphByHand.cockroach(), DEFAULTS);
        assertThat(plan.problems()).hasSize(1);
        assertThat(plan.notSeen()).hasSize(1);
    }

    @Test
    void belowTheParentOnlyAClosureDependsOnIt() {
        Table notes = graph.table("notes");
        graph.foreignKey("of_user", notes, graph.table("users"));
        graph.notSeen("a table in schema hidden", notes);
        assertThat(graph.plan(GraphByHand.cockroach(), DEFAULTS).problems()).isEmpty();
        CascadeOptions closure =
                DEFAULTS.toBuilder().scope(CascadeOptions.Scope.CLOSURE).build();
        assertThat(graph.plan(GraphByHand.cockroach(), closure).problems())
                .singleElement()
                .asString()
                .startsWith("a table in schema hidden");
    }

    @Test
    void aPartitionsOwnForeignKeyBesideTheInheritedOne() {
        Table users = graph.table("users");
        Table events = graph.table("events", table -> table.kind = TableKind.PARTITIONED_TABLE);
        Table partition = graph.table("events_2026", table -> table.partition = true);
        graph.child(partition, events);
        graph.foreignKey("of_user", events, users);
        graph.foreignKey("own", partition, users);
        assertThat(graph.plan().problems()).singleElement().asString().contains("events_2026.own", "events.of_user");
    }

    @Test
    void nothingMattersWhenNothingIsToBeDone() {
        Table notes = graph.table("notes", table -> table.alterable = false);
        graph.foreignKey("of_user", notes, graph.table("users"), fk -> fk.onDelete = ReferentialAction.CASCADE);
        assertThat(graph.plan(READ_ONLY, DEFAULTS).problems()).isEmpty();
    }

    @Test
    void allAreSaidAtOnce() {
        Table users = graph.table("users", table -> table.referenceable = false);
        Table notes = graph.table("notes", table -> {
            table.alterable = false;
            table.ownerMayDelete = false;
        });
        graph.foreignKey("of_user", notes, users);
        assertThat(graph.plan(
                                READ_ONLY,
                                DEFAULTS.toBuilder().keep("notes.nothing").build())
                        .problems())
                .hasSize(6);
    }

    @Test
    void anUndoDoesNotCareForTheDeleteAfterwards() {
        Table notes = graph.table("notes", table -> {
            table.alterable = false;
            table.ownerMayDelete = false;
        });
        graph.foreignKey("of_user", notes, graph.table("users"));
        List<Conversion> conversions = graph.plan().conversions();
        assertThat(Preconditions.checkUndo(graph.graph(), GraphByHand.postgres(), DEFAULTS, conversions))
                .singleElement()
                .asString()
                .contains("does not own notes");
    }
}

package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.Hazard;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Through the planner: what an operator is told before it is done. */
class HazardsTest {

    private static final CascadeOptions DEFAULTS = CascadeOptions.defaults();

    private final GraphByHand graph = new GraphByHand();
    private final Table users = graph.table("users");
    private final Table notes = graph.table("notes");

    @Test
    void anOrdinaryForeignKeyHasNone() {
        graph.foreignKey("of_user", notes, users);
        assertThat(graph.plan().hazards()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ReferentialAction.class,
            names = {"SET_NULL", "SET_DEFAULT"})
    void rowsThatUsedToStay(ReferentialAction action) {
        graph.foreignKey("of_user", notes, users, fk -> {
            fk.onDelete = action;
            fk.nullable = Set.of("user_id");
        });
        assertThat(graph.plan().hazards()).singleElement().satisfies(hazard -> {
            assertThat(hazard.kind()).isEqualTo(Hazard.Kind.ACTION_CHANGES_FROM_SET);
            assertThat(hazard.message()).contains(action.sql());
        });
        assertThat(graph.plan(DEFAULTS.toBuilder().keep("notes.of_user").build())
                        .hazards())
                .isEmpty();
        assertThat(graph.plan(DEFAULTS.toBuilder().setNull("notes.of_user").build())
                        .hazards())
                .isEmpty();
    }

    @Test
    void aRowThatGoesWithAnyOfTwoUsers() {
        graph.foreignKey("patient", notes, users, fk -> fk.columns = List.of("patient_id"));
        graph.foreignKey("recorder", notes, users, fk -> {
            fk.columns = List.of("recorded_by");
            fk.nullable = Set.of("recorded_by");
        });
        assertThat(graph.plan().hazards()).singleElement().satisfies(hazard -> {
            assertThat(hazard.kind()).isEqualTo(Hazard.Kind.SEVERAL_FOREIGN_KEYS_IN_ONE_TABLE);
            assertThat(hazard.toString()).startsWith("notes: 2 foreign keys will cascade (patient_id; recorded_by)");
        });
        assertThat(graph.plan(DEFAULTS.toBuilder().setNull("notes.recorded_by").build())
                        .hazards())
                .isEmpty();
    }

    @Test
    void twoThatCascadedBeforeAreNoNews() {
        graph.foreignKey("patient", notes, users, fk -> fk.onDelete = ReferentialAction.CASCADE);
        graph.foreignKey("recorder", notes, users, fk -> fk.onDelete = ReferentialAction.CASCADE);
        assertThat(graph.plan().hazards()).isEmpty();
    }

    @Test
    void deletesThatScanTablesAreOneLine() {
        graph.foreignKey("of_user", notes, users, fk -> fk.indexed = false);
        assertThat(graph.plan().hazards()).singleElement().satisfies(hazard -> {
            assertThat(hazard.kind()).isEqualTo(Hazard.Kind.NO_INDEX);
            assertThat(hazard.toString())
                    .isEqualTo(
                            "1 foreign key: no usable index on notes (user_id), so every delete of a user scans the table;"
                                    + " cascade_indexes = create builds what is missing first");
        });
        // Also one that cascades already, and one that only refuses, as a delete looks for its rows too.
        graph.foreignKey("of_user", graph.table("logins"), users, fk -> {
            fk.indexed = false;
            fk.onDelete = ReferentialAction.CASCADE;
        });
        graph.foreignKey("of_note", graph.table("lines"), notes, fk -> fk.indexed = false);
        assertThat(graph.plan().hazards())
                .singleElement()
                .asString()
                .contains("3 foreign keys: no usable index on lines (user_id), logins (user_id), notes (user_id)");
        assertThat(graph.plan(DEFAULTS.toBuilder()
                                .indexes(CascadeOptions.IndexMode.CREATE)
                                .build())
                        .hazards())
                .isEmpty();
    }

    @Test
    void oldRowsThatWereNeverChecked() {
        graph.foreignKey("of_user", notes, users, fk -> fk.validated = false);
        graph.foreignKey("done", graph.table("logins"), users, fk -> {
            fk.validated = false;
            fk.onDelete = ReferentialAction.CASCADE;
        });
        assertThat(graph.plan().hazards())
                .extracting(Hazard::kind)
                .containsExactly(Hazard.Kind.NOT_VALIDATED, Hazard.Kind.NOT_VALIDATED);
    }

    @Test
    void aCascadeThatDoesNothing() {
        graph.foreignKey("not_enforced", notes, users, fk -> {
            fk.enforced = false;
            fk.onDelete = ReferentialAction.CASCADE;
        });
        graph.foreignKey("switched_off", graph.table("logins"), users, fk -> {
            fk.triggerStates = List.of("ON_DELETE=D");
            fk.onDelete = ReferentialAction.CASCADE;
        });
        assertThat(graph.plan().hazards())
                .extracting(Hazard::kind)
                .containsExactly(Hazard.Kind.NOT_EFFECTIVE, Hazard.Kind.NOT_EFFECTIVE);
    }

    @Test
    void aRoleThatMayDeleteUsersButNotTheirRows() {
        Table logins = graph.table("logins");
        graph.foreignKey("of_user", notes, users);
        graph.foreignKey("of_user", logins, users);
        graph.mayDelete("support", users, logins);
        assertThat(graph.plan(GraphByHand.cockroach(), DEFAULTS).hazards())
                .filteredOn(hazard -> hazard.kind() == Hazard.Kind.MISSING_PRIVILEGE)
                .singleElement()
                .asString()
                .startsWith("notes.of_user")
                .endsWith("GRANT DELETE ON TABLE \"public\".\"notes\" TO \"support\"");
    }

    @Test
    void aTableOfAnotherDatabase() {
        graph.inOtherDatabase("a table in database other", users);
        assertThat(graph.plan(GraphByHand.cockroach(), DEFAULTS).hazards())
                .extracting(Hazard::kind)
                .containsExactly(Hazard.Kind.OTHER_DATABASE);
    }

    @Test
    void standbysAndEarlyCascadesMatterOnlyWhenThereIsSomethingToDo() {
        assertThat(graph.plan(GraphByHand.server(Product.POSTGRESQL, false, 2, true), DEFAULTS)
                        .hazards())
                .isEmpty();
        assertThat(graph.plan(GraphByHand.cockroach(), DEFAULTS).hazards()).isEmpty();

        graph.foreignKey("of_user", notes, users);
        assertThat(graph.plan(GraphByHand.server(Product.POSTGRESQL, false, 2, true), DEFAULTS)
                        .hazards())
                .extracting(Hazard::kind)
                .containsExactly(Hazard.Kind.STANDBY);
        assertThat(graph.plan(GraphByHand.cockroach(), DEFAULTS).hazards())
                .extracting(Hazard::kind)
                .containsExactly(Hazard.Kind.EARLY_CASCADE);
    }
}

package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Problem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CascadePlannerTest {

    private static final CascadeOptions DEFAULTS = CascadeOptions.defaults();

    private final GraphByHand graph = new GraphByHand();
    private final Table users = graph.table("users");
    private final Table notes = graph.table("notes");

    @ParameterizedTest
    @EnumSource(value = ReferentialAction.class, names = "CASCADE", mode = EnumSource.Mode.EXCLUDE)
    void everyOtherActionBecomesCascade(ReferentialAction action) {
        graph.foreignKey("of_user", notes, users, fk -> fk.onDelete = action);
        assertThat(targetOfOnlyConversion(graph.plan()).onDelete()).isEqualTo(ReferentialAction.CASCADE);
    }

    @Test
    void everythingElseIsKept() {
        ForeignKey fk = graph.foreignKey("of_user", notes, users, traits -> {
            traits.deferrability = Deferrability.INITIALLY_DEFERRED;
            traits.validated = false;
            traits.columns = List.of("b", "a");
            traits.comment = "why";
            traits.triggerStates = List.of("CHECK_INSERT=D");
        });
        Conversion conversion = graph.plan().conversions().get(0);
        assertThat(conversion.target()).isEqualTo(fk.definition().withOnDelete(ReferentialAction.CASCADE));
        assertThat(conversion.comment()).isEqualTo("why");
        assertThat(conversion.triggerStates()).containsExactly("CHECK_INSERT=D");
    }

    @Test
    void columnsOfSetNullGoWithTheAction() {
        graph.foreignKey("of_user", notes, users, fk -> {
            fk.columns = List.of("tenant", "user_id");
            fk.onDelete = ReferentialAction.SET_NULL;
            fk.onDeleteColumns = List.of("user_id");
        });
        assertThat(targetOfOnlyConversion(graph.plan()).onDeleteColumns()).isEmpty();
    }

    @Test
    void whatCascadesIsDone() {
        ForeignKey fk =
                graph.foreignKey("of_user", notes, users, traits -> traits.onDelete = ReferentialAction.CASCADE);
        CascadePlan plan = graph.plan();
        assertThat(plan.alreadyDone()).containsExactly(fk);
        assertThat(plan.conversions()).isEmpty();
    }

    @Test
    void foreignKeysOnOtherTablesAreNoConcern() {
        Table tags = graph.table("tags");
        graph.foreignKey("of_note", tags, notes);
        assertThat(graph.plan().conversions()).isEmpty();
    }

    @Test
    void conversionsAreOrderedByTableAndName() {
        Table archive = graph.table("archive");
        ForeignKey second = graph.foreignKey("b", notes, users);
        ForeignKey first = graph.foreignKey("a", notes, users, fk -> fk.columns = List.of("author_id"));
        ForeignKey zeroth = graph.foreignKey("z", archive, users);
        assertThat(converted(graph.plan())).containsExactly(zeroth, first, second);
    }

    @Test
    void onPartitionsAndChildrenOfTheParentToo() {
        Table partition = graph.table("users_eu", table -> table.partition = true);
        Table below = graph.table("users_fr", table -> table.partition = true);
        graph.child(partition, users);
        graph.child(below, partition);
        ForeignKey fk = graph.foreignKey("of_user", notes, below);
        assertThat(converted(graph.plan())).containsExactly(fk);
    }

    @Test
    void selfReferencesAreKeptUnlessAskedFor() {
        ForeignKey manager = graph.foreignKey("manager", users, users);
        CascadePlan plan = graph.plan();
        assertThat(plan.conversions()).isEmpty();
        assertThat(plan.kept()).containsExactly(new CascadePlan.Kept(manager, "cascade_self_references = keep"));
        assertThat(converted(graph.plan(
                        DEFAULTS.toBuilder().cascadeSelfReferences(true).build())))
                .containsExactly(manager);
    }

    @Test
    void aForeignKeyBetweenTwoParentsIsNoSelfReference() {
        ForeignKey fk = graph.foreignKey("of_user", notes, users);
        assertThat(converted(
                        graph.plan(DEFAULTS.toBuilder().parent("users, notes").build())))
                .containsExactly(fk);
    }

    @Test
    void notEnforcedOnesAreKept() {
        ForeignKey fk = graph.foreignKey("of_user", notes, users, traits -> traits.enforced = false);
        assertThat(graph.plan().kept()).extracting(CascadePlan.Kept::foreignKey).containsExactly(fk);
    }

    @Test
    void periodOnesAreAProblemUnlessKept() {
        graph.foreignKey("of_user", notes, users, fk -> fk.temporal = true);
        assertThat(graph.plan().problems())
                .singleElement()
                .asString()
                .contains("PERIOD")
                .contains("cascade_keep (notes.of_user)");
        assertThat(graph.plan(keep("notes.of_user")).problems()).isEmpty();
    }

    @Test
    void remediesNameForeignKeysAsTheOptionReadsThem() {
        graph.foreignKey("of User", graph.table("app.Notes"), users, fk -> fk.temporal = true);
        String remedy = graph.plan().problems().get(0).remedy();
        assertThat(graph.plan(keep(remedy.substring(remedy.indexOf('(') + 1, remedy.indexOf(')'))))
                        .problems())
                .isEmpty();
    }

    @Test
    void keepByConstraintOrByColumn() {
        ForeignKey fk = graph.foreignKey("of_user", notes, users);
        ForeignKey other = graph.foreignKey("by_user", notes, users, traits -> traits.columns = List.of("author_id"));
        assertThat(converted(graph.plan(keep("notes.of_user")))).containsExactly(other);
        assertThat(converted(graph.plan(keep("notes.author_id")))).containsExactly(fk);
        assertThat(converted(graph.plan(keep("public.notes.user_id, NOTES.BY_USER"))))
                .isEmpty();
    }

    @Test
    void aConstraintIsMeantBeforeAColumnOfThatName() {
        graph.foreignKey("author_id", notes, users);
        ForeignKey other = graph.foreignKey("by_user", notes, users, traits -> traits.columns = List.of("author_id"));
        assertThat(converted(graph.plan(keep("notes.author_id")))).containsExactly(other);
    }

    @Test
    void keepWithoutAMatchIsAProblemWithTheNearestName() {
        graph.foreignKey("of_user", notes, users);
        assertThat(graph.plan(keep("notes.of_usr")).problems())
                .singleElement()
                .asString()
                .contains("cascade_keep names notes.of_usr")
                .contains("did you mean notes.of_user?");
    }

    @Test
    void keepThatMatchesInTwoSchemasIsAProblem() {
        graph.foreignKey("of_user", notes, users);
        graph.foreignKey("of_user", graph.table("archive.notes"), users);
        assertThat(graph.plan(keep("notes.of_user")).problems())
                .singleElement()
                .asString()
                .contains("archive, public");
        assertThat(graph.plan(keep("archive.notes.of_user")).problems()).isEmpty();
    }

    @Test
    void setNullInstead() {
        graph.foreignKey("of_user", notes, users, fk -> fk.nullable = Set.of("user_id"));
        assertThat(targetOfOnlyConversion(graph.plan(setNull("notes.of_user"))).onDelete())
                .isEqualTo(ReferentialAction.SET_NULL);
    }

    @Test
    void setNullThatIsThereIsDone() {
        ForeignKey fk = graph.foreignKey("of_user", notes, users, traits -> {
            traits.nullable = Set.of("user_id");
            traits.onDelete = ReferentialAction.SET_NULL;
        });
        assertThat(graph.plan(setNull("notes.of_user")).alreadyDone()).containsExactly(fk);
    }

    @Test
    void setNullOnANotNullOrGeneratedColumnIsAProblem() {
        graph.foreignKey("of_user", notes, users);
        graph.foreignKey("by_user", notes, users, fk -> {
            fk.columns = List.of("author_id");
            fk.nullable = Set.of("author_id");
            fk.generated = Set.of("author_id");
        });
        assertThat(graph.plan(setNull("notes.of_user, notes.by_user")).problems())
                .map(Problem::cause)
                .anyMatch(cause -> cause.contains("user_id is NOT NULL"))
                .anyMatch(cause -> cause.contains("author_id is a generated column"))
                .hasSize(2);
    }

    @Test
    void keepAndSetNullContradictEachOther() {
        graph.foreignKey("of_user", notes, users, fk -> fk.nullable = Set.of("user_id"));
        CascadeOptions both = DEFAULTS.toBuilder()
                .keep("notes.of_user")
                .setNull("notes.user_id")
                .build();
        assertThat(graph.plan(both).problems())
                .singleElement()
                .asString()
                .contains("cascade_keep and by cascade_set_null");
    }

    @Test
    void standInsOfAnInterruptedRunAreNotConverted() {
        ForeignKey fk = graph.foreignKey("of_user", notes, users);
        graph.foreignKey(TemporaryNames.of(notes.name(), "of_user"), notes, users);
        assertThat(converted(graph.plan())).containsExactly(fk);
    }

    @Test
    void aMissingParentIsAProblemWithTheNearestName() {
        graph.foreignKey("of_user", notes, users);
        assertThat(graph.plan(parent("user")).problems())
                .singleElement()
                .asString()
                .contains("no such table in public")
                .contains("did you mean users?");
    }

    @Test
    void aParentInAnotherSchemaIsPointedOut() {
        graph.table("app.people");
        assertThat(graph.plan(parent("people")).problems())
                .singleElement()
                .asString()
                .contains("app.people");
        assertThat(graph.plan(parent("app.people")).problems()).isEmpty();
    }

    @Test
    void aViewIsNoParent() {
        graph.table("people", table -> table.kind = TableKind.VIEW);
        assertThat(graph.plan(parent("people")).problems())
                .singleElement()
                .asString()
                .contains("is a view");
    }

    @Test
    void aParentIsFoundAsWrittenOrFolded() {
        Table mixed = graph.table("People");
        assertThat(graph.plan(parent("People")).parents()).containsExactly(mixed);
        assertThat(graph.plan(parent("USERS, users, public.Users")).parents()).containsExactly(users);
    }

    private static CascadeOptions keep(String foreignKeys) {
        return DEFAULTS.toBuilder().keep(foreignKeys).build();
    }

    private static CascadeOptions setNull(String foreignKeys) {
        return DEFAULTS.toBuilder().setNull(foreignKeys).build();
    }

    private static CascadeOptions parent(String parents) {
        return DEFAULTS.toBuilder().parent(parents).build();
    }

    private static List<ForeignKey> converted(CascadePlan plan) {
        assertThat(plan.problems()).isEmpty();
        return plan.conversions().stream().map(Conversion::foreignKey).toList();
    }

    private static ForeignKeyDefinition targetOfOnlyConversion(CascadePlan plan) {
        assertThat(converted(plan)).hasSize(1);
        return plan.conversions().get(0).target();
    }
}

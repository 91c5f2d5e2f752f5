package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.plan.Conversion;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversionTest {

    private final GraphByHand graph = new GraphByHand();

    @Test
    void saysWhatChanges() {
        ForeignKey fk = graph.foreignKey("of_user", graph.table("app.Notes"), graph.table("users"));
        assertThat(Conversion.toAction(fk, ReferentialAction.CASCADE))
                .hasToString("app.\"Notes\".of_user (user_id) -> users(id): ON DELETE NO ACTION -> CASCADE");
    }

    @Test
    void saysWhichColumnsWereSet() {
        ForeignKey fk = graph.foreignKey("of_user", graph.table("notes"), graph.table("users"), traits -> {
            traits.columns = List.of("tenant", "user_id");
            traits.onDelete = ReferentialAction.SET_NULL;
            traits.onDeleteColumns = List.of("user_id");
        });
        assertThat(Conversion.toAction(fk, ReferentialAction.CASCADE).describeChange())
                .isEqualTo("SET NULL (user_id) -> CASCADE");
    }

    @Test
    void saysThatTheCheckWaits() {
        ForeignKey fk = graph.foreignKey("of_user", graph.table("notes"), graph.table("users"));
        Conversion deferred = Conversion.toInitiallyDeferred(fk);
        assertThat(deferred.target()).isEqualTo(fk.definition().withDeferrability(Deferrability.INITIALLY_DEFERRED));
        assertThat(deferred.describeChange())
                .isEqualTo("NO ACTION NOT DEFERRABLE -> NO ACTION DEFERRABLE INITIALLY DEFERRED");
    }
}

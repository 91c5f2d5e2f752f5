package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import java.util.List;

/**
 * What a run would do, and why it would not do more.
 *
 * @param parents the referenced tables
 * @param conversions the foreign keys to convert, in the order in which they will be
 * @param alreadyDone the foreign keys that are as they should be
 * @param kept the foreign keys that stay as they are, each with the reason
 * @param hazards what an operator should know first
 * @param problems why nothing can be changed; empty for a plan that can be carried out
 */
public record CascadePlan(
        List<Table> parents,
        List<Conversion> conversions,
        List<ForeignKey> alreadyDone,
        List<Kept> kept,
        List<Hazard> hazards,
        List<Problem> problems) {

    /** A foreign key that stays as it is, and the option or rule that says so. */
    public record Kept(ForeignKey foreignKey, String reason) {
    }

    public CascadePlan {
        parents = List.copyOf(parents);
        conversions = List.copyOf(conversions);
        alreadyDone = List.copyOf(alreadyDone);
        kept = List.copyOf(kept);
        hazards = List.copyOf(hazards);
        problems = List.copyOf(problems);
    }
}

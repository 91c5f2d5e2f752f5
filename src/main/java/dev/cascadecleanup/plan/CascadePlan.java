package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a run would do, and why it would not do more.
 *
 * @param server the server that it was made for
 * @param parents the referenced tables
 * @param conversions the foreign keys to convert, in the order in which they will be
 * @param alreadyDone the foreign keys that are as they should be
 * @param kept the foreign keys that stay as they are, each with the reason
 * @param hazards what an operator should know first
 * @param reach what a delete on each parent reaches once the plan is carried out
 * @param advice the options that would close what it leaves open
 * @param indexes the indexes that the delete will lack; {@link IndexPlan#NONE} as long as nobody has looked
 * @param problems why nothing can be changed; empty for a plan that can be carried out
 * @param optionProblems those of them that lie in the options and the schema, and not in the role or the server
 */
public record CascadePlan(
        Server server,
        List<Table> parents,
        List<Conversion> conversions,
        List<ForeignKey> alreadyDone,
        List<Kept> kept,
        List<Hazard> hazards,
        List<Reach> reach,
        ClosureAdvice advice,
        IndexPlan indexes,
        List<Problem> problems,
        List<Problem> optionProblems) {

    /** A foreign key that stays as it is, and the option or rule that says so. */
    public record Kept(ForeignKey foreignKey, String reason) {}

    public CascadePlan {
        Objects.requireNonNull(server, "server");
        parents = List.copyOf(parents);
        conversions = List.copyOf(conversions);
        alreadyDone = List.copyOf(alreadyDone);
        kept = List.copyOf(kept);
        hazards = List.copyOf(hazards);
        reach = List.copyOf(reach);
        Objects.requireNonNull(advice, "advice");
        Objects.requireNonNull(indexes, "indexes");
        problems = List.copyOf(problems);
        optionProblems = List.copyOf(optionProblems);
    }

    /** The foreign keys that would still refuse the delete of a parent row, or can; each with its worst verdict. */
    public List<Link> open() {
        return Reach.open(reach);
    }

    /** The same with what was found out about indexes, and the problems that this makes. */
    public CascadePlan withIndexes(IndexPlan found, List<Problem> more) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(more);
        return new CascadePlan(
                server, parents, conversions, alreadyDone, kept, hazards, reach, advice, found, all, optionProblems);
    }
}

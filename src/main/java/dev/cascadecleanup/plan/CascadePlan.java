package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.json.TextColumns;
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
 * @param interceptors triggers and rules that take part in such a delete
 * @param notSeen what has a part in all this and could not be seen
 * @param advice a decision for each of what it leaves open
 * @param indexes the indexes that the delete will lack; {@link IndexPlan#NONE} as long as nobody has looked
 * @param data what the rows add; {@link PlanData#NONE} as long as nobody has looked
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
        List<Interceptor> interceptors,
        List<NotSeen> notSeen,
        ClosureAdvice advice,
        IndexPlan indexes,
        PlanData data,
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
        interceptors = List.copyOf(interceptors);
        notSeen = List.copyOf(notSeen);
        Objects.requireNonNull(advice, "advice");
        Objects.requireNonNull(indexes, "indexes");
        Objects.requireNonNull(data, "data");
        problems = List.copyOf(problems);
        optionProblems = List.copyOf(optionProblems);
    }

    /** The links that somebody has to decide about: they can refuse the delete, or take rows of somebody else; each with its worst verdict. */
    public List<Link> open() {
        return Reach.open(reach);
    }

    /** The same with what was found out about indexes, and the problems that this makes. */
    public CascadePlan withIndexes(IndexPlan found, List<Problem> more) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(more);
        return new CascadePlan(
                server,
                parents,
                conversions,
                alreadyDone,
                kept,
                hazards,
                reach,
                interceptors,
                notSeen,
                advice,
                found,
                data,
                all,
                optionProblems);
    }

    /** The same with what the rows add. */
    public CascadePlan withData(PlanData found) {
        return new CascadePlan(
                server,
                parents,
                conversions,
                alreadyDone,
                kept,
                hazards,
                reach,
                interceptors,
                notSeen,
                advice,
                indexes,
                found,
                problems,
                optionProblems);
    }

    /** The links that {@code cascade_accept} names, and that refuse the delete or take rows of somebody else. */
    public List<Link> accepted() {
        return reach.stream()
                .flatMap(each -> each.links().stream())
                .filter(link -> link.decision() == Decision.ACCEPT && !link.open())
                .filter(link -> link.judgement().mayRefuse() || link.judgement().takesOthersRows())
                .distinct()
                .toList();
    }

    /**
     * The links that do nothing, so that rows are left behind. The direct scope answers for what is to cascade; the closure for every
     * foreign key that the delete comes to, whatever its action, unless somebody has said that it stays so.
     *
     * @param closure whether the scope is {@code closure}
     */
    public List<Link> ineffective(boolean closure) {
        return reach.stream()
                .flatMap(each -> each.links().stream())
                .filter(link -> link.effect() == Link.Effect.LEFT_BEHIND
                        || link.foreignKey().leavesBehindOnPartitions())
                .filter(link -> closure
                        ? link.decision() != Decision.KEEP && link.decision() != Decision.ACCEPT
                        : link.foreignKey().onDelete() == ReferentialAction.CASCADE
                                && alreadyDone.contains(link.foreignKey()))
                .distinct()
                .toList();
    }

    /** What is not counted, because an option says so. */
    public Decided decided() {
        return Decided.of(this);
    }

    /** Those of {@link #open()} over which a row can refuse the delete. */
    public List<Link> refusing() {
        return open().stream()
                .filter(link -> link.verdict() != Verdict.TAKES_OTHERS_ROWS)
                .toList();
    }

    /** Those of {@link #open()} that refuse nothing, but take rows of somebody else. */
    public List<Link> taking() {
        return open().stream()
                .filter(link -> link.verdict() == Verdict.TAKES_OTHERS_ROWS)
                .toList();
    }

    /** The open links for people, one line each: what it does, and how many rows of today that concerns. */
    public List<String> openLines() {
        return TextColumns.aligned(open().stream()
                .map(link -> List.of(
                        link.foreignKey().toString(),
                        link.words()
                                + data.of(link.foreignKey())
                                        .map(rows -> " [" + rows + ']')
                                        .orElse("")))
                .toList());
    }

    /** How many links are open and what they do, as a sentence without a full stop; empty if none is. */
    public String openSummary() {
        int refusing = refusing().size();
        int taking = taking().size();
        if (refusing + taking == 0) {
            return "";
        }
        return refusing == 0
                ? taking + (taking == 1 ? " link takes" : " links take") + " rows of somebody else"
                : refusing + (refusing == 1 ? " link can" : " links can") + " refuse the delete"
                        + (taking == 0
                                ? ""
                                : ", " + taking + (taking == 1 ? " takes" : " take") + " rows of somebody else");
    }
}

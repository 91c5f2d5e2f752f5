package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.plan.ClosureRule;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.ForeignKeySelector;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the options say about single foreign keys: {@code cascade_keep}, {@code cascade_set_null}, {@code cascade_closure}. */
final class Policies {

    /** What is wanted of a foreign key. */
    enum Policy {
        NONE,
        KEEP,
        SET_NULL,
        CASCADE,
        DEFER,
        CASCADE_AND_DEFER;

        String option() {
            return switch (this) {
                case NONE -> "";
                case KEEP -> "cascade_keep";
                case SET_NULL -> "cascade_set_null";
                case CASCADE -> "cascade_closure";
                case DEFER -> "cascade_closure (=defer)";
                case CASCADE_AND_DEFER -> "cascade_closure (=cascade+defer)";
            };
        }
    }

    private final Map<ForeignKey, Policy> policies = new IdentityHashMap<>();
    private final Set<ForeignKey> accepted = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<ForeignKeyGraph.Interceptor> acceptedInterceptors = new HashSet<>();
    private final PlanDraft.Subject subject;
    private final Set<ForeignKey> direct = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Problem> problems;

    private Policies(PlanDraft.Subject subject, List<Problem> problems) {
        this.subject = subject;
        this.problems = problems;
        direct.addAll(subject.direct());
    }

    /** The same, to be added to; what does not fit together is not reported any more. */
    Policies copy() {
        Policies copy = new Policies(subject, new ArrayList<>());
        copy.policies.putAll(policies);
        copy.accepted.addAll(accepted);
        copy.acceptedInterceptors.addAll(acceptedInterceptors);
        return copy;
    }

    /**
     * What the options say.
     *
     * @param parents the parents, for messages
     * @param graph has the triggers that can be accepted
     * @param problems takes entries that name nothing, and foreign keys that are named twice
     */
    static Policies of(PlanDraft.Subject subject, String parents, ForeignKeyGraph graph, List<Problem> problems) {
        CascadeOptions options = subject.options();
        Policies policies = new Policies(subject, problems);
        boolean closure = options.scope() == CascadeOptions.Scope.CLOSURE;
        List<ForeignKey> all = new ArrayList<>(subject.direct());
        all.addAll(subject.below());
        String onOrBelow = "on " + parents + " or below";
        policies.accept(new Selection(all, onOrBelow, problems), graph);
        Selection anywhere = closure
                ? new Selection(all, onOrBelow, problems)
                : new Selection(subject.direct(), "on " + parents, problems);
        anywhere.select("cascade_keep", options.keep()).forEach(fk -> policies.put(fk, Policy.KEEP));
        anywhere.select("cascade_set_null", options.setNull()).forEach(fk -> policies.put(fk, Policy.SET_NULL));
        if (!closure) {
            if (!options.closure().isEmpty()) {
                problems.add(new Problem(
                        "cascade_closure names "
                                + options.closure().get(0).selector().text()
                                + ", but cascade_scope is direct, which converts nothing below " + parents,
                        "Set cascade_scope = closure, or take cascade_closure out"));
            }
            return policies;
        }
        Selection further = new Selection(subject.below(), "below " + parents, problems);
        for (ClosureRule rule : options.closure()) {
            Policy policy = switch (rule.policy()) {
                case CASCADE -> Policy.CASCADE;
                case DEFER -> Policy.DEFER;
                case CASCADE_AND_DEFER -> Policy.CASCADE_AND_DEFER;
            };
            further.select("cascade_closure", rule.selector()).forEach(fk -> policies.put(fk, policy));
        }
        return policies;
    }

    /** An entry names links, or else a trigger or rule, or the column of an inheritance child. */
    private void accept(Selection links, ForeignKeyGraph graph) {
        List<InheritedRows.Gap> gaps = subject.options().accept().isEmpty() ? List.of() : InheritedRows.of(graph);
        for (ForeignKeySelector selector : subject.options().accept()) {
            List<ForeignKeyGraph.Interceptor> named = graph.interceptors().stream()
                    .filter(each -> names(selector, each, graph))
                    .toList();
            boolean inherited = gaps.stream().anyMatch(gap -> gap.isNamedBy(selector));
            if ((named.isEmpty() && !inherited) || !links.isNone(selector)) {
                accepted.addAll(links.select("cascade_accept", selector));
            }
            acceptedInterceptors.addAll(named);
        }
    }

    private static boolean names(
            ForeignKeySelector selector, ForeignKeyGraph.Interceptor interceptor, ForeignKeyGraph graph) {
        Table table = graph.tables().get(interceptor.tableOid());
        return table != null && selector.names(table.name(), interceptor.name());
    }

    private void put(ForeignKey fk, Policy policy) {
        Policy earlier = policies.putIfAbsent(fk, policy);
        if (earlier != null && earlier != policy) {
            problems.add(new Problem(
                    fk.qualifiedName() + " is named by " + earlier.option() + " and by " + policy.option(),
                    "Take it out of one of them"));
        }
    }

    Policy of(ForeignKey fk) {
        return policies.getOrDefault(fk, Policy.NONE);
    }

    /** Whether an option says what is to become of it, so that the closure does not. */
    boolean isNamed(ForeignKey fk) {
        return policies.containsKey(fk) || accepted.contains(fk);
    }

    boolean accepts(ForeignKeyGraph.Interceptor interceptor) {
        return acceptedInterceptors.contains(interceptor);
    }

    /** Whether it is SET NULL or SET DEFAULT on a parent and to stay so. */
    boolean keepsSetting(ForeignKey fk) {
        return subject.options().keepSetNull()
                && direct.contains(fk)
                && (fk.onDelete() == ReferentialAction.SET_NULL || fk.onDelete() == ReferentialAction.SET_DEFAULT);
    }

    /** What somebody has decided about the rows of others behind it. */
    Decision decision(ForeignKey fk) {
        return switch (of(fk)) {
            case KEEP -> Decision.KEEP;
            case SET_NULL -> Decision.SET_NULL;
            case CASCADE, CASCADE_AND_DEFER -> accepted.contains(fk) ? Decision.ACCEPT : Decision.CASCADE;
            case DEFER, NONE ->
                accepted.contains(fk)
                        ? Decision.ACCEPT
                        : keepsSetting(fk)
                                ? Decision.SET_NULL
                                : subject.options().cascadeSelfReferences() && subject.isSelfReference(fk)
                                        ? Decision.CASCADE
                                        : Decision.NONE;
        };
    }

    /** In place of whatever has been decided before. */
    void decide(ForeignKey fk, Policy policy) {
        accepted.remove(fk);
        policies.put(fk, policy);
    }

    void accept(ForeignKey fk) {
        accepted.add(fk);
    }

    void forget(ForeignKey fk) {
        policies.remove(fk);
    }

    /** Entries that have no effect on the delete, because it does not come that far. */
    List<Problem> unreached(List<Reach> reach, References references) {
        return subject.below().stream()
                .filter(fk -> of(fk) != Policy.NONE && of(fk) != Policy.KEEP)
                .filter(fk -> reach.stream()
                        .noneMatch(each -> each.tables().containsKey(references.root(fk.referencedTable()))))
                .map(fk -> new Problem(
                        of(fk).option() + " names " + fk + ", but no row of "
                                + fk.referencedTable().name() + " is deleted with the parent's",
                        "Take the entry out, or also name the link by which "
                                + fk.referencedTable().name() + " is to be deleted"))
                .toList();
    }
}

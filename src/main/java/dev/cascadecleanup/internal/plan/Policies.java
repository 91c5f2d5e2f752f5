package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.plan.ClosureRule;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.Collections;
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
    private final List<ForeignKey> below;
    private final List<Problem> problems;

    private Policies(List<ForeignKey> below, List<Problem> problems) {
        this.below = below;
        this.problems = problems;
    }

    /**
     * @param parents the parents, for messages
     * @param direct the foreign keys on the parents
     * @param below in the scope {@code closure}, those further down
     * @param problems takes entries that name nothing, and foreign keys that are named twice
     */
    static Policies of(
            CascadeOptions options,
            String parents,
            List<ForeignKey> direct,
            List<ForeignKey> below,
            List<Problem> problems) {
        Policies policies = new Policies(below, problems);
        List<ForeignKey> all = new ArrayList<>(direct);
        all.addAll(below);
        boolean closure = options.scope() == CascadeOptions.Scope.CLOSURE;
        Selection anywhere = new Selection(all, closure ? "on " + parents + " or below" : "on " + parents, problems);
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
        Selection further = new Selection(below, "below " + parents, problems);
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

    boolean isNamed(ForeignKey fk) {
        return policies.containsKey(fk);
    }

    /** Those that are named at all. */
    Set<ForeignKey> named() {
        Set<ForeignKey> named = Collections.newSetFromMap(new IdentityHashMap<>());
        named.addAll(policies.keySet());
        return named;
    }

    /** Entries that have no effect on the delete, because it does not come that far. */
    List<Problem> unreached(List<Reach> reach, References references) {
        return below.stream()
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

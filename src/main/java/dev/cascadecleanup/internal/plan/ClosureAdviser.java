package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.ClosureAdvice;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.Verdict;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Works out which options would close what a plan leaves open, by applying them to a copy of the plan and looking again: a link that
 * cascades may reach tables on which there are more.
 */
final class ClosureAdviser {

    private final References references;
    private final Product product;
    private final List<Table> parents;
    private final Set<ForeignKey> decided;
    private final Selection names;
    private final Definitions trial;
    private final Set<ForeignKey> named = identitySet();
    private final Map<ForeignKey, String> closure = new LinkedHashMap<>();
    private final Map<ForeignKey, String> setNull = new LinkedHashMap<>();

    /**
     * @param planned what the plan makes of the foreign keys
     * @param decided foreign keys about which an option has decided, and which no advice may change
     * @param names gives a foreign key the name that an option takes
     */
    ClosureAdviser(
            References references,
            Product product,
            List<Table> parents,
            Definitions planned,
            Set<ForeignKey> decided,
            Selection names) {
        this.references = references;
        this.product = product;
        this.parents = parents;
        this.decided = decided;
        this.names = names;
        this.trial = planned.copy();
    }

    ClosureAdvice advise() {
        Set<ForeignKey> planned = identitySet();
        trial.conversions().forEach(conversion -> planned.add(conversion.foreignKey()));
        List<Link> open;
        boolean progress;
        do {
            new Closure(references, product, trial, fk -> !decided.contains(fk)).convert(parents);
            open = Reach.open(new ReachFinder(references, product, trial).from(parents));
            progress = false;
            for (Link link : open) {
                progress |= !decided.contains(link.foreignKey()) && close(link);
            }
        } while (progress);

        List<String> byScope = trial.conversions().stream()
                .map(Conversion::foreignKey)
                .filter(fk -> !planned.contains(fk) && !named.contains(fk))
                .sorted(ForeignKey.BY_NAME)
                .map(ForeignKey::qualifiedName)
                .toList();
        return new ClosureAdvice(
                byScope,
                List.copyOf(closure.values()),
                List.copyOf(setNull.values()),
                open.stream()
                        .filter(link -> !decided.contains(link.foreignKey()))
                        .toList());
    }

    /** Whether there is an option for this link; if so, the trial has it now. */
    private boolean close(Link link) {
        ForeignKey fk = link.foreignKey();
        if (!fk.definition().enforced() || fk.temporal() || !fk.triggerStates().isEmpty()) {
            return false;
        }
        // A foreign key that already cascades, or that the closure makes cascade, keeps that.
        boolean deferCascade = link.closedByDeferring() && link.effect() == Link.Effect.DELETED;
        if (trial.isConverted(fk) && !deferCascade) {
            return false;
        }
        if (isParent(fk.table())) {
            // Cascading would delete other users.
            return fk.nullableColumns().size() == fk.columns().size()
                    && fk.generatedColumns().isEmpty()
                    && link.effect() == Link.Effect.CHECKED
                    && apply(fk, Conversion.toAction(fk, ReferentialAction.SET_NULL), setNull, "");
        }
        if (link.closedByDeferring()) {
            // cascade_closure names only what is below.
            return !isParent(fk.referencedTable())
                    && (deferCascade
                            ? apply(fk, Conversion.toDeferredCascade(fk), closure, "=cascade+defer")
                            : apply(fk, Conversion.toInitiallyDeferred(fk), closure, "=defer"));
        }
        boolean rivalsCascade = link.effect() == Link.Effect.SET_NULL && link.verdict() == Verdict.ORDER_DEPENDENT;
        boolean refuses = link.effect() == Link.Effect.CHECKED || link.verdict() == Verdict.REFUSES;
        return (refuses || rivalsCascade) && apply(fk, Conversion.toAction(fk, ReferentialAction.CASCADE), closure, "");
    }

    private boolean isParent(Table table) {
        return parents.stream().anyMatch(parent -> references.sources(parent).contains(references.root(table)));
    }

    private boolean apply(ForeignKey fk, Conversion conversion, Map<ForeignKey, String> entries, String suffix) {
        trial.convert(conversion);
        named.add(fk);
        entries.put(fk, names.nameOf(fk) + suffix);
        return true;
    }

    private static Set<ForeignKey> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}

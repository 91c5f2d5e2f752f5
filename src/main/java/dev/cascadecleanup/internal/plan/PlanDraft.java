package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What becomes of each foreign key under certain policies, and what a delete then reaches. */
final class PlanDraft {

    /**
     * What a plan is made for.
     *
     * @param references the foreign keys
     * @param server the server
     * @param options what is wanted beyond the policies
     * @param parents the parents
     * @param families each parent with its partitions and inheritance children
     * @param direct the foreign keys on these
     * @param below those further down
     */
    record Subject(
            References references,
            Server server,
            CascadeOptions options,
            List<Table> parents,
            List<Set<Table>> families,
            List<ForeignKey> direct,
            List<ForeignKey> below) {

        boolean isSelfReference(ForeignKey fk) {
            return families.stream()
                    .anyMatch(family -> family.contains(fk.table()) && family.contains(fk.referencedTable()));
        }

        boolean isParent(Table table) {
            return families.stream().anyMatch(family -> family.contains(table));
        }
    }

    private final Subject subject;
    private final Server server;
    private final CascadeOptions options;
    private final References references;
    private final Policies policies;
    private final Definitions definitions;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Conversion> conversions = new ArrayList<>();
    private final List<ForeignKey> alreadyDone = new ArrayList<>();
    private final List<CascadePlan.Kept> kept = new ArrayList<>();
    private final List<Reach> reach;

    PlanDraft(Subject subject, Policies policies, boolean closure) {
        this.subject = subject;
        this.server = subject.server();
        this.options = subject.options();
        this.references = subject.references();
        this.policies = policies;
        subject.direct().forEach(this::decide);
        if (closure) {
            subject.below().forEach(this::decideBelow);
        }
        definitions = new Definitions(references, options, server.product());
        conversions.forEach(definitions::convert);
        if (closure) {
            new Closure(references, server.product(), definitions, fk -> !policies.isNamed(fk))
                    .convert(subject.parents());
        }
        reach = new ReachFinder(references, server.product(), definitions, policies::decision).from(subject.parents());
        if (closure) {
            conversions.clear();
            conversions.addAll(deepestFirst());
            addReachedBelow();
            problems.addAll(policies.unreached(reach, references));
        }
    }

    List<Problem> problems() {
        return problems;
    }

    List<Conversion> conversions() {
        return conversions;
    }

    List<ForeignKey> alreadyDone() {
        return alreadyDone;
    }

    List<CascadePlan.Kept> kept() {
        return kept;
    }

    List<Reach> reach() {
        return reach;
    }

    List<Link> open() {
        return Reach.open(reach);
    }

    /**
     * What lies deepest comes first. Until the very last step a delete of a user is refused by the same foreign keys as before, so a
     * run that ends half-way has not opened a way that leads only half-way; and the parent, the busiest table, is locked only when
     * everything else has succeeded.
     */
    private List<Conversion> deepestFirst() {
        Map<Long, Integer> depths = new HashMap<>();
        reach.forEach(each -> each.tables()
                .forEach((oid, table) -> depths.merge(oid, table.depths().shallowest(), Math::max)));
        Comparator<Conversion> byDepth = Comparator.comparing(conversion ->
                depths.getOrDefault(references.root(conversion.foreignKey().referencedTable()), 0));
        return definitions.conversions().stream()
                .sorted(byDepth.reversed().thenComparing(Conversion::foreignKey, ForeignKey.BY_NAME))
                .toList();
    }

    private void addReachedBelow() {
        Set<ForeignKey> listed = Collections.newSetFromMap(new IdentityHashMap<>());
        listed.addAll(alreadyDone);
        for (ForeignKey fk : subject.below()) {
            boolean reached =
                    reach.stream().anyMatch(each -> each.tables().containsKey(references.root(fk.referencedTable())));
            if (reached && definitions.deletes(fk) && !definitions.isConverted(fk) && listed.add(fk)) {
                alreadyDone.add(fk);
            }
        }
    }

    private void decideBelow(ForeignKey fk) {
        switch (policies.of(fk)) {
            case KEEP -> kept.add(new CascadePlan.Kept(fk, "cascade_keep"));
            case SET_NULL -> decideSetNull(fk);
            case CASCADE -> decideCascade(fk);
            case DEFER -> decideDefer(fk, Conversion.toInitiallyDeferred(fk));
            case CASCADE_AND_DEFER -> decideDefer(fk, Conversion.toDeferredCascade(fk));
            case NONE -> {}
        }
    }

    private void decideCascade(ForeignKey fk) {
        if (fk.onDelete() == ReferentialAction.CASCADE) {
            alreadyDone.add(fk);
        } else if (fk.temporal() || !fk.definition().enforced()) {
            problems.add(new Problem(
                    "cascade_closure names " + fk + ", which is NOT ENFORCED or a PERIOD foreign key",
                    "Take it out of cascade_closure"));
        } else {
            conversions.add(Conversion.toAction(fk, ReferentialAction.CASCADE));
        }
    }

    private void decideDefer(ForeignKey fk, Conversion conversion) {
        if (server.product() == Product.COCKROACHDB) {
            problems.add(new Problem(
                    "cascade_closure names " + fk + " with =defer, but CockroachDB has no deferrable constraints",
                    "Take the entry out: CockroachDB checks when all cascades are done anyway"));
        } else if (conversion.target().onDelete() == ReferentialAction.RESTRICT) {
            problems.add(new Problem(
                    "cascade_closure names " + fk + " with =defer, but it is ON DELETE RESTRICT, which cannot be"
                            + " deferred (PostgreSQL manual, CREATE TABLE)",
                    "Name it without =defer or with =cascade+defer, or take the entry out"));
        } else if (fk.temporal() || !fk.definition().enforced()) {
            problems.add(new Problem(
                    "cascade_closure names " + fk + ", which is NOT ENFORCED or a PERIOD foreign key",
                    "Take it out of cascade_closure"));
        } else if (fk.definition().equals(conversion.target())) {
            alreadyDone.add(fk);
        } else {
            conversions.add(conversion);
        }
    }

    private void decide(ForeignKey fk) {
        if (policies.of(fk) == Policies.Policy.KEEP) {
            kept.add(new CascadePlan.Kept(fk, "cascade_keep"));
        } else if (policies.of(fk) == Policies.Policy.SET_NULL) {
            decideSetNull(fk);
        } else if (fk.onDelete() == ReferentialAction.CASCADE) {
            alreadyDone.add(fk);
        } else if (policies.keepsSetting(fk)) {
            kept.add(new CascadePlan.Kept(fk, "cascade_keep_set_null = true"));
        } else if (subject.isSelfReference(fk) && !options.cascadeSelfReferences()) {
            kept.add(new CascadePlan.Kept(fk, "cascade_self_references = keep"));
        } else if (!fk.definition().enforced()) {
            kept.add(new CascadePlan.Kept(fk, "NOT ENFORCED: it refuses nothing, and re-adding it would enforce it"));
        } else if (fk.temporal()) {
            problems.add(new Problem(
                    fk + " is a PERIOD foreign key, which can only be NO ACTION (PostgreSQL manual, CREATE TABLE)",
                    keepRemedy(fk) + ", and delete its rows before the user"));
        } else {
            conversions.add(Conversion.toAction(fk, ReferentialAction.CASCADE));
        }
    }

    private void decideSetNull(ForeignKey fk) {
        ForeignKeyDefinition definition = fk.definition();
        if (definition.onDelete() == ReferentialAction.SET_NULL
                && definition.onDeleteColumns().isEmpty()) {
            alreadyDone.add(fk);
            return;
        }
        Set<String> forbidden = new LinkedHashSet<>(fk.columns());
        forbidden.retainAll(fk.nullRules().forbidden());
        if (!forbidden.isEmpty()) {
            problems.add(new Problem(
                    "cascade_set_null names " + fk + ", but " + String.join(", ", forbidden)
                            + " is NOT NULL, or a CHECK says so",
                    "Take it out of cascade_set_null, or first ALTER TABLE "
                            + fk.table().name().quoted() + " ALTER COLUMN ... DROP NOT NULL"));
        } else if (!fk.generatedColumns().isEmpty()) {
            problems.add(new Problem(
                    "cascade_set_null names " + fk + ", but " + String.join(", ", fk.generatedColumns())
                            + " is a generated column, which cannot be set to NULL",
                    "Take it out of cascade_set_null"));
        } else if (!definition.enforced() || fk.temporal()) {
            problems.add(new Problem(
                    "cascade_set_null names " + fk + ", which is NOT ENFORCED or a PERIOD foreign key",
                    "Take it out of cascade_set_null"));
        } else {
            conversions.add(Conversion.toAction(fk, ReferentialAction.SET_NULL));
        }
    }

    private static String keepRemedy(ForeignKey fk) {
        return "Name it in cascade_keep (" + fk.qualifiedName() + ")";
    }
}

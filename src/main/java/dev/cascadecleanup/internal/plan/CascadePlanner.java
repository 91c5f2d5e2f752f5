package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.ClosureAdvice;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.ParentName;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides, foreign key by foreign key, what a run does. Pure: the same graph and options always give the same plan. */
public final class CascadePlanner {

    private final ForeignKeyGraph graph;
    private final Server server;
    private final CascadeOptions options;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Conversion> conversions = new ArrayList<>();
    private final List<ForeignKey> alreadyDone = new ArrayList<>();
    private final List<CascadePlan.Kept> kept = new ArrayList<>();
    private final List<Hazard> hazards = new ArrayList<>();
    private final References references;
    /** Each parent with its partitions and inheritance children. */
    private final List<Set<Table>> families = new ArrayList<>();

    private CascadePlanner(ForeignKeyGraph graph, Server server, CascadeOptions options) {
        this.graph = graph;
        this.server = server;
        this.options = options;
        this.references = new References(graph);
    }

    /**
     * The plan for this graph.
     *
     * @param graph what is there
     * @param server what the server is and what the role may do
     * @param defaultSchema Flyway's default schema, or null without Flyway
     * @param options what is wanted
     */
    public static CascadePlan plan(ForeignKeyGraph graph, Server server, String defaultSchema, CascadeOptions options) {
        return new CascadePlanner(graph, server, options).plan(defaultSchema);
    }

    private CascadePlan plan(String defaultSchema) {
        List<Table> parents =
                new ParentResolver(graph, defaultSchema, server.searchPath(), problems).resolve(options.parents());

        // A delete on the parent also deletes from its partitions and inheritance children, and what references those
        // refuses it just the same.
        parents.forEach(parent -> families.add(new LinkedHashSet<>(graph.withDescendants(parent))));
        Set<ForeignKey> standIns = Set.copyOf(TemporaryNames.standIns(graph));
        List<Table> referenced = families.stream().flatMap(Set::stream).toList();
        List<ForeignKey> direct = graph.referencing(referenced).stream()
                .filter(fk -> !standIns.contains(fk))
                .toList();
        boolean closure = options.scope() == CascadeOptions.Scope.CLOSURE;
        List<ForeignKey> below = closure ? below(direct) : List.of();

        Policies policies = Policies.of(options, parentNames(), direct, below, problems);
        direct.forEach(fk -> decide(fk, policies));
        below.forEach(fk -> decideBelow(fk, policies));
        Definitions definitions = new Definitions(references, options, server.product());
        conversions.forEach(definitions::convert);
        if (closure) {
            new Closure(references, server.product(), definitions, fk -> !policies.isNamed(fk)).convert(parents);
        }
        List<Reach> reach = new ReachFinder(references, server.product(), definitions).from(parents);
        if (closure) {
            conversions.clear();
            conversions.addAll(deepestFirst(definitions, reach));
            addReachedBelow(below, definitions, reach);
            problems.addAll(policies.unreached(reach, references));
        }
        hazards.addAll(Hazards.of(graph, server, options, parents, conversions, alreadyDone, reach));
        List<Problem> optionProblems = List.copyOf(problems);
        problems.addAll(Preconditions.check(graph, server, options, answeredFor(referenced, reach), conversions));
        return new CascadePlan(
                server,
                parents,
                conversions,
                alreadyDone,
                kept,
                hazards,
                reach,
                advice(parents, direct, policies, definitions, reach),
                IndexPlan.NONE,
                problems,
                optionProblems);
    }

    /** In direct scope the promise is about the parents; a closure is one only if nothing below is out of sight. */
    private Set<Long> answeredFor(List<Table> referenced, List<Reach> reach) {
        Set<Long> tables = new HashSet<>();
        referenced.forEach(table -> tables.add(table.oid()));
        if (options.scope() == CascadeOptions.Scope.CLOSURE) {
            reach.forEach(each -> tables.addAll(each.tables().keySet()));
        }
        return tables;
    }

    private List<ForeignKey> below(List<ForeignKey> direct) {
        Set<Long> sources = new HashSet<>();
        families.forEach(family -> family.forEach(table -> sources.add(references.root(table))));
        Set<ForeignKey> alreadyListed = Collections.newSetFromMap(new IdentityHashMap<>());
        alreadyListed.addAll(direct);
        return references.below(sources).stream()
                .filter(fk -> !alreadyListed.contains(fk))
                .toList();
    }

    /**
     * What lies deepest comes first. Until the very last step a delete of a user is refused by the same foreign keys as before, so a
     * run that ends half-way has not opened a way that leads only half-way; and the parent, the busiest table, is locked only when
     * everything else has succeeded.
     */
    private List<Conversion> deepestFirst(Definitions definitions, List<Reach> reach) {
        Map<Long, Integer> depths = new HashMap<>();
        reach.forEach(each -> each.tables()
                .forEach((oid, table) -> depths.merge(oid, table.depths().shallowest(), Math::max)));
        Comparator<Conversion> byDepth = Comparator.comparing(conversion ->
                depths.getOrDefault(references.root(conversion.foreignKey().referencedTable()), 0));
        return definitions.conversions().stream()
                .sorted(byDepth.reversed().thenComparing(Conversion::foreignKey, ForeignKey.BY_NAME))
                .toList();
    }

    private void addReachedBelow(List<ForeignKey> below, Definitions definitions, List<Reach> reach) {
        Set<ForeignKey> listed = Collections.newSetFromMap(new IdentityHashMap<>());
        listed.addAll(alreadyDone);
        for (ForeignKey fk : below) {
            boolean reached =
                    reach.stream().anyMatch(each -> each.tables().containsKey(references.root(fk.referencedTable())));
            if (reached && definitions.deletes(fk) && !definitions.isConverted(fk) && listed.add(fk)) {
                alreadyDone.add(fk);
            }
        }
    }

    private ClosureAdvice advice(
            List<Table> parents,
            List<ForeignKey> direct,
            Policies policies,
            Definitions definitions,
            List<Reach> reach) {
        if (Reach.open(reach).isEmpty()) {
            return ClosureAdvice.NONE;
        }
        List<ForeignKey> nameable = new ArrayList<>(direct);
        nameable.addAll(below(direct));
        Set<ForeignKey> decided = policies.named();
        kept.forEach(each -> decided.add(each.foreignKey()));
        return new ClosureAdviser(
                        references,
                        server.product(),
                        parents,
                        definitions,
                        decided,
                        new Selection(nameable, "", new ArrayList<>()))
                .advise();
    }

    private String parentNames() {
        return String.join(
                ", ", options.parents().stream().map(ParentName::text).toList());
    }

    private void decideBelow(ForeignKey fk, Policies policies) {
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

    private void decide(ForeignKey fk, Policies policies) {
        boolean selfReference = families.stream()
                .anyMatch(family -> family.contains(fk.table()) && family.contains(fk.referencedTable()));
        if (policies.of(fk) == Policies.Policy.KEEP) {
            kept.add(new CascadePlan.Kept(fk, "cascade_keep"));
        } else if (policies.of(fk) == Policies.Policy.SET_NULL) {
            decideSetNull(fk);
        } else if (fk.onDelete() == ReferentialAction.CASCADE) {
            alreadyDone.add(fk);
        } else if (selfReference && !options.cascadeSelfReferences()) {
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
        Set<String> notNull = new LinkedHashSet<>(fk.columns());
        notNull.removeAll(fk.nullableColumns());
        if (!notNull.isEmpty()) {
            problems.add(new Problem(
                    "cascade_set_null names " + fk + ", but " + String.join(", ", notNull) + " is NOT NULL",
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

package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.ForeignKeyGraph;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

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

    private CascadePlanner(ForeignKeyGraph graph, Server server, CascadeOptions options) {
        this.graph = graph;
        this.server = server;
        this.options = options;
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
        if (options.scope() == CascadeOptions.Scope.CLOSURE) {
            problems.add(new Problem("cascade_scope = closure is not available yet", "Use cascade_scope = direct"));
        }
        List<Table> parents = new ParentResolver(graph, defaultSchema, server.searchPath(), problems).resolve(options.parents());

        // A delete on the parent also deletes from its partitions and inheritance children, and what references those
        // refuses it just the same.
        Set<Table> families = new LinkedHashSet<>();
        parents.forEach(parent -> families.addAll(graph.withDescendants(parent)));
        List<ForeignKey> standIns = TemporaryNames.standIns(graph);
        List<ForeignKey> candidates = graph.referencing(families).stream().filter(fk -> !standIns.contains(fk)).toList();

        Set<ForeignKey> keep = select("cascade_keep", options.keep(), candidates);
        Set<ForeignKey> setNull = select("cascade_set_null", options.setNull(), candidates);
        keep.stream().filter(setNull::contains).forEach(fk -> problems.add(new Problem(
                fk.qualifiedName() + " is named by cascade_keep and by cascade_set_null", "Take it out of one of them")));

        for (ForeignKey fk : candidates) {
            decide(fk, families.contains(fk.table()), keep.contains(fk), setNull.contains(fk));
        }
        hazards.addAll(Hazards.of(graph, server, parents, conversions, alreadyDone));
        problems.addAll(Preconditions.check(graph, server, options, parents, conversions));
        return new CascadePlan(parents, conversions, alreadyDone, kept, hazards, problems);
    }

    private void decide(ForeignKey fk, boolean selfReference, boolean keep, boolean setNull) {
        if (keep) {
            kept.add(new CascadePlan.Kept(fk, "cascade_keep"));
        } else if (setNull) {
            decideSetNull(fk);
        } else if (fk.onDelete() == ReferentialAction.CASCADE) {
            alreadyDone.add(fk);
        } else if (selfReference && !options.cascadeSelfReferences()) {
            kept.add(new CascadePlan.Kept(fk, "cascade_self_references = keep"));
        } else if (!fk.definition().enforced()) {
            kept.add(new CascadePlan.Kept(fk, "NOT ENFORCED: it refuses nothing, and re-adding it would enforce it"));
        } else if (fk.temporal()) {
            problems.add(new Problem(fk + " is a PERIOD foreign key, which can only be NO ACTION (PostgreSQL manual, CREATE TABLE)",
                    keepRemedy(fk) + ", and delete its rows before the user"));
        } else {
            conversions.add(Conversion.toAction(fk, ReferentialAction.CASCADE));
        }
    }

    private void decideSetNull(ForeignKey fk) {
        ForeignKeyDefinition definition = fk.definition();
        if (definition.onDelete() == ReferentialAction.SET_NULL && definition.onDeleteColumns().isEmpty()) {
            alreadyDone.add(fk);
            return;
        }
        Set<String> notNull = new LinkedHashSet<>(fk.columns());
        notNull.removeAll(fk.nullableColumns());
        if (!notNull.isEmpty()) {
            problems.add(new Problem("cascade_set_null names " + fk + ", but " + String.join(", ", notNull) + " is NOT NULL",
                    "Take it out of cascade_set_null, or first ALTER TABLE " + fk.table().name().quoted()
                            + " ALTER COLUMN ... DROP NOT NULL"));
        } else if (!fk.generatedColumns().isEmpty()) {
            problems.add(new Problem("cascade_set_null names " + fk + ", but " + String.join(", ", fk.generatedColumns())
                    + " is a generated column, which cannot be set to NULL", "Take it out of cascade_set_null"));
        } else if (!definition.enforced() || fk.temporal()) {
            problems.add(new Problem("cascade_set_null names " + fk + ", which is NOT ENFORCED or a PERIOD foreign key",
                    "Take it out of cascade_set_null"));
        } else {
            conversions.add(Conversion.toAction(fk, ReferentialAction.SET_NULL));
        }
    }

    private Set<ForeignKey> select(String option, List<ForeignKeySelector> selectors, List<ForeignKey> candidates) {
        Set<ForeignKey> selected = new LinkedHashSet<>();
        for (ForeignKeySelector selector : selectors) {
            List<ForeignKey> matches = selector.select(candidates);
            Set<String> schemas = new HashSet<>();
            matches.forEach(fk -> schemas.add(fk.table().name().schema()));
            if (matches.isEmpty()) {
                problems.add(new Problem(option + " names " + selector.text() + ", but no foreign key on "
                        + String.join(", ", options.parents().stream().map(ParentName::text).toList()) + " is called so"
                        + Suggestions.didYouMean(selector.text(), validNames(candidates)),
                        "Write table.constraint or table.column, or take the entry out"));
            } else if (schemas.size() > 1) {
                problems.add(new Problem(option + " names " + selector.text() + ", which exists in the schemas "
                        + String.join(", ", schemas.stream().sorted().toList()), "Put the schema in front"));
            } else {
                selected.addAll(matches);
            }
        }
        return selected;
    }

    private static List<String> validNames(List<ForeignKey> candidates) {
        List<Function<ForeignKey, List<String>>> spellings = List.of(
                fk -> List.of(fk.table().name().name() + '.' + fk.name()),
                fk -> fk.columns().stream().map(column -> fk.table().name().name() + '.' + column).toList());
        return candidates.stream()
                .flatMap(fk -> spellings.stream().flatMap(spelling -> spelling.apply(fk).stream()))
                .toList();
    }

    private static String keepRemedy(ForeignKey fk) {
        return "Name it in cascade_keep (" + fk.table().name().name() + '.' + fk.name() + ")";
    }
}

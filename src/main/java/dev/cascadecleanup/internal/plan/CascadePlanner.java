package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.ParentName;
import dev.cascadecleanup.plan.PlanData;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Decides, foreign key by foreign key, what a run does. Pure: the same graph and options always give the same plan. */
public final class CascadePlanner {

    private final ForeignKeyGraph graph;
    private final Server server;
    private final CascadeOptions options;
    private final List<Problem> problems = new ArrayList<>();
    private final References references;

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

    /**
     * What deletes on the parents reach with the foreign keys as they are, before any plan is carried out, and what the options decide
     * about them.
     */
    public static List<Reach> today(
            ForeignKeyGraph graph, Server server, String defaultSchema, CascadeOptions options) {
        CascadePlanner planner = new CascadePlanner(graph, server, options);
        PlanDraft.Subject subject = planner.subject(planner.parents(defaultSchema));
        Policies policies = Policies.of(subject, planner.parentNames(), graph, planner.problems);
        Definitions definitions = new Definitions(planner.references, options, server.product());
        return new ReachFinder(planner.references, server.product(), definitions, policies::decision)
                .from(subject.parents());
    }

    private List<Table> parents(String defaultSchema) {
        return new ParentResolver(graph, defaultSchema, server.searchPath(), problems).resolve(options.parents());
    }

    private CascadePlan plan(String defaultSchema) {
        List<Table> parents = parents(defaultSchema);
        PlanDraft.Subject subject = subject(parents);
        List<Table> referenced =
                subject.families().stream().flatMap(Set::stream).toList();
        boolean closure = options.scope() == CascadeOptions.Scope.CLOSURE;
        Policies policies = Policies.of(subject, parentNames(), graph, problems);
        PlanDraft draft = new PlanDraft(subject, policies, closure);
        problems.addAll(draft.problems());
        List<Interceptor> interceptors = Interceptions.of(graph, draft.reach(), policies::accepts);
        List<Hazard> hazards =
                Hazards.of(graph, server, options, parents, draft.conversions(), draft.alreadyDone(), draft.reach());
        List<Problem> optionProblems = List.copyOf(problems);
        Set<Long> answeredFor = answeredFor(referenced, draft.reach());
        problems.addAll(Preconditions.check(graph, server, options, answeredFor, draft.conversions()));
        return new CascadePlan(
                server,
                parents,
                draft.conversions(),
                draft.alreadyDone(),
                draft.kept(),
                hazards,
                draft.reach(),
                interceptors,
                notSeen(answeredFor, draft.reach(), closure),
                new ClosureAdviser(subject, policies, draft, closure).advise(interceptors),
                IndexPlan.NONE,
                PlanData.NONE,
                problems,
                optionProblems);
    }

    private PlanDraft.Subject subject(List<Table> parents) {
        // A delete on the parent also deletes from its partitions and inheritance children, and what references those
        // refuses it just the same.
        List<Set<Table>> families = parents.stream()
                .<Set<Table>>map(parent -> new LinkedHashSet<>(graph.withDescendants(parent)))
                .toList();
        Set<ForeignKey> standIns = Set.copyOf(TemporaryNames.standIns(graph));
        List<Table> referenced = families.stream().flatMap(Set::stream).toList();
        List<ForeignKey> direct = graph.referencing(referenced).stream()
                .filter(fk -> !standIns.contains(fk))
                .toList();
        return new PlanDraft.Subject(references, server, options, parents, families, direct, below(families, direct));
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

    /** What has a part in the answer about these tables and was not seen. */
    private List<NotSeen> notSeen(Set<Long> answeredFor, List<Reach> reach, boolean closure) {
        Set<Long> tables = new HashSet<>(answeredFor);
        answeredFor.forEach(
                oid -> graph.descendants().getOrDefault(oid, List.of()).forEach(tables::add));
        List<NotSeen> inherited = closure ? inheritedRows(graph, options) : List.of();
        List<NotSeen> endless = closure ? CockroachHazards.tooManyCascades(graph, reach) : List.of();
        return Stream.of(graph.notSeen(), graph.inOtherDatabases(), inherited, endless)
                .flatMap(List::stream)
                .filter(hidden -> hidden.concerns(tables))
                .toList();
    }

    /** Rows of inheritance children that no foreign key looks at, and that nobody has accepted: whatever they reference can go. */
    public static List<NotSeen> inheritedRows(ForeignKeyGraph graph, CascadeOptions options) {
        return InheritedRows.of(graph, options);
    }

    private List<ForeignKey> below(List<Set<Table>> families, List<ForeignKey> direct) {
        Set<Long> sources = new HashSet<>();
        families.forEach(family -> family.forEach(table -> sources.add(references.root(table))));
        Set<ForeignKey> alreadyListed = Collections.newSetFromMap(new IdentityHashMap<>());
        alreadyListed.addAll(direct);
        return references.below(sources).stream()
                .filter(fk -> !alreadyListed.contains(fk))
                .toList();
    }

    private String parentNames() {
        return String.join(
                ", ", options.parents().stream().map(ParentName::text).toList());
    }
}

package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.audit.PlanDataReader;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.IndexFactsReader;
import dev.cascadecleanup.internal.indexes.RequiredIndexes;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.plan.IndexPlanner;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Plans with all that is to be known about them. */
public final class Plans {

    private Plans() {}

    /** What a migration would do, and which indexes the delete would lack. */
    public static CascadePlan of(Session session, CascadeOptions options) throws SQLException {
        ForeignKeyGraph graph = session.catalog().read();
        return withIndexes(session, options, graph, of(session, options, graph));
    }

    /** The same with what the rows of today add to it. */
    public static CascadePlan withData(Session session, CascadeOptions options) throws SQLException {
        ForeignKeyGraph graph = session.catalog().read();
        return withData(session, graph, withIndexes(session, options, graph, of(session, options, graph)));
    }

    /** A plan with what the rows of today add to it; one that names no parent has none. */
    static CascadePlan withData(Session session, ForeignKeyGraph graph, CascadePlan plan) throws SQLException {
        return plan.parents().isEmpty() ? plan : plan.withData(PlanDataReader.read(session.connection(), graph, plan));
    }

    /** The same without the indexes, which takes no further look at the database. */
    static CascadePlan of(Session session, CascadeOptions options, ForeignKeyGraph graph) {
        return CascadePlanner.plan(graph, session.server(), session.history().schema(), options);
    }

    /** Why some of these indexes cannot be built. */
    static List<Problem> problemsOf(IndexPlan indexes, Server server) {
        List<Problem> problems = new ArrayList<>();
        for (MissingIndex index : indexes.missing()) {
            Table table = index.table();
            if (!table.alterable()) {
                problems.add(new Problem(
                        "the role " + server.role()
                                + (server.product() == Product.POSTGRESQL
                                        ? " does not own " + table + " (its owner is " + table.owner() + ")"
                                        : " has no CREATE privilege on " + table)
                                + " and so cannot build an index on it",
                        "Run as its owner, or build it: " + String.join("; ", index.statements())));
            }
        }
        indexes.closedSchemas()
                .forEach(schema -> problems.add(new Problem(
                        "the role " + server.role() + " has no CREATE privilege on schema "
                                + Identifiers.display(schema) + ", which a new index there needs",
                        "GRANT CREATE ON SCHEMA " + Identifiers.quote(schema) + " TO "
                                + Identifiers.quote(server.role()))));
        return problems;
    }

    /** All that stands in the way of a migration. */
    public static List<Problem> problems(Session session, CascadeOptions options) throws SQLException {
        CascadePlan plan = of(session, options);
        return withJournal(
                session, plan, options.indexes() == CascadeOptions.IndexMode.CREATE ? plan.indexes() : IndexPlan.NONE);
    }

    /**
     * The problems of a plan and, where it has any or has something to write down, what the role lacks for the journal.
     *
     * @param toBuild the indexes that a run would build, which have a journal of their own
     */
    static List<Problem> withJournal(Session session, CascadePlan plan, IndexPlan toBuild) throws SQLException {
        List<Problem> problems = new ArrayList<>(plan.problems());
        boolean journaled = !plan.conversions().isEmpty() || !problems.isEmpty();
        if (session.server().product() == Product.POSTGRESQL && journaled) {
            problems.addAll(session.guarded(
                    () -> session.journal().missingPrivileges(session.server().role())));
            if (!toBuild.missing().isEmpty()) {
                problems.addAll(session.guarded(() -> session.indexJournal()
                        .missingPrivileges(session.server().role())));
            }
        }
        return problems;
    }

    /** A plan with its indexes. Where the options require them, those that large tables lack are problems. */
    static CascadePlan withIndexes(Session session, CascadeOptions options, ForeignKeyGraph graph, CascadePlan plan)
            throws SQLException {
        List<ForeignKey> unindexed = IndexPlanner.unindexed(plan.reach());
        if (unindexed.isEmpty()) {
            return plan;
        }
        IndexPlan indexes = IndexPlanner.plan(
                plan,
                graph,
                IndexFactsReader.read(
                        session.connection(),
                        session.server(),
                        session.catalog().patient(),
                        graph,
                        unindexed));
        List<Problem> problems = switch (options.indexes()) {
            case REQUIRE -> new RequiredIndexes(session.connection(), session.server()).problems(plan, indexes);
            case CREATE -> problemsOf(indexes, session.server());
            case WARN -> List.of();
        };
        return plan.withIndexes(indexes, problems);
    }
}

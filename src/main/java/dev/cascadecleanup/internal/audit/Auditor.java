package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.audit.AuditReport;
import dev.cascadecleanup.audit.DeleteReport;
import dev.cascadecleanup.audit.Finding;
import dev.cascadecleanup.audit.LinkLine;
import dev.cascadecleanup.audit.ReachedLine;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.AuditFactsReader;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.plan.ReachFinder;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Makes an {@link AuditReport}: reads, plans, follows the delete before and after, counts. */
public final class Auditor {

    private final Connection connection;
    private final Catalog catalog;
    private final Server server;

    /**
     * @param connection a connection outside of a transaction; it is only read from
     * @param catalog its catalog
     * @param server its server
     */
    public Auditor(Connection connection, Catalog catalog, Server server) {
        this.connection = connection;
        this.catalog = catalog;
        this.server = server;
    }

    /**
     * The report.
     *
     * @param defaultSchema Flyway's default schema, or null
     * @param options what a migration would be asked for
     * @param auditOptions how thorough to be
     * @throws SQLException if the server answers a catalog query with an error
     */
    public AuditReport audit(String defaultSchema, CascadeOptions options, AuditOptions auditOptions)
            throws SQLException {
        ForeignKeyGraph graph = catalog.read();
        CascadePlan plan = CascadePlanner.plan(graph, server, defaultSchema, options);
        AuditFacts facts = AuditFactsReader.read(connection, server, graph);
        List<Reach> today = ReachFinder.today(graph, server, options, plan.parents());

        LinkCounts counts = new LinkCounts(
                new RowCounter(connection, server.product(), auditOptions.rowCounts(), auditOptions.countTimeout()));
        List<Reach> all = new ArrayList<>(plan.reach());
        all.addAll(today);
        for (Reach reach : all) {
            counts.ask(reach, worstFirst(reach));
            counts.count();
        }
        List<Finding> findings = new Findings(graph, server, facts, plan, today, auditOptions).all();
        return new AuditReport(
                server.toString(), plan, reports(today, counts), reports(plan.reach(), counts), findings);
    }

    private static List<Link> worstFirst(Reach reach) {
        return reach.links().stream()
                .sorted((a, b) -> b.verdict().compareTo(a.verdict()))
                .toList();
    }

    private static List<DeleteReport> reports(List<Reach> reaches, LinkCounts counts) {
        return reaches.stream()
                .map(reach -> new DeleteReport(
                        reach.parent(),
                        reach.tables().values().stream()
                                .map(reached -> new ReachedLine(
                                        reached,
                                        reach.way(reached).stream()
                                                .map(ForeignKey::qualifiedName)
                                                .toList()))
                                .toList(),
                        reach.links().stream()
                                .map(link -> new LinkLine(link, counts.of(link).orElse(null)))
                                .toList()))
                .toList();
    }
}

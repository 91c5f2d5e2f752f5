package dev.cascadecleanup.audit;

import dev.cascadecleanup.plan.CascadePlan;
import java.util.List;
import java.util.Objects;

/**
 * What deletes of parent rows do, as the schema is today and as a migration with the present options would leave it.
 *
 * @param server the server
 * @param plan what the migration would do
 * @param today for each parent, what a delete does today
 * @param afterPlan the same after the migration
 * @param findings what spoils a delete or may, by kind
 */
public record AuditReport(
        String server,
        CascadePlan plan,
        List<DeleteReport> today,
        List<DeleteReport> afterPlan,
        List<Finding> findings) {

    public AuditReport {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(plan, "plan");
        today = List.copyOf(today);
        afterPlan = List.copyOf(afterPlan);
        findings = List.copyOf(findings);
    }

    /** For people. */
    public String toText() {
        return new TextReport(this, false).write();
    }

    /** The same with the query behind each number of rows. */
    public String toTextWithQueries() {
        return new TextReport(this, true).write();
    }

    /** For programs: one JSON object. */
    public String toJson() {
        return new JsonReport(this).write();
    }

    /** For a browser: one page with the graph drawn, which needs no network. */
    public String toHtml() {
        return new HtmlReport(this).write();
    }

    /** The graph that a delete reaches after the migration, as a Mermaid flowchart. */
    public String toMermaid() {
        return new Diagrams(afterPlan).mermaid();
    }

    /** The same in Graphviz's DOT language. */
    public String toGraphviz() {
        return new Diagrams(afterPlan).graphviz();
    }
}

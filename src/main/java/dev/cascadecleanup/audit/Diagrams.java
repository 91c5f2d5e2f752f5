package dev.cascadecleanup.audit;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Draws what a delete reaches: an arrow from each table to those whose rows hang on it. Solid arrows delete, dotted ones do not; what
 * may refuse the delete is labelled with its verdict.
 */
final class Diagrams {

    private final Map<Table, String> nodes = new LinkedHashMap<>();
    private final Set<Table> deleted = new LinkedHashSet<>();
    private final Map<String, Link> edges = new LinkedHashMap<>();

    Diagrams(List<DeleteReport> deletes) {
        for (DeleteReport delete : deletes) {
            delete.tables().forEach(line -> {
                deleted.add(line.reached().table());
                node(line.reached().table());
            });
            delete.links().forEach(line -> {
                Link link = line.link();
                edges.merge(
                        node(link.foreignKey().referencedTable())
                                + ' '
                                + node(link.foreignKey().table())
                                + ' '
                                + link.foreignKey().name(),
                        link,
                        (a, b) -> a.verdict().compareTo(b.verdict()) >= 0 ? a : b);
            });
        }
    }

    String mermaid() {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        nodes.forEach((table, id) -> text.append("  ")
                .append(id)
                .append(deleted.contains(table) ? "[\"" : "([\"")
                .append(escapeMermaid(table.toString()))
                .append(deleted.contains(table) ? "\"]\n" : "\"])\n"));
        edges.forEach((key, link) -> text.append("  ")
                .append(key.split(" ")[0])
                .append(link.effect() == Link.Effect.DELETED ? " -->|\"" : " -.->|\"")
                .append(escapeMermaid(label(link)))
                .append("\"| ")
                .append(key.split(" ")[1])
                .append('\n'));
        return text.toString();
    }

    String graphviz() {
        StringBuilder text = new StringBuilder("digraph cascade {\n  rankdir=LR;\n  node [shape=box];\n");
        nodes.forEach((table, id) -> text.append("  ")
                .append(id)
                .append(" [label=")
                .append(quoteDot(table.toString()))
                .append(deleted.contains(table) ? "];\n" : ", style=dashed];\n"));
        edges.forEach((key, link) -> text.append("  ")
                .append(key.split(" ")[0])
                .append(" -> ")
                .append(key.split(" ")[1])
                .append(" [label=")
                .append(quoteDot(label(link)))
                .append(link.effect() == Link.Effect.DELETED ? "" : ", style=dashed")
                .append(link.verdict() == Verdict.SAFE ? "" : ", color=red")
                .append("];\n"));
        return text.append("}\n").toString();
    }

    private String node(Table table) {
        return nodes.computeIfAbsent(table, key -> "t" + nodes.size());
    }

    private static String label(Link link) {
        String columns = Identifiers.displayAll(link.foreignKey().columns());
        return link.verdict() == Verdict.SAFE ? columns + ": " + link.effect() : columns + ": " + link.verdict();
    }

    private static String escapeMermaid(String text) {
        return text.replace("&", "#amp;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;")
                .replace("|", "#124;");
    }

    private static String quoteDot(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

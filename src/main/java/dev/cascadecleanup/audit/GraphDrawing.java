package dev.cascadecleanup.audit;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Draws what a delete reaches as SVG, the tables in columns by depth. Kinds of lines differ in their dashes and arrow heads too, not in
 * their colours alone; colours come from the page's style sheet.
 */
final class GraphDrawing {

    private final DeleteReport delete;
    private final Set<ForeignKey> converted;
    private final String id;
    private final Map<Table, Integer> columns = new LinkedHashMap<>();
    private final Set<Table> deleted = new HashSet<>();

    /**
     * @param converted the foreign keys that a migration changes
     * @param id a prefix for the names inside, unique on the page
     */
    GraphDrawing(DeleteReport delete, Set<ForeignKey> converted, String id) {
        this.delete = delete;
        this.converted = converted;
        this.id = id;
        for (ReachedLine line : delete.tables()) {
            deleted.add(line.reached().table());
            columns.putIfAbsent(line.reached().table(), line.way().size());
        }
        for (LinkLine line : delete.links()) {
            Table referenced = line.link().foreignKey().referencedTable();
            columns.putIfAbsent(referenced, 0);
            columns.putIfAbsent(line.link().foreignKey().table(), columns.get(referenced) + 1);
        }
    }

    /** @param title what it shows, for those who cannot see it */
    String svg(String title) {
        List<Table> tables = List.copyOf(columns.keySet());
        Map<Table, Integer> numbers = new HashMap<>();
        tables.forEach(table -> numbers.put(table, numbers.size()));
        List<GraphLayout.Edge> edges = delete.links().stream()
                .map(line -> new GraphLayout.Edge(
                        numbers.get(line.link().foreignKey().referencedTable()),
                        numbers.get(line.link().foreignKey().table())))
                .toList();
        GraphLayout layout = new GraphLayout(
                tables.stream().map(Table::toString).toList(), new ArrayList<>(columns.values()), edges);

        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg role=\"img\" aria-labelledby=\"%s-title\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">%n",
                id, layout.width(), layout.height(), layout.width(), layout.height()));
        svg.append("<title id=\"")
                .append(id)
                .append("-title\">")
                .append(HtmlText.escape(title))
                .append("</title>\n<defs>");
        for (String kind : List.of("changed", "deletes", "keeps", "refuses")) {
            svg.append("<marker id=\"")
                    .append(id)
                    .append('-')
                    .append(kind)
                    .append("\" class=\"head ")
                    .append(kind)
                    .append("\" viewBox=\"0 0 8 8\""
                            + " refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
                            + "<path d=\"M0 0 8 4 0 8z\"/></marker>");
        }
        svg.append("</defs>\n");
        for (int i = 0; i < edges.size(); i++) {
            edge(svg, delete.links().get(i).link(), layout.lines().get(i));
        }
        for (int i = 0; i < tables.size(); i++) {
            node(svg, tables.get(i), layout.boxes().get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private void edge(StringBuilder svg, Link link, List<GraphLayout.Point> points) {
        String kind = kind(link);
        svg.append("<path class=\"edge ")
                .append(kind)
                .append("\" d=\"")
                .append(path(points))
                .append("\" marker-end=\"url(#")
                .append(id)
                .append('-')
                .append(kind)
                .append(")\"><title>")
                .append(HtmlText.escape(link.foreignKey() + " ON DELETE "
                        + link.definition().describeOnDelete() + ": " + link.effect() + ", " + link.verdict()))
                .append("</title></path>\n");
    }

    private String kind(Link link) {
        if (link.verdict() != Verdict.SAFE) {
            return "refuses";
        }
        if (link.effect() != Link.Effect.DELETED) {
            return "keeps";
        }
        return converted.contains(link.foreignKey()) ? "changed" : "deletes";
    }

    private void node(StringBuilder svg, Table table, GraphLayout.Box box) {
        String kind = table.equals(delete.parent()) ? "parent" : deleted.contains(table) ? "deleted" : "kept";
        svg.append(format(
                        "<g class=\"node %s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"5\"/>"
                                + "<text x=\"%.1f\" y=\"%.1f\">",
                        kind, box.x(), box.y(), box.width(), box.height(), box.x() + 10, box.y() + 17.5))
                .append(HtmlText.escape(table.toString()))
                .append("</text></g>\n");
    }

    /** Smooth, and level where it passes a column. */
    private static String path(List<GraphLayout.Point> points) {
        GraphLayout.Point start = points.get(0);
        GraphLayout.Point end = points.get(points.size() - 1);
        if (points.size() == 3) {
            double x = points.get(1).x();
            return format(
                    "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f",
                    start.x(), start.y(), x, start.y(), x, end.y(), end.x(), end.y());
        }
        StringBuilder path = new StringBuilder(format("M%.1f %.1f", start.x(), start.y()));
        for (int i = 1; i < points.size(); i++) {
            GraphLayout.Point from = points.get(i - 1);
            GraphLayout.Point to = points.get(i);
            double middle = (from.x() + to.x()) / 2;
            path.append(format("C%.1f %.1f %.1f %.1f %.1f %.1f", middle, from.y(), middle, to.y(), to.x(), to.y()));
        }
        return path.toString();
    }

    /** The legend's sample of a kind of line. */
    static String sample(String kind) {
        return "<svg class=\"sample\" aria-hidden=\"true\" width=\"44\" height=\"12\"><path class=\"edge " + kind
                + "\" d=\"M2 6H40\"/></svg>";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern.replace("%n", "\n"), values);
    }
}

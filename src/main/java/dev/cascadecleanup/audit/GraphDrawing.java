package dev.cascadecleanup.audit;

import dev.cascadecleanup.internal.json.HtmlText;
import java.util.List;
import java.util.Locale;

/**
 * Draws what a delete reaches as SVG, the tables in columns by depth. Kinds of lines differ in their dashes and arrow heads too, not in
 * their colours alone; colours come from the page's style sheet.
 */
final class GraphDrawing {

    private final GraphPicture picture;
    private final String id;

    /** @param id a prefix for the names inside, unique on the page */
    GraphDrawing(GraphPicture picture, String id) {
        this.picture = picture;
        this.id = id;
    }

    /** @param title what it shows, for those who cannot see it */
    String svg(String title) {
        GraphLayout layout = new GraphLayout(
                picture.nodes().stream().map(GraphPicture.Node::label).toList(),
                picture.nodes().stream().map(GraphPicture.Node::column).toList(),
                picture.edges().stream()
                        .map(edge -> new GraphLayout.Edge(edge.from(), edge.to()))
                        .toList());
        StringBuilder svg = new StringBuilder();
        // The size also as properties: the page's zoom multiplies them.
        svg.append(format(
                "<svg class=\"graph\" role=\"img\" aria-labelledby=\"%s-title\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\""
                        + " style=\"--w:%.0fpx;--h:%.0fpx\">%n",
                id, layout.width(), layout.height(), layout.width(), layout.height(), layout.width(), layout.height()));
        svg.append("<title id=\"")
                .append(id)
                .append("-title\">")
                .append(HtmlText.escape(title))
                .append("</title>\n<defs>");
        for (String kind : GraphFolding.KINDS) {
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
        // What matters most is drawn last, over the others.
        for (String kind : GraphFolding.KINDS) {
            for (int i = 0; i < picture.edges().size(); i++) {
                if (picture.edges().get(i).kind().equals(kind)) {
                    edge(svg, picture.edges().get(i), layout.lines().get(i));
                }
            }
        }
        for (int i = 0; i < picture.nodes().size(); i++) {
            node(svg, picture.nodes().get(i), layout.boxes().get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private void edge(StringBuilder svg, GraphPicture.Edge edge, List<GraphLayout.Point> points) {
        svg.append("<path class=\"edge ")
                .append(edge.kind())
                .append("\" d=\"")
                .append(path(points))
                .append("\" marker-end=\"url(#")
                .append(id)
                .append('-')
                .append(edge.kind())
                .append(")\"><title>")
                .append(HtmlText.escape(edge.title()))
                .append("</title></path>\n");
    }

    private void node(StringBuilder svg, GraphPicture.Node node, GraphLayout.Box box) {
        svg.append(format(
                        "<g class=\"node %s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"5\"/>"
                                + "<text x=\"%.1f\" y=\"%.1f\">",
                        node.kind(), box.x(), box.y(), box.width(), box.height(), box.x() + 10, box.y() + 17.5))
                .append(HtmlText.escape(node.label()))
                .append("</text>")
                .append(node.title().isEmpty() ? "" : "<title>" + HtmlText.escape(node.title()) + "</title>")
                .append("</g>\n");
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

package dev.cascadecleanup.audit;

import java.util.List;

/**
 * What a drawing shows: boxes in columns, and lines between them.
 *
 * @param nodes the boxes
 * @param edges the lines
 * @param shows of a folded graph, what is drawn
 * @param folded how many tables have no box of their own
 */
record GraphPicture(List<Node> nodes, List<Edge> edges, String shows, int folded) {

    /**
     * A table, or several that are shown as one.
     *
     * @param label in the box
     * @param title to be seen on pointing at it; may be empty
     * @param kind {@code parent}, {@code deleted}, {@code kept} or {@code folded}
     */
    record Node(String label, String title, String kind, int column) {}

    /**
     * A foreign key, or several.
     *
     * @param from the index of the referenced table's box
     * @param to the index of the referencing table's
     * @param kind one of {@link GraphFolding#KINDS}
     */
    record Edge(int from, int to, String kind, String title) {}

    GraphPicture {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }
}

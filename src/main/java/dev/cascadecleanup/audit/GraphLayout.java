package dev.cascadecleanup.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the tables and foreign keys of a drawing go: columns from left to right, in each the tables in an order in which few lines cross
 * (Sugiyama's method: a line over several columns gets a place in each; then each place moves to the middle of its neighbours, a few times
 * over, from left to right and back).
 */
final class GraphLayout {

    /** A point of the drawing. */
    record Point(double x, double y) {}

    /** A box. */
    record Box(double x, double y, double width, double height) {

        Point left() {
            return new Point(x, y + height / 2);
        }

        Point right() {
            return new Point(x + width, y + height / 2);
        }
    }

    /** A line from box to box; the index tells edges between the same two apart. */
    record Edge(int from, int to) {}

    private static final int SWEEPS = 8;
    private static final double BOX_HEIGHT = 26;
    private static final double GAP = 8;
    private static final double LINE_HEIGHT = 10;
    private static final double COLUMN_GAP = 110;
    private static final double MARGIN = 16;
    /** More than a screen shows. */
    private static final double TALL = 700;

    private static final double CHARACTER_WIDTH = 7.3;
    private static final double BOX_PADDING = 20;
    /** Lines within a column, or back to an earlier one, bulge to the right: the longer, the further. */
    private static final double LEAST_BULGE = 18;

    private static final double MOST_BULGE = 78;
    private static final double BULGE_SHARE = 0.09;

    /** A place in a column: a box, or where a longer line passes. */
    private static final class Place {
        private final int node;
        private final int column;
        private final double height;
        private final List<Place> before = new ArrayList<>();
        private final List<Place> after = new ArrayList<>();
        private final List<Place> beside = new ArrayList<>();
        private double y;

        private Place(int node, int column, double height) {
            this.node = node;
            this.column = column;
            this.height = height;
        }

        private double middle() {
            return y + height / 2;
        }
    }

    private final List<Box> boxes = new ArrayList<>();
    private final List<List<Point>> lines = new ArrayList<>();
    private double width;
    private double height;

    private final List<List<Place>> columns = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<List<Place>> ways = new ArrayList<>();

    /**
     * @param labels of the boxes
     * @param columnOf the column of each
     * @param edges between them, by index
     */
    GraphLayout(List<String> labels, List<Integer> columnOf, List<Edge> edges) {
        for (int node = 0; node < labels.size(); node++) {
            places.add(place(node, columnOf.get(node), BOX_HEIGHT));
        }
        for (int i = 0; i < edges.size(); i++) {
            connect(places.get(edges.get(i).from()), places.get(edges.get(i).to()));
        }
        arrange();
        draw(labels, edges);
    }

    List<Box> boxes() {
        return boxes;
    }

    /** For each edge its ends and the places where it passes columns in between. */
    List<List<Point>> lines() {
        return lines;
    }

    double width() {
        return width;
    }

    double height() {
        return height;
    }

    private Place place(int node, int column, double placeHeight) {
        while (columns.size() <= column) {
            columns.add(new ArrayList<>());
        }
        Place place = new Place(node, column, placeHeight);
        columns.get(column).add(place);
        return place;
    }

    private void connect(Place from, Place to) {
        List<Place> way = new ArrayList<>(List.of(from));
        if (from.column < to.column) {
            for (int column = from.column + 1; column < to.column; column++) {
                way.add(place(-1, column, LINE_HEIGHT));
            }
        }
        way.add(to);
        ways.add(way);
        if (from.column < to.column) {
            for (int i = 1; i < way.size(); i++) {
                way.get(i - 1).after.add(way.get(i));
                way.get(i).before.add(way.get(i - 1));
            }
        } else if (from.column == to.column && from != to) {
            from.beside.add(to);
            to.beside.add(from);
        }
    }

    private void arrange() {
        columns.forEach(column -> stack(column, 0));
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int i = 1; i < columns.size(); i++) {
                order(columns.get(i), true);
            }
            for (int i = columns.size() - 2; i >= 0; i--) {
                order(columns.get(i), false);
            }
        }
        double tallest =
                columns.stream().mapToDouble(GraphLayout::heightOf).max().orElse(0);
        // A tall drawing begins where somebody begins to look, with the parent in its first corner.
        columns.forEach(column -> stack(column, tallest > TALL ? 0 : (tallest - heightOf(column)) / 2));
        height = tallest + 2 * MARGIN;
    }

    private static void order(List<Place> column, boolean byBefore) {
        Map<Place, Double> wanted = new HashMap<>();
        for (Place place : column) {
            List<Place> neighbours = byBefore ? place.before : place.after;
            wanted.put(
                    place,
                    Stream.concat(neighbours.stream(), place.beside.stream())
                            .mapToDouble(Place::middle)
                            .average()
                            .orElse(place.middle()));
        }
        column.sort(Comparator.comparing(wanted::get));
        double middle = column.stream().mapToDouble(wanted::get).average().orElse(0);
        stack(column, middle - heightOf(column) / 2);
    }

    private static double heightOf(List<Place> column) {
        return column.stream().mapToDouble(place -> place.height + GAP).sum() - GAP;
    }

    private static void stack(List<Place> column, double top) {
        double y = top;
        for (Place place : column) {
            place.y = y;
            y += place.height + GAP;
        }
    }

    private void draw(List<String> labels, List<Edge> edges) {
        double[] left = new double[columns.size() + 1];
        double[] widths = new double[columns.size()];
        left[0] = MARGIN;
        for (int i = 0; i < columns.size(); i++) {
            widths[i] = columns.get(i).stream()
                    .filter(place -> place.node >= 0)
                    .mapToDouble(place -> labels.get(place.node).length() * CHARACTER_WIDTH + BOX_PADDING)
                    .max()
                    .orElse(BOX_PADDING);
            left[i + 1] = left[i] + widths[i] + COLUMN_GAP;
        }
        width = left[columns.size()] - COLUMN_GAP + MOST_BULGE + MARGIN;
        for (int node = 0; node < labels.size(); node++) {
            Place place = places.get(node);
            boxes.add(new Box(left[place.column], place.y + MARGIN, widths[place.column], BOX_HEIGHT));
        }
        for (int i = 0; i < edges.size(); i++) {
            lines.add(line(ways.get(i), edges.get(i), left, widths));
        }
    }

    private List<Point> line(List<Place> way, Edge edge, double[] left, double[] widths) {
        Box from = boxes.get(edge.from());
        Box to = boxes.get(edge.to());
        if (way.get(0).column >= way.get(way.size() - 1).column) {
            double bulge = Math.min(MOST_BULGE, LEAST_BULGE + BULGE_SHARE * Math.abs(from.y() - to.y()));
            return List.of(
                    from.right(),
                    new Point(Math.max(from.right().x(), to.right().x()) + bulge, (from.y() + to.y() + BOX_HEIGHT) / 2),
                    to.right());
        }
        List<Point> points = new ArrayList<>(List.of(from.right()));
        for (Place place : way.subList(1, way.size() - 1)) {
            points.add(new Point(left[place.column], place.middle() + MARGIN));
            points.add(new Point(left[place.column] + widths[place.column], place.middle() + MARGIN));
        }
        points.add(to.left());
        return points;
    }
}

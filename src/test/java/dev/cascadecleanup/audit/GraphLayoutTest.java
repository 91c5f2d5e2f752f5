package dev.cascadecleanup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Boxes stay apart and in their columns, and lines go from box to box. */
class GraphLayoutTest {

    @Test
    void oneTable() {
        GraphLayout layout = new GraphLayout(List.of("users"), List.of(0), List.of(new GraphLayout.Edge(0, 0)));
        assertThat(layout.boxes()).hasSize(1);
        assertThat(layout.lines())
                .singleElement()
                .satisfies(line -> assertThat(line).hasSize(3));
    }

    /** What hangs together is put side by side: here the order that was given would cross every line. */
    @Test
    void ordersByNeighbours() {
        List<String> labels = List.of("users", "a", "b", "c", "c2", "b2", "a2");
        GraphLayout layout = new GraphLayout(
                labels,
                List.of(0, 1, 1, 1, 2, 2, 2),
                List.of(
                        new GraphLayout.Edge(0, 1),
                        new GraphLayout.Edge(0, 2),
                        new GraphLayout.Edge(0, 3),
                        new GraphLayout.Edge(1, 6),
                        new GraphLayout.Edge(2, 5),
                        new GraphLayout.Edge(3, 4)));
        assertThat(crossings(layout)).isZero();
    }

    /** A drawing that no screen shows whole begins with the parent in its first corner. */
    @Test
    void aTallOneBeginsAtTheParent() {
        List<String> labels = new ArrayList<>(List.of("users"));
        List<Integer> columns = new ArrayList<>(List.of(0));
        List<GraphLayout.Edge> edges = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            labels.add("t" + i);
            columns.add(1);
            edges.add(new GraphLayout.Edge(0, i));
        }
        GraphLayout.Box parent = new GraphLayout(labels, columns, edges).boxes().get(0);
        assertThat(parent.x()).isEqualTo(16);
        assertThat(parent.y()).isEqualTo(16);
    }

    @RepeatedTest(20)
    void randomGraphs(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int nodes = 2 + random.nextInt(80);
        List<String> labels = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            labels.add("t".repeat(1 + random.nextInt(40)));
            columns.add(i == 0 ? 0 : random.nextInt(5));
        }
        List<GraphLayout.Edge> edges = new ArrayList<>();
        for (int i = 0; i < nodes * 2; i++) {
            edges.add(new GraphLayout.Edge(random.nextInt(nodes), random.nextInt(nodes)));
        }
        GraphLayout layout = new GraphLayout(labels, columns, edges);

        List<GraphLayout.Box> boxes = layout.boxes();
        for (int i = 0; i < nodes; i++) {
            GraphLayout.Box box = boxes.get(i);
            assertThat(box.x()).isNotNegative();
            assertThat(box.y()).isNotNegative();
            assertThat(box.x() + box.width()).isLessThanOrEqualTo(layout.width());
            assertThat(box.y() + box.height()).isLessThanOrEqualTo(layout.height());
            for (int j = 0; j < i; j++) {
                assertThat(overlap(box, boxes.get(j))).as(i + " and " + j).isFalse();
                assertThat(columns.get(i).compareTo(columns.get(j)))
                        .isEqualTo(Double.compare(box.x(), boxes.get(j).x()));
            }
        }
        for (int i = 0; i < edges.size(); i++) {
            List<GraphLayout.Point> line = layout.lines().get(i);
            assertThat(line.get(0)).isEqualTo(boxes.get(edges.get(i).from()).right());
            assertThat(line.get(line.size() - 1))
                    .isIn(
                            boxes.get(edges.get(i).to()).left(),
                            boxes.get(edges.get(i).to()).right());
            line.forEach(point -> assertThat(boxes)
                    .noneMatch(box -> point.x() > box.x()
                            && point.x() < box.x() + box.width()
                            && point.y() > box.y()
                            && point.y() < box.y() + box.height()));
        }
    }

    private static boolean overlap(GraphLayout.Box a, GraphLayout.Box b) {
        return a.x() < b.x() + b.width()
                && b.x() < a.x() + a.width()
                && a.y() < b.y() + b.height()
                && b.y() < a.y() + a.height();
    }

    private static int crossings(GraphLayout layout) {
        int crossings = 0;
        for (List<GraphLayout.Point> a : layout.lines()) {
            for (List<GraphLayout.Point> b : layout.lines()) {
                if (a.get(0).x() == b.get(0).x()
                        && (a.get(0).y() - b.get(0).y())
                                        * (a.get(1).y() - b.get(1).y())
                                < 0) {
                    crossings++;
                }
            }
        }
        return crossings;
    }
}

package dev.cascadecleanup.audit;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what of a delete is drawn. Of a small graph, everything. Of a large one, the foreign keys that somebody has to look at and the
 * ways to them; tables that merely go along, or hang on like their neighbours, are counted in one box beside.
 */
final class GraphFolding {

    /** Kinds of lines, the least of them first. */
    static final List<String> KINDS = List.of("changed", "deletes", "keeps", "takes", "refuses");

    /** As many boxes as an eye takes in at once. */
    static final int MOST_UNFOLDED = 30;

    private static final int MOST_BOXES = 80;
    private static final int NEAREST = 40;
    private static final int FEWEST_ALIKE = 3;
    private static final int MOST_NAMES = 60;

    /** How much is drawn of a large graph: what has at least this verdict, and of that at most so many, the nearest to the parent. */
    private record Level(String shows, Verdict least, int most) {}

    private static final List<Level> LEVELS = List.of(
            new Level(
                    "what refuses the delete, can, or takes rows of others",
                    Verdict.TAKES_OTHERS_ROWS,
                    Integer.MAX_VALUE),
            new Level("what refuses the delete, or can", Verdict.ORDER_DEPENDENT, Integer.MAX_VALUE),
            new Level("what always refuses the delete", Verdict.REFUSES, Integer.MAX_VALUE),
            new Level(
                    "what always refuses the delete, the nearest " + NEAREST + " of the list above",
                    Verdict.REFUSES,
                    NEAREST));

    private final DeleteReport delete;
    private final Set<ForeignKey> converted;
    private final Map<Table, Integer> columns = new LinkedHashMap<>();
    private final Set<Table> deleted = new HashSet<>();
    /** For each table the link by which it is reached first. */
    private final Map<Table, Link> by = new HashMap<>();

    private final List<GraphPicture.Node> nodes = new ArrayList<>();
    private final List<GraphPicture.Edge> edges = new ArrayList<>();
    private final Map<Table, Integer> boxes = new HashMap<>();

    /** @param converted the foreign keys that a migration changes */
    GraphFolding(DeleteReport delete, Set<ForeignKey> converted) {
        this.delete = delete;
        this.converted = converted;
        for (ReachedLine line : delete.tables()) {
            deleted.add(line.reached().table());
            columns.putIfAbsent(line.reached().table(), line.way().size());
        }
        for (LinkLine line : delete.links()) {
            Table referenced = line.link().foreignKey().referencedTable();
            columns.putIfAbsent(referenced, 0);
            columns.putIfAbsent(line.link().foreignKey().table(), columns.get(referenced) + 1);
        }
        findWays();
    }

    /** How many tables there are. */
    int tables() {
        return columns.size();
    }

    boolean isLarge() {
        return columns.size() > MOST_UNFOLDED;
    }

    /** Every table in a box, every foreign key a line. */
    GraphPicture whole() {
        columns.keySet().forEach(this::box);
        delete.links().forEach(line -> edge(line.link()));
        return new GraphPicture(nodes, edges, "", 0);
    }

    /**
     * What somebody has to look at, and the ways there: everything that is open; where that is too much to look at, only what refuses
     * the delete or can; where that is too much, only what always refuses, and of that the nearest to the parent.
     */
    GraphPicture folded() {
        GraphPicture picture = picture(LEVELS.get(0));
        for (int i = 1; i < LEVELS.size() && picture.nodes().size() > MOST_BOXES; i++) {
            picture = picture(LEVELS.get(i));
        }
        return picture;
    }

    private GraphPicture picture(Level level) {
        return new GraphFolding(delete, converted).folded(level);
    }

    private GraphPicture folded(Level level) {
        Set<Link> shown = new LinkedHashSet<>();
        Set<Table> kept = new LinkedHashSet<>(Set.of(delete.parent()));
        delete.links().stream()
                .map(LinkLine::link)
                .filter(link -> link.verdict().compareTo(level.least()) >= 0)
                .sorted(Comparator.comparing(
                        link -> columns.get(link.foreignKey().referencedTable())))
                .limit(level.most())
                .forEach(link -> {
                    shown.add(link);
                    kept.add(link.foreignKey().table());
                    keepWay(link.foreignKey().referencedTable(), kept, shown);
                });
        Set<Table> alike = alike(shown, kept);
        Map<Table, List<Table>> rest = new LinkedHashMap<>();
        columns.keySet().stream()
                .filter(table -> !kept.contains(table) && !alike.contains(table))
                .forEach(table -> rest.computeIfAbsent(anchor(table, kept), anchor -> new ArrayList<>())
                        .add(table));
        columns.keySet().stream().filter(kept::contains).forEach(this::box);
        shown.stream()
                .filter(link -> boxes.containsKey(link.foreignKey().table()))
                .forEach(this::edge);
        group(shown, alike);
        rest.forEach(this::foldBeside);
        return new GraphPicture(
                nodes,
                edges,
                level.shows(),
                alike.size() + rest.values().stream().mapToInt(List::size).sum());
    }

    private void findWays() {
        Map<Table, List<Link>> cascades = new HashMap<>();
        for (LinkLine line : delete.links()) {
            cascades.computeIfAbsent(line.link().foreignKey().referencedTable(), table -> new ArrayList<>())
                    .add(line.link());
        }
        Deque<Table> reached = new ArrayDeque<>();
        columns.forEach((table, column) -> {
            if (column == 0) {
                reached.add(table);
            }
        });
        Set<Table> seen = new HashSet<>(reached);
        while (!reached.isEmpty()) {
            for (Link link : cascades.getOrDefault(reached.remove(), List.of())) {
                Table table = link.foreignKey().table();
                boolean goesOn = link.effect() == Link.Effect.DELETED;
                if (goesOn && seen.add(table)) {
                    by.put(table, link);
                    reached.add(table);
                } else if (!goesOn && !deleted.contains(table)) {
                    by.putIfAbsent(table, link);
                }
            }
        }
    }

    private void keepWay(Table table, Set<Table> kept, Set<Link> shown) {
        Table at = table;
        while (!at.equals(delete.parent())) {
            kept.add(at);
            Link link = by.get(at);
            if (link == null || !shown.add(link)) {
                return;
            }
            at = link.foreignKey().referencedTable();
        }
    }

    /** Tables at the end of one line, among several such of one table: their names are in the list above the drawing. */
    private Set<Table> alike(Set<Link> shown, Set<Table> kept) {
        Map<Table, List<Link>> in = new HashMap<>();
        Set<Table> sources = new HashSet<>();
        for (Link link : shown) {
            in.computeIfAbsent(link.foreignKey().table(), table -> new ArrayList<>())
                    .add(link);
            sources.add(link.foreignKey().referencedTable());
        }
        Map<String, List<Table>> groups = new LinkedHashMap<>();
        for (Table table : kept) {
            List<Link> links = in.getOrDefault(table, List.of());
            if (links.size() == 1 && !sources.contains(table)) {
                groups.computeIfAbsent(groupOf(links.get(0)), key -> new ArrayList<>())
                        .add(table);
            }
        }
        Set<Table> alike = new HashSet<>();
        groups.values().stream().filter(group -> group.size() >= FEWEST_ALIKE).forEach(alike::addAll);
        kept.removeAll(alike);
        return alike;
    }

    private String groupOf(Link link) {
        return link.foreignKey().referencedTable().oid() + " " + kind(link) + " "
                + kindOf(link.foreignKey().table());
    }

    private void group(Set<Link> shown, Set<Table> alike) {
        Map<String, List<Link>> groups = new LinkedHashMap<>();
        for (Link link : shown) {
            if (alike.contains(link.foreignKey().table())) {
                groups.computeIfAbsent(groupOf(link), key -> new ArrayList<>()).add(link);
            }
        }
        for (List<Link> group : groups.values()) {
            Table source = group.get(0).foreignKey().referencedTable();
            int node = nodes.size();
            nodes.add(new GraphPicture.Node(
                    group.size() + " tables",
                    names(group.stream().map(link -> link.foreignKey().table()).toList()),
                    "folded",
                    column(source) + 1));
            edges.add(new GraphPicture.Edge(
                    boxOf(source),
                    node,
                    kind(group.get(0)),
                    group.stream().limit(MOST_NAMES).map(Link::toString).collect(Collectors.joining("\n"))));
        }
    }

    /** The nearest table on the way here that has a box. */
    private Table anchor(Table table, Set<Table> kept) {
        Table at = table;
        while (!kept.contains(at)) {
            Link link = by.get(at);
            if (link == null) {
                return delete.parent();
            }
            at = link.foreignKey().referencedTable();
        }
        return at;
    }

    private void foldBeside(Table anchor, List<Table> tables) {
        int node = nodes.size();
        String kind = tables.stream().anyMatch(deleted::contains) ? "deletes" : "keeps";
        nodes.add(new GraphPicture.Node(
                tables.size() == 1 ? tables.get(0).toString() : "+ " + tables.size() + " tables",
                names(tables),
                tables.size() == 1 ? kindOf(tables.get(0)) : "folded",
                column(anchor) + 1));
        boolean changes =
                tables.stream().map(by::get).anyMatch(link -> link != null && converted.contains(link.foreignKey()));
        edges.add(new GraphPicture.Edge(
                boxOf(anchor),
                node,
                changes && kind.equals("deletes") ? "changed" : kind,
                tables.size() + (tables.size() == 1 ? " table goes" : " tables go")
                        + " along, or stay and refuse nothing"));
    }

    private static String names(List<Table> tables) {
        String names = tables.stream().limit(MOST_NAMES).map(Table::toString).collect(Collectors.joining(", "));
        return tables.size() > MOST_NAMES ? names + " and " + (tables.size() - MOST_NAMES) + " more" : names;
    }

    private void box(Table table) {
        boxes.put(table, nodes.size());
        nodes.add(new GraphPicture.Node(table.toString(), "", kindOf(table), column(table)));
    }

    private int column(Table table) {
        return Objects.requireNonNull(columns.get(table));
    }

    private int boxOf(Table table) {
        return Objects.requireNonNull(boxes.get(table));
    }

    private String kindOf(Table table) {
        return table.equals(delete.parent()) ? "parent" : deleted.contains(table) ? "deleted" : "kept";
    }

    private void edge(Link link) {
        edges.add(new GraphPicture.Edge(
                boxOf(link.foreignKey().referencedTable()),
                boxOf(link.foreignKey().table()),
                kind(link),
                link.toString()));
    }

    private String kind(Link link) {
        if (link.verdict() == Verdict.TAKES_OTHERS_ROWS) {
            return "takes";
        }
        if (link.verdict() != Verdict.SAFE) {
            return "refuses";
        }
        if (link.effect() != Link.Effect.DELETED) {
            return "keeps";
        }
        return converted.contains(link.foreignKey()) ? "changed" : "deletes";
    }
}

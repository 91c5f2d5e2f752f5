package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.internal.proof.value.SqlType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the definitions say about the rows of a family, whichever rows there are. */
final class Rules {

    private static final Pattern CONSTANT = Pattern.compile(
            "\\(?(NULL|true|false|-?\\d+(\\.\\d+)?|'([^']|'')*+')\\)?(::+[\\w \".\\[\\](),]+)*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NULL = Pattern.compile("\\(?NULL\\)?(::.*)?", Pattern.CASE_INSENSITIVE);

    private final Model model;
    private final Set<Family> sources;
    private final Set<Family> hidden;
    private final Map<Long, TableShape> shapes;
    private final Map<Edge, RowReader.Id> defaults = new HashMap<>();

    /**
     * @param sources the families that the people themselves are in
     * @param shapes the tables, by OID
     * @param hidden families that cannot be read
     */
    Rules(Model model, List<Family> sources, Map<Long, TableShape> shapes, Set<Family> hidden) {
        this.model = model;
        this.sources = Set.copyOf(sources);
        this.hidden = Set.copyOf(hidden);
        this.shapes = shapes;
    }

    /** Whether anything references rows of the family, so that one has to know which of them go. */
    boolean isInner(Family family) {
        return !isHidden(family)
                && (sources.contains(family)
                        || family.heaps().keySet().stream()
                                .anyMatch(heap -> !model.on(heap).isEmpty()));
    }

    /** Whether its rows cannot be read. */
    boolean isHidden(Family family) {
        return hidden.contains(family);
    }

    boolean isSource(Family family) {
        return sources.contains(family);
    }

    /** Whether SET NULL or SET DEFAULT may clear a column by which a row would go later. */
    boolean isDelicate(Family family) {
        List<Edge> edges = model.of(family);
        return edges.stream()
                .filter(Edge::cascades)
                .anyMatch(edge -> edges.stream()
                        .anyMatch(setter -> setter.sets()
                                && Model.overlap(
                                        setter.changed(), edge.definition().columns())));
    }

    /** The foreign keys that decide about a row of the family: those whose referenced rows may go, and those that may be checked. */
    List<Edge> judged(Family family) {
        return judged(family, model.of(family).stream().filter(Edge::deletes).toList());
    }

    /** The same, knowing which of them reference something that goes. */
    List<Edge> judged(Family family, List<Edge> hot) {
        List<Edge> setters = hot.stream().filter(Edge::sets).toList();
        Set<Edge> judged = new LinkedHashSet<>(hot);
        if (!setters.isEmpty()) {
            for (Edge edge : model.of(family)) {
                boolean touched = setters.stream()
                        .anyMatch(setter -> Model.overlap(
                                setter.changed(), edge.definition().columns()));
                if (edge.checks()
                        && !isHidden(edge.referenced())
                        && (touched || !edge.definition().validated())) {
                    judged.add(edge);
                }
            }
        }
        return new ArrayList<>(judged);
    }

    /** Looks up the rows that defaults reference; before rows are read, because a connection does one thing at a time. */
    void lookUpDefaults(List<Edge> judged, RowReader reader) throws SQLException {
        for (Edge edge : judged) {
            if (!defaults.containsKey(edge) && getsDefault(edge, judged) && isKnown(edge)) {
                defaults.put(edge, reader.referencedByDefault(edge, column(edge)));
            }
        }
    }

    private static boolean getsDefault(Edge edge, List<Edge> judged) {
        return judged.stream()
                .anyMatch(setter -> setter.sets()
                        && setter.definition().onDelete() == ReferentialAction.SET_DEFAULT
                        && setter.changed().containsAll(edge.definition().columns()));
    }

    private boolean isKnown(Edge edge) {
        RowColumns columns = columns(edge.child());
        return edge.definition().columns().stream()
                .allMatch(column -> columns.doubt(column, true) == null && columns.hasDefault(column));
    }

    private List<String> column(Edge edge) {
        TableShape shape = TableShape.of(shapes, edge.child().oid());
        return edge.definition().columns().stream()
                .map(column -> "CAST("
                        + Identifiers.escape(String.valueOf(shape.column(column).defaultSql())) + " AS "
                        + shape.column(column).type().sql() + ')')
                .toList();
    }

    /**
     * What a row references.
     *
     * @param edges as they were read
     * @param row the row
     * @param upTo the last pass of which the walk knows everything
     */
    List<Part> parts(List<Edge> edges, RowReader.Found row, Walk.Passes walk, int upTo) throws SQLException {
        List<Part> parts = new ArrayList<>();
        Map<RowReader.Id, Integer> targets = new HashMap<>();
        for (int i = 0; i < edges.size(); i++) {
            RowReader.Id referenced = row.referenced(i);
            parts.add(part(edges.get(i), referenced, referenced == null && row.isSet(i), edges, walk, upTo, targets));
        }
        return parts;
    }

    Part part(
            Edge edge,
            RowReader.@Nullable Id referenced,
            boolean orphan,
            List<Edge> judged,
            Walk.Passes walk,
            int upTo,
            Map<RowReader.Id, Integer> targets) {
        int gone = orphan ? Part.ORPHAN : referenced == null ? Part.NOTHING : pass(walk, referenced, upTo);
        int target = referenced == null ? -1 : targets.computeIfAbsent(referenced, id -> targets.size());
        String trigger = referenced == null ? null : edge.triggers().get(referenced.heap());
        if (!getsDefault(edge, judged) || !isKnown(edge)) {
            return Part.of(edge, gone, target, trigger);
        }
        RowReader.Id byDefault = defaults.get(edge);
        int defaultGone = byDefault == null ? Part.ORPHAN : pass(walk, byDefault, upTo);
        return new Part(edge, gone, target, defaultGone, byDefault != null && byDefault.equals(referenced), trigger);
    }

    private static int pass(Walk.Passes walk, RowReader.Id row, int upTo) {
        int pass = walk.of(row);
        return pass == RowSet.NOT_THERE || pass > upTo ? Part.STAYS : pass;
    }

    RowColumns columns(Family family) {
        TableShape shape = TableShape.of(shapes, family.oid());
        return new RowColumns() {
            @Override
            public boolean notNull(String column) {
                return shape.column(column).notNull();
            }

            @Override
            public boolean hasDefault(String column) {
                String sql = shape.column(column).defaultSql();
                return shape.column(column).source() == Column.Source.DEFAULT
                        && sql != null
                        && !NULL.matcher(sql).matches();
            }

            @Override
            public @Nullable String doubt(String column, boolean toDefault) {
                Column of = shape.column(column);
                // A domain may be one of another domain, whose CHECK is asked as well.
                // What it says to NULL the catalog knows.
                for (SqlType type = toDefault ? of.type() : of.type().plain();
                        type instanceof SqlType.Domain domain;
                        type = domain.base()) {
                    if (!domain.checks().isEmpty()) {
                        return column + " is of the domain " + domain.sql() + ", whose CHECK may refuse";
                    }
                }
                if (of.source() == Column.Source.GENERATED) {
                    return column + " is generated";
                }
                boolean constant = of.defaultSql() == null
                        || CONSTANT.matcher(of.defaultSql()).matches();
                return toDefault && (!constant || of.isNewEveryTime())
                        ? "the default of " + column + " is computed"
                        : null;
            }
        };
    }
}

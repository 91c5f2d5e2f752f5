package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.internal.proof.schema.UniqueKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the foreign keys do to the rows of each table, once it is known which rows go. Rows with the same foreign keys in the same
 * situation are judged together; where only one foreign key can matter they are counted by the server and never fetched.
 */
final class Assessment {

    private final Product product;
    private final Model model;
    private final Rules rules;
    private final Owners owners;
    private final Walk walk;
    private final RowReader reader;
    private final Map<Long, TableShape> shapes;
    private final Progress progress;
    private final int samples;
    private final long limit;

    private final Map<Family, Tally> tables = new LinkedHashMap<>();
    private final Map<Edge, Tally> links = new LinkedHashMap<>();
    private final Set<String> notSeen = new LinkedHashSet<>();
    private final Set<String> undecided = new LinkedHashSet<>();
    private long leaves;
    private boolean cutShort;

    Assessment(
            Product product,
            Model model,
            Rules rules,
            Owners owners,
            Walk walk,
            RowReader reader,
            Map<Long, TableShape> shapes,
            Progress progress,
            int samples,
            long limit) {
        this.product = product;
        this.model = model;
        this.rules = rules;
        this.owners = owners;
        this.walk = walk;
        this.reader = reader;
        this.shapes = shapes;
        this.progress = progress;
        this.samples = samples;
        this.limit = limit;
    }

    /** Rows of one family that are alike in all that matters. */
    private record Likeness(List<Part> parts, List<Boolean> takes, List<Boolean> conditions, boolean isPerson) {}

    private static final class Group {
        private long count;
        private final List<RowReader.Id> rows = new ArrayList<>();
    }

    void assess(Family family) throws SQLException {
        progress.at(family.root().name());
        Tally table = tally(family);
        boolean inner = rules.isInner(family);
        List<Edge> hot = model.of(family).stream().filter(walk::touches).toList();
        List<Edge> judged = rules.judged(family, hot);
        List<Edge> watched = model.of(family).stream()
                .filter(edge -> owners.leadsToSomebody(edge) && !rules.isHidden(edge.referenced()))
                .toList();
        if (!hot.isEmpty()) {
            if (isSimple(family, hot, judged, watched)) {
                count(family, hot.get(0), watched, inner);
            } else {
                judge(family, hot, judged, watched, inner);
            }
        }
        if (inner) {
            table.deleted = walk.count(family);
            sampleInner(family, table);
            if (walk.isUncertain(family)) {
                undecided.add("whether rows of " + family.root() + " go or stay");
            }
        }
        progress.rows(rows());
    }

    /** Whether one foreign key alone decides, and asks nothing of the row. */
    private boolean isSimple(Family family, List<Edge> hot, List<Edge> judged, List<Edge> watched) {
        Edge edge = hot.get(0);
        boolean others = hot.size() > 1 || watched.stream().anyMatch(each -> each != edge && !owners.certainly(each));
        if (others) {
            return false;
        }
        if (edge.cascades()) {
            return !rules.isSource(family);
        }
        return !rules.isInner(family)
                && (!edge.sets()
                        || (edge.definition().onDelete() == ReferentialAction.SET_NULL
                                && judged.size() == 1
                                && checks(family, hot).isEmpty()
                                && edge.changed().stream()
                                        .allMatch(
                                                column -> rules.columns(family).doubt(column, false) == null)));
    }

    private void count(Family family, Edge edge, List<Edge> watched, boolean inner) throws SQLException {
        Tally table = tally(family);
        Tally link = tally(edge);
        List<Edge> others = watched.stream().filter(each -> each != edge).toList();
        List<String> conditions =
                others.stream().map(each -> RowReader.allSet(each, "c")).toList();
        String notNull = edge.sets()
                ? edge.changed().stream()
                        .filter(column -> rules.columns(family).notNull(column))
                        .findFirst()
                        .orElse(null)
                : null;
        boolean goes = edge.cascades();
        boolean first = true;
        for (Map.Entry<Table, List<String>> chunk : new Chunks(edge, walk)) {
            if (isOverLimit()) {
                return;
            }
            long[] counted = inner && conditions.isEmpty()
                    ? null
                    : reader.count(edge, chunk.getKey(), chunk.getValue(), conditions, limit == 0 ? 0 : limit - rows());
            long rows = counted == null ? 0 : counted[0];
            if (goes) {
                link.deleted += rows;
                if (!inner) {
                    table.deleted += rows;
                    leaves += rows;
                }
            } else if (edge.refuses() || notNull != null) {
                table.refuses += rows;
                link.refuses += rows;
                link.reason = notNull == null ? "" : notNull + " is NOT NULL";
            } else if (edge.sets()) {
                table.detached += rows;
                link.detached += rows;
            } else {
                table.leftBehind += rows;
                link.leftBehind += rows;
            }
            for (int i = 0; i < others.size(); i++) {
                // Those that stay are detached, left behind or refuse, and nobody loses them.
                long taken = goes && counted != null ? counted[i + 1] : 0;
                tally(others.get(i)).taken += taken;
                tally(others.get(i)).takenUndecided += owners.isDecided(edge) ? 0 : taken;
                if (taken > 0 && tally(others.get(i)).wantsDeleted() > 0) {
                    tally(others.get(i))
                            .deletedRows(
                                    reader.some(edge, chunk.getKey(), chunk.getValue(), conditions.get(i), samples));
                }
            }
            if (rows > 0 && first && samples > 0) {
                first = false;
                List<RowReader.Id> some = reader.some(edge, chunk.getKey(), chunk.getValue(), null, samples);
                if (goes) {
                    table.deletedRows(some);
                } else {
                    table.otherRows(some);
                    link.otherRows(some);
                }
            }
            progress.rows(rows());
        }
        if (goes && inner && conditions.isEmpty()) {
            link.deleted = walk.count(family);
        }
        if (link.detached > 0) {
            doubtIndexes(family, List.of(edge));
        }
    }

    private void judge(Family family, List<Edge> hot, List<Edge> judged, List<Edge> watched, boolean inner)
            throws SQLException {
        rules.lookUpDefaults(judged, reader);
        CheckConditions checks = checks(family, hot);
        List<Edge> joined = new ArrayList<>(judged);
        watched.stream().filter(each -> !joined.contains(each)).forEach(joined::add);
        Map<Likeness, Group> groups = new HashMap<>();
        for (Edge driving : hot) {
            List<Edge> others = joined.stream().filter(each -> each != driving).toList();
            List<Edge> conditioned = watched.stream()
                    .filter(each -> each != driving && !owners.certainly(each))
                    .toList();
            List<String> conditions = new ArrayList<>(checks.sql());
            conditioned.forEach(each -> conditions.add(owners.condition(each, "p" + (others.indexOf(each) + 1))));
            Set<Edge> before = Set.copyOf(hot.subList(0, hot.indexOf(driving)));
            for (Map.Entry<Table, List<String>> chunk : new Chunks(driving, walk)) {
                if (isOverLimit()) {
                    break;
                }
                long heap = chunk.getKey().oid();
                reader.read(driving, chunk.getKey(), chunk.getValue(), true, others, conditions, row -> {
                    Map<RowReader.Id, Integer> targets = new HashMap<>();
                    List<Part> parts = new ArrayList<>();
                    List<Boolean> takes = new ArrayList<>();
                    for (Edge edge : joined) {
                        int at = others.indexOf(edge);
                        RowReader.Id referenced =
                                at < 0 ? new RowReader.Id(heap, row.referenced()) : row.referenced(at);
                        boolean orphan = at >= 0 && referenced == null && row.isSet(at);
                        Part part = rules.part(edge, referenced, orphan, judged, walk, Integer.MAX_VALUE, targets);
                        if (before.contains(edge) && part.gone() >= 0) {
                            return;
                        }
                        if (judged.contains(edge)) {
                            parts.add(part);
                        }
                        if (watched.contains(edge)) {
                            int condition = conditioned.indexOf(edge);
                            takes.add(part.gone() == Part.STAYS
                                    && (condition < 0 || row.holds(checks.sql().size() + condition)));
                        }
                    }
                    List<Boolean> held = new ArrayList<>();
                    for (int i = 0; i < checks.sql().size(); i++) {
                        held.add(row.holds(i));
                    }
                    boolean isPerson = rules.isSource(family) && walk.pass(row.child()) == 0;
                    Group group =
                            groups.computeIfAbsent(new Likeness(parts, takes, held, isPerson), likeness -> new Group());
                    group.count++;
                    if (group.rows.size() < samples) {
                        group.rows.add(row.child());
                    }
                });
                progress.rows(rows());
            }
        }
        for (Map.Entry<Likeness, Group> each : groups.entrySet()) {
            judge(family, each.getKey(), each.getValue(), watched, inner, checks);
        }
    }

    private void judge(
            Family family, Likeness like, Group group, List<Edge> watched, boolean inner, CheckConditions checks)
            throws SQLException {
        Tally table = tally(family);
        Set<Fate> fates = like.isPerson()
                ? Set.of(new Fate.Gone(0))
                : RowLife.of(
                        product,
                        like.parts(),
                        rules.columns(family),
                        setters -> checks.refusedBy(setters, like.conditions()));
        boolean gone = false;
        boolean kept = false;
        Set<Edge> refusing = new LinkedHashSet<>();
        Set<Edge> setters = new LinkedHashSet<>();
        Set<Set<Edge>> ends = new HashSet<>();
        for (Fate fate : fates) {
            if (fate instanceof Fate.Gone) {
                gone = true;
            } else if (fate instanceof Fate.Kept stays) {
                kept = true;
                ends.add(stays.setters());
                setters.addAll(stays.setters());
            } else if (fate instanceof Fate.Refused refused) {
                refusing.add(refused.by());
                if (!refused.reason().isEmpty()) {
                    tally(refused.by()).reason = refused.reason();
                }
            } else if (fate instanceof Fate.Unknown unknown) {
                notSeen.add(unknown.by().fk().qualifiedName() + ": " + unknown.reason());
            }
        }
        boolean certain = !gone && !kept;
        for (Edge edge : refusing) {
            if (certain) {
                tally(edge).refuses += group.count;
            } else {
                tally(edge).orderDecides += group.count;
            }
            tally(edge).otherRows(group.rows);
        }
        if (!refusing.isEmpty()) {
            table.refuses += group.count;
            table.otherRows(group.rows);
        }
        if ((gone && kept) || ends.size() > 1) {
            undecided.add("whether rows of " + family.root() + " go or stay");
        }
        if (gone) {
            if (!inner) {
                table.deleted += group.count;
                leaves += group.count;
                table.deletedRows(group.rows);
            }
            like.parts().stream()
                    .filter(part -> part.gone() >= 0)
                    .forEach(part -> tally(part.edge()).deleted += group.count);
            boolean decided = like.parts().stream()
                    .filter(part -> part.gone() >= 0 && part.edge().cascades())
                    .allMatch(part -> owners.isDecided(part.edge()));
            for (int i = 0; i < watched.size(); i++) {
                if (like.takes().get(i) && !like.isPerson()) {
                    tally(watched.get(i)).taken += group.count;
                    tally(watched.get(i)).takenUndecided += decided ? 0 : group.count;
                    tally(watched.get(i)).deletedRows(group.rows);
                }
            }
        } else if (kept) {
            if (!setters.isEmpty()) {
                table.detached += group.count;
                table.otherRows(group.rows);
                setters.forEach(edge -> tally(edge).detached += group.count);
            }
            List<Edge> behind = like.parts().stream()
                    .filter(part -> part.gone() >= 0 && !part.edge().deletes())
                    .map(Part::edge)
                    .toList();
            behind.forEach(edge -> tally(edge).leftBehind += group.count);
            table.leftBehind += behind.isEmpty() ? 0 : group.count;
        }
        if (!setters.isEmpty()) {
            doubtIndexes(family, setters);
        }
    }

    /** What a changed column may run into, beyond its own foreign keys. */
    private void doubtIndexes(Family family, Iterable<Edge> setters) {
        for (Edge setter : setters) {
            boolean toDefault = setter.definition().onDelete() == ReferentialAction.SET_DEFAULT;
            shapes.get(family.oid()).columnsByName().values().stream()
                    .filter(column -> column.source() == Column.Source.GENERATED)
                    .findFirst()
                    .ifPresent(column -> notSeen.add(setter.fk().qualifiedName() + " changes rows of " + family.root()
                            + ", whose column " + column.name() + " is then generated again and may be refused"));
            for (UniqueKey key : shapes.get(family.oid()).uniqueKeys()) {
                boolean mentioned = setter.changed().stream()
                        .anyMatch(column -> key.columns().contains(column)
                                || key.definition().contains(column));
                boolean harmless =
                        key.identifies() && !toDefault && !key.definition().contains("NULLS NOT DISTINCT");
                if (mentioned && !harmless) {
                    notSeen.add(setter.fk().qualifiedName() + " changes rows of " + family.root()
                            + ", and the unique index " + key.name() + " may refuse that");
                }
            }
            for (long heap : family.heaps().keySet()) {
                for (Edge edge : model.on(heap)) {
                    if (edge.definition().enforced()
                            && Model.overlap(edge.definition().referencedColumns(), setter.changed())) {
                        notSeen.add(setter.fk().qualifiedName() + " changes columns that "
                                + edge.fk().qualifiedName() + " references, whose ON UPDATE action decides");
                    }
                }
            }
            if (family.root().kind() == TableKind.PARTITIONED_TABLE) {
                notSeen.add(setter.fk().qualifiedName() + " changes rows of the partitioned table " + family.root()
                        + ", which may have to move to another partition");
            }
        }
    }

    private CheckConditions checks(Family family, List<Edge> hot) {
        return CheckConditions.of(
                shapes.get(family.oid()), hot.stream().filter(Edge::sets).toList(), rules.columns(family));
    }

    private void sampleInner(Family family, Tally table) {
        for (long heap : family.heaps().keySet()) {
            RowSet set = walk.of(heap);
            if (set != null && table.wantsDeleted() > 0) {
                table.deletedRows(set.range(0, Math.min(set.size(), table.wantsDeleted())).stream()
                        .map(id -> new RowReader.Id(heap, id))
                        .toList());
            }
        }
    }

    private boolean isOverLimit() {
        cutShort |= limit > 0 && rows() >= limit;
        return cutShort;
    }

    /** How many rows go, as far as they are counted. */
    long rows() {
        return walk.rows() + leaves;
    }

    Tally tally(Family family) {
        return tables.computeIfAbsent(family, key -> new Tally(samples));
    }

    boolean owns(Edge edge) {
        return owners.owns(edge);
    }

    Tally tally(Edge edge) {
        return links.computeIfAbsent(edge, key -> new Tally(samples));
    }

    Map<Family, Tally> tables() {
        return tables;
    }

    Map<Edge, Tally> links() {
        return new IdentityHashMap<>(links);
    }

    Set<String> notSeen() {
        return notSeen;
    }

    /** What an order decides, beside what {@link Tally#orderDecides} counts. */
    Set<String> undecided() {
        return new TreeSet<>(undecided);
    }

    boolean isCutShort() {
        return cutShort;
    }
}

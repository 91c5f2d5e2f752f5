package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.internal.proof.schema.UniqueKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the foreign keys do to the rows of each table, once it is known which rows go. Rows with the same foreign keys in the same
 * situation are judged together; where only one foreign key can matter they are counted by the server and never fetched.
 */
final class Assessment {

    /** There is no such type, function, table, column, schema (manual, appendix A). */
    private static final Set<String> NAMES_NOTHING = Set.of("42704", "42883", "42P01", "42703", "3F000");

    /** What CockroachDB sorts a hash-sharded index by. */
    private static final Pattern OF_ANY_VALUE = Pattern.compile("mod\\(fnv32\\(crdb_internal\\.datums_to_bytes\\(.*");

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
    private final @Nullable Enough enough;

    private final Map<Integer, Findings> findings = new HashMap<>();
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
            long limit,
            @Nullable Enough enough) {
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
        this.enough = enough;
    }

    /** Rows of one family that are alike in all that matters. */
    private record Likeness(List<Part> parts, List<Boolean> takes, List<Boolean> conditions, boolean isPerson) {}

    private static final class Group {
        private long count;
        private final List<RowReader.Id> rows = new ArrayList<>();
    }

    /** What foreign keys do that need not be asked row by row. */
    private record Plainly(
            Family family,
            Edge edge,
            List<Edge> others,
            List<String> conditions,
            @Nullable String notNull) {}

    void assess(Family family) throws SQLException {
        progress.at(family.root().name());
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
            for (int delete = 0; delete < walk.deletes(); delete++) {
                long gone = walk.count(family, delete);
                if (gone > 0) {
                    of(delete).tally(family).deleted = gone;
                }
                if (walk.isUncertain(family, delete)) {
                    of(delete).undecided("whether rows of " + family.root() + " go or stay");
                }
            }
            if (walk.isOne()) {
                sampleInner(family, of(0).tally(family));
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
                                // Else the rest of the key is checked.
                                && edge.changed().containsAll(edge.definition().columns())
                                && checks(family, hot).isEmpty()
                                && edge.changed().stream()
                                        .allMatch(
                                                column -> rules.columns(family).doubt(column, false) == null)));
    }

    private void count(Family family, Edge edge, List<Edge> watched, boolean inner) throws SQLException {
        List<Edge> others = watched.stream().filter(each -> each != edge).toList();
        List<String> conditions =
                others.stream().map(each -> RowReader.allSet(each, "c")).toList();
        String notNull = edge.sets()
                ? edge.changed().stream()
                        .filter(column -> rules.columns(family).notNull(column))
                        .findFirst()
                        .orElse(null)
                : null;
        Plainly plainly = new Plainly(family, edge, others, conditions, notNull);
        if (inner && conditions.isEmpty()) {
            for (int delete = 0; delete < walk.deletes(); delete++) {
                if (walk.touches(edge, delete)) {
                    of(delete).tally(edge).deleted = walk.count(family, delete);
                }
            }
            return;
        }
        // Of these nothing is asked but how many they are.
        Enough upTo = edge.cascades() && !inner && conditions.isEmpty() && walk.isOne() ? enough : null;
        boolean first = upTo == null;
        for (Chunk chunk : new Chunks(edge, walk)) {
            if (isOverLimit()) {
                return;
            }
            // One more than there may be, to see whether there is one.
            // Those of an inner family have been counted when they were found.
            boolean limited = limit > 0 && !inner;
            long left = upTo != null ? upTo.of(rows()) - of(0).of(family).deleted : limited ? limit - rows() + 1 : 0;
            if (upTo != null && left <= 0) {
                return;
            }
            if (walk.isOne()) {
                long[] counted = reader.count(edge, chunk.heap(), chunk.ids(), conditions, left);
                add(of(0), plainly, counted, inner);
                cutShort |= upTo == null && limited && counted[0] == left;
                sampleCounted(chunk, plainly, counted, first);
                first &= counted[0] == 0;
            } else {
                reader.countEach(edge, chunk.heap(), chunk.ids(), conditions, (referenced, counted) -> {
                    for (int delete : chunk.deletes(referenced)) {
                        add(of(delete), plainly, counted, inner);
                    }
                });
            }
            progress.rows(rows());
        }
    }

    private void add(Findings to, Plainly plainly, long[] counted, boolean inner) {
        Edge edge = plainly.edge();
        Tally table = to.tally(plainly.family());
        Tally link = to.tally(edge);
        long rows = counted[0];
        if (rows == 0) {
            return;
        }
        if (edge.cascades()) {
            link.deleted += rows;
            if (!inner) {
                table.deleted += rows;
                leaves += rows;
            }
            for (int i = 0; i < plainly.others().size(); i++) {
                Tally other = to.tally(plainly.others().get(i));
                other.taken += counted[i + 1];
                other.takenUndecided += owners.isDecided(edge) ? 0 : counted[i + 1];
            }
        } else if (edge.refuses() || plainly.notNull() != null) {
            table.refuses += rows;
            link.refuses += rows;
            to.reason(edge, plainly.notNull() == null ? "" : plainly.notNull() + " is NOT NULL");
        } else if (edge.sets()) {
            table.detached += rows;
            link.detached += rows;
            doubtWrites(to, plainly.family(), List.of(edge));
        } else {
            table.leftBehind += rows;
            link.leftBehind += rows;
        }
    }

    /** A few of the rows that were counted, and of those that somebody loses. */
    private void sampleCounted(Chunk chunk, Plainly plainly, long[] counted, boolean first) throws SQLException {
        Edge edge = plainly.edge();
        for (int i = 0; edge.cascades() && i < plainly.others().size(); i++) {
            Tally other = of(0).tally(plainly.others().get(i));
            if (counted[i + 1] > 0 && other.wantsDeleted() > 0) {
                other.deletedRows(reader.some(
                        edge, chunk.heap(), chunk.ids(), plainly.conditions().get(i), samples));
            }
        }
        if (counted[0] > 0 && first && samples > 0) {
            List<RowReader.Id> some = reader.some(edge, chunk.heap(), chunk.ids(), null, samples);
            if (edge.cascades()) {
                of(0).tally(plainly.family()).deletedRows(some);
            } else {
                of(0).tally(plainly.family()).otherRows(some);
                of(0).tally(edge).otherRows(some);
            }
        }
    }

    private void judge(Family family, List<Edge> hot, List<Edge> judged, List<Edge> watched, boolean inner)
            throws SQLException {
        rules.lookUpDefaults(judged, reader);
        CheckConditions checks = checks(family, hot);
        Optional<String> raised = Optional.empty();
        if (checks.isEmpty()) {
            judgeRows(family, hot, judged, watched, inner, checks, "");
        } else {
            reader.useSystemPath();
            raised = reader.attempt(() -> judgeRows(family, hot, judged, watched, inner, checks, ""));
        }
        if (raised.filter(NAMES_NOTHING::contains).isPresent()) {
            // A function that counts on the session's search path, as it does in the DELETE.
            reader.useOwnPath();
            raised = reader.attempt(() -> judgeRows(family, hot, judged, watched, inner, checks, ""));
            reader.useSystemPath();
        }
        if (raised.isPresent()) {
            String doubt = checks.names() + " of " + family.root() + " may refuse: asked, it raised an error (SQLSTATE "
                    + raised.get() + ")";
            judgeRows(family, hot, judged, watched, inner, CheckConditions.NONE, doubt);
        }
    }

    /** @param checksRaised why the CHECK constraints are not asked, or nothing */
    private void judgeRows(
            Family family,
            List<Edge> hot,
            List<Edge> judged,
            List<Edge> watched,
            boolean inner,
            CheckConditions checks,
            String checksRaised)
            throws SQLException {
        boolean checksInDoubt = checks.isIncomplete();
        List<Edge> joined = new ArrayList<>(judged);
        watched.stream().filter(each -> !joined.contains(each)).forEach(joined::add);
        Map<Likeness, Map<Integer, Group>> groups = new HashMap<>();
        for (Edge driving : hot) {
            List<Edge> others = joined.stream().filter(each -> each != driving).toList();
            List<Edge> conditioned = watched.stream()
                    .filter(each -> each != driving && !owners.certainly(each))
                    .toList();
            List<String> conditions = new ArrayList<>(checks.sql());
            conditioned.forEach(each -> conditions.add(owners.condition(each, "p" + (others.indexOf(each) + 1))));
            Set<Edge> before = Set.copyOf(hot.subList(0, hot.indexOf(driving)));
            for (Chunk chunk : new Chunks(driving, walk)) {
                if (isOverLimit()) {
                    break;
                }
                long heap = chunk.heap().oid();
                reader.read(driving, chunk.heap(), chunk.ids(), true, others, conditions, row -> {
                    List<Boolean> held = new ArrayList<>();
                    for (int i = 0; i < checks.sql().size(); i++) {
                        held.add(row.holds(i));
                    }
                    for (int delete : chunk.deletes(row.referenced())) {
                        Walk.Passes passes = walk.passes(delete);
                        Map<RowReader.Id, Integer> targets = new HashMap<>();
                        List<Part> parts = new ArrayList<>();
                        Boolean[] takes = new Boolean[watched.size()];
                        boolean earlier = false;
                        for (Edge edge : joined) {
                            int at = others.indexOf(edge);
                            RowReader.Id referenced =
                                    at < 0 ? new RowReader.Id(heap, row.referenced()) : row.referenced(at);
                            boolean orphan = at >= 0 && referenced == null && row.isSet(at);
                            Part part =
                                    rules.part(edge, referenced, orphan, judged, passes, Integer.MAX_VALUE, targets);
                            earlier |= before.contains(edge) && part.gone() >= 0;
                            if (judged.contains(edge)) {
                                parts.add(part);
                            }
                            int watch = watched.indexOf(edge);
                            if (watch >= 0) {
                                int condition = conditioned.indexOf(edge);
                                takes[watch] = part.gone() == Part.STAYS
                                        && (condition < 0
                                                || row.holds(checks.sql().size() + condition));
                            }
                        }
                        if (earlier) {
                            continue;
                        }
                        boolean isPerson = rules.isSource(family) && passes.of(row.child()) == 0;
                        Group group = groups.computeIfAbsent(
                                        new Likeness(parts, List.of(takes), held, isPerson),
                                        likeness -> new HashMap<>())
                                .computeIfAbsent(delete, key -> new Group());
                        group.count++;
                        if (group.rows.size() < samples) {
                            group.rows.add(row.child());
                        }
                    }
                });
                progress.rows(rows());
            }
        }
        for (Map.Entry<Likeness, Map<Integer, Group>> each : groups.entrySet()) {
            Likeness like = each.getKey();
            Set<Fate> fates = like.isPerson()
                    ? Set.of(new Fate.Gone(0, Set.of()))
                    : RowLife.of(
                            product,
                            like.parts(),
                            rules.columns(family),
                            setters -> checks.refusedBy(setters, like.conditions()));
            each.getValue().forEach((delete, group) -> {
                judge(of(delete), family, like, fates, group, watched, inner);
                Set<Edge> setters = like.parts().stream()
                        .filter(part -> part.edge().sets() && (part.gone() >= 0 || part.defaultGone() >= 0))
                        .map(Part::edge)
                        .collect(Collectors.toSet());
                if (!setters.isEmpty() && !checksRaised.isEmpty()) {
                    of(delete).notSeen(checksRaised);
                }
                checks.tooLongFor(setters, like.conditions())
                        .forEach(index -> of(delete)
                                .notSeen(index + " of " + family.root()
                                        + " may refuse a row that comes into it, as too long"));
                if (checksInDoubt && setters.size() > 1) {
                    of(delete)
                            .notSeen("whether " + checks.names() + " of " + family.root()
                                    + " refuses once several foreign keys have set columns of one row");
                }
            });
        }
    }

    private void judge(
            Findings to,
            Family family,
            Likeness like,
            Set<Fate> fates,
            Group group,
            List<Edge> watched,
            boolean inner) {
        Tally table = to.tally(family);
        boolean gone = false;
        boolean kept = false;
        Set<Edge> refusing = new LinkedHashSet<>();
        Set<Edge> setters = new LinkedHashSet<>();
        Set<Edge> written = new LinkedHashSet<>();
        Set<Set<Edge>> ends = new HashSet<>();
        for (Fate fate : fates) {
            if (fate instanceof Fate.Gone goes) {
                gone = true;
                written.addAll(goes.setters());
            } else if (fate instanceof Fate.Kept stays) {
                kept = true;
                ends.add(stays.setters());
                setters.addAll(stays.setters());
            } else if (fate instanceof Fate.Refused refused) {
                refusing.add(refused.by());
                to.reason(refused.by(), refused.reason());
            } else if (fate instanceof Fate.Unknown unknown) {
                to.notSeen(unknown.by().fk().qualifiedName() + ": " + unknown.reason());
            }
        }
        boolean certain = !gone && !kept;
        for (Edge edge : refusing) {
            if (certain) {
                to.tally(edge).refuses += group.count;
            } else {
                to.tally(edge).orderDecides += group.count;
            }
            to.tally(edge).otherRows(group.rows);
        }
        if (!refusing.isEmpty()) {
            table.refuses += group.count;
            table.otherRows(group.rows);
        }
        if ((gone && kept) || ends.size() > 1) {
            to.undecided("whether rows of " + family.root() + " go or stay");
        }
        if (gone) {
            if (!inner) {
                table.deleted += group.count;
                leaves += group.count;
                table.deletedRows(group.rows);
            }
            like.parts().stream()
                    .filter(part -> part.gone() >= 0)
                    .forEach(part -> to.tally(part.edge()).deleted += group.count);
            boolean decided = like.parts().stream()
                    .filter(part -> part.gone() >= 0 && part.edge().cascades())
                    .allMatch(part -> owners.isDecided(part.edge()));
            for (int i = 0; i < watched.size(); i++) {
                if (like.takes().get(i) && !like.isPerson()) {
                    to.tally(watched.get(i)).taken += group.count;
                    to.tally(watched.get(i)).takenUndecided += decided ? 0 : group.count;
                    to.tally(watched.get(i)).deletedRows(group.rows);
                }
            }
            if (rules.isSource(family) && !like.isPerson()) {
                takePeople(to, like, decided, group);
            }
        } else if (kept) {
            if (!setters.isEmpty()) {
                table.detached += group.count;
                table.otherRows(group.rows);
                setters.forEach(edge -> to.tally(edge).detached += group.count);
            }
            List<Edge> behind = like.parts().stream()
                    .filter(part -> part.gone() >= 0 && !part.edge().deletes())
                    .map(Part::edge)
                    .toList();
            behind.forEach(edge -> to.tally(edge).leftBehind += group.count);
            table.leftBehind += behind.isEmpty() ? 0 : group.count;
        }
        written.addAll(setters);
        doubtWrites(to, family, written);
    }

    /** Another person is somebody else's row, whatever it references. */
    private static void takePeople(Findings to, Likeness like, boolean decided, Group group) {
        for (Part part : like.parts()) {
            if (part.gone() >= 0 && part.edge().cascades()) {
                Tally tally = to.tally(part.edge());
                tally.taken += group.count;
                tally.takenUndecided += decided ? 0 : group.count;
                tally.peopleUndecided += decided ? 0 : group.count;
                tally.deletedRows(group.rows);
            }
        }
    }

    /** What a changed column may run into, beyond its own foreign keys and what the catalog says of NULL in it. */
    private void doubtWrites(Findings to, Family family, Iterable<Edge> setters) {
        for (Edge setter : setters) {
            to.written(setter);
            if (setter.definition().onDelete() == ReferentialAction.SET_DEFAULT) {
                doubtDefault(to, family, setter);
            }
            for (long heap : family.heaps().keySet()) {
                for (Edge edge : model.on(heap)) {
                    if (edge.definition().enforced()
                            && Model.overlap(edge.definition().referencedColumns(), setter.changed())) {
                        to.notSeen(setter.fk().qualifiedName() + " changes columns that "
                                + edge.fk().qualifiedName() + " references, whose ON UPDATE action decides");
                    }
                }
            }
        }
    }

    private void doubtDefault(Findings to, Family family, Edge setter) {
        TableShape.of(shapes, family.oid()).columnsByName().values().stream()
                .filter(column -> column.source() == Column.Source.GENERATED && mentionsAny(column, setter.changed()))
                .findFirst()
                .ifPresent(column -> to.notSeen(setter.fk().qualifiedName() + " changes rows of " + family.root()
                        + ", whose column " + column.name() + " is then generated again and may be refused"));
        for (UniqueKey key : TableShape.of(shapes, family.oid()).uniqueKeys()) {
            boolean mentioned = setter.changed().stream()
                    .anyMatch(column -> key.columns().contains(column)
                            || Identifiers.isIn(column, withoutStored(key.definition())));
            if (mentioned) {
                to.notSeen(setter.fk().qualifiedName() + " changes rows of " + family.root() + ", and the unique index "
                        + key.name() + " may refuse that");
            }
        }
        if (family.root().kind() == TableKind.PARTITIONED_TABLE) {
            to.notSeen(setter.fk().qualifiedName() + " changes rows of the partitioned table " + family.root()
                    + ", which may have to move to another partition");
        }
    }

    /** CockroachDB: without what is only kept with an index. */
    private static String withoutStored(String definition) {
        return definition.replaceFirst(" (?:STORING|INCLUDE) \\([^)]*\\)", "");
    }

    /** Whether some of these seem to be in what the column is generated from. */
    private static boolean mentionsAny(Column generated, List<String> columns) {
        String expression = generated.defaultSql();
        return expression == null
                || (!OF_ANY_VALUE.matcher(expression).matches()
                        && columns.stream().anyMatch(column -> Identifiers.isIn(column, expression)));
    }

    private CheckConditions checks(Family family, List<Edge> hot) {
        return CheckConditions.of(
                product,
                TableShape.of(shapes, family.oid()),
                hot.stream().filter(Edge::sets).toList(),
                rules.columns(family));
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

    boolean owns(Edge edge) {
        return owners.owns(edge);
    }

    /** What was found out about this DELETE. */
    Findings of(int delete) {
        return findings.computeIfAbsent(delete, key -> new Findings(samples));
    }

    boolean isCutShort() {
        return cutShort;
    }
}

package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which rows can go before the DELETE. In doubt they cannot: they are left to it, and nothing is lost but time.
 *
 * <p>A row may go early if three things hold. It is reached over foreign keys that cascade for certain, none of which the DELETE itself
 * could have undone before their turn. Nothing references it any more, so that deleting it does nothing else. And no foreign key of its
 * own could have refused the DELETE while the row was waiting: PostgreSQL checks what references a row deleted at depth d in the pass
 * after it, so one that is deleted no later than what it references never refuses.
 */
final class DrainPlanner {

    private static final int MOST_WAYS = 4;
    private static final int LONGEST_WAY = 8;

    private final Relations relations;
    private final Product product;
    private final EraseFacts facts;
    /** The columns that the DELETE may set, by table: they can make a row change hands in the middle of it. */
    private final Map<Long, Set<String>> changed = new HashMap<>();

    private final Map<String, String> left = new LinkedHashMap<>();

    DrainPlanner(ForeignKeyGraph graph, Table parent, Product product, EraseFacts facts) {
        this.relations = new Relations(graph, parent);
        this.product = product;
        this.facts = facts;
        findChangedColumns();
    }

    /** The tables that the facts have to be read for. */
    static Set<Long> tablesOf(ForeignKeyGraph graph, Table parent) {
        Relations relations = new Relations(graph, parent);
        Set<Long> oids = new LinkedHashSet<>();
        for (long root : relations.reached()) {
            relations.family(root).forEach(table -> oids.add(table.oid()));
            for (ForeignKey fk : relations.on(root)) {
                relations.family(relations.root(fk.table())).forEach(table -> oids.add(table.oid()));
            }
        }
        return oids;
    }

    /**
     * The plan.
     *
     * @param onlyIfNothingCanRefuse whether to leave everything alone unless every foreign key that the DELETE comes by cascades for
     *     certain, so that it cannot be refused
     */
    DrainPlan plan(boolean onlyIfNothingCanRefuse) {
        Optional<String> obstacle = onlyIfNothingCanRefuse ? firstObstacle() : Optional.empty();
        if (obstacle.isPresent()) {
            return new DrainPlan(List.of(), List.of("any table: without a preview, " + obstacle.get()));
        }
        Map<Long, List<List<ForeignKey>>> ways = ways();
        List<DrainUnit> units = new ArrayList<>();
        for (long root : leavesFirst(ways.keySet())) {
            Optional<String> reason = whyNotFrom(root);
            if (reason.isPresent()) {
                left.put(relations.table(root).toString(), reason.get());
            } else {
                Objects.requireNonNull(ways.get(root))
                        .forEach(way -> heaps(root).forEach(heap -> units.add(unit(root, heap, way))));
            }
        }
        units.forEach(unit -> left.remove(unit.table().toString()));
        return new DrainPlan(
                units,
                left.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .toList());
    }

    private Optional<String> firstObstacle() {
        return relations.reached().stream()
                .flatMap(root -> relations.on(root).stream())
                .flatMap(fk -> whyUncertain(fk).stream())
                .findFirst();
    }

    private DrainUnit unit(long root, Table heap, List<ForeignKey> way) {
        List<ForeignKey> unset = relations.of(root).stream()
                .filter(fk -> mayActBefore(fk, way.size()))
                .toList();
        List<ForeignKey> unreferenced = relations.on(root).stream()
                .filter(fk -> fk.definition().enforced())
                .toList();
        return new DrainUnit(relations.table(root), heap, way, unset, unreferenced);
    }

    /** CockroachDB names rows by their keys, whatever partition they are in. */
    private List<Table> heaps(long root) {
        return product == Product.COCKROACHDB
                ? List.of(relations.table(root))
                : relations.family(root).stream()
                        .filter(table -> table.kind() == TableKind.TABLE)
                        .toList();
    }

    /** Whether this foreign key of a row could do something to the DELETE before the row is deleted, at this depth at the latest. */
    private boolean mayActBefore(ForeignKey fk, int depth) {
        long referenced = relations.root(fk.referencedTable());
        if (fk.onDelete() == ReferentialAction.CASCADE
                || !fk.definition().enforced()
                || !relations.isReached(referenced)) {
            return false;
        }
        if (fk.onDelete().refuses()
                && (product == Product.COCKROACHDB
                        || (fk.onDelete() == ReferentialAction.NO_ACTION
                                && fk.definition().deferrability() == Deferrability.INITIALLY_DEFERRED))) {
            // Checked when all cascades are done.
            return false;
        }
        return product == Product.COCKROACHDB || depth > relations.shallowest(referenced);
    }

    /** Ways over certain foreign keys, shortest first, by table; never through the parent again, whose rows are people. */
    private Map<Long, List<List<ForeignKey>>> ways() {
        Map<Long, List<List<ForeignKey>>> ways = new LinkedHashMap<>();
        Deque<List<ForeignKey>> open = new ArrayDeque<>();
        relations.reached().stream()
                .filter(relations::isSource)
                .forEach(source -> extend(List.of(), source, ways, open));
        while (!open.isEmpty()) {
            List<ForeignKey> way = open.poll();
            if (way.size() < LONGEST_WAY) {
                extend(way, relations.root(way.get(way.size() - 1).table()), ways, open);
            }
        }
        return ways;
    }

    private void extend(
            List<ForeignKey> way, long from, Map<Long, List<List<ForeignKey>>> ways, Deque<List<ForeignKey>> open) {
        for (ForeignKey fk : relations.on(from)) {
            long to = relations.root(fk.table());
            if (fk.onDelete() != ReferentialAction.CASCADE || relations.isSource(to) || way.contains(fk)) {
                continue;
            }
            Optional<String> uncertain = whyUncertain(fk);
            if (uncertain.isPresent()) {
                left.putIfAbsent(relations.table(to).toString(), uncertain.get());
                continue;
            }
            List<List<ForeignKey>> known = ways.computeIfAbsent(to, oid -> new ArrayList<>());
            if (known.size() < MOST_WAYS) {
                List<ForeignKey> longer =
                        Stream.concat(way.stream(), Stream.of(fk)).toList();
                known.add(longer);
                open.add(longer);
            }
        }
    }

    /** Why deleting a referenced row might not delete the referencing row, or not only that. */
    private Optional<String> whyUncertain(ForeignKey fk) {
        long from = relations.root(fk.referencedTable());
        long to = relations.root(fk.table());
        if (!fk.cascades()) {
            return Optional.of(fk.qualifiedName() + " does not cascade for certain");
        }
        if (fk.table().partition() || fk.referencedTable().partition()) {
            return Optional.of(fk.qualifiedName() + " is a foreign key of or on a single partition");
        }
        if (!facts.isComparable(fk)) {
            return Optional.of(fk.qualifiedName() + " compares in a way that a join cannot");
        }
        if (!Collections.disjoint(changed(to), fk.columns())
                || !Collections.disjoint(changed(from), fk.definition().referencedColumns())
                || (!changed(to).isEmpty() && hasGenerated(to))
                || (!changed(from).isEmpty() && hasGenerated(from))) {
            return Optional.of("the columns of " + fk.qualifiedName() + " may be set by the DELETE itself");
        }
        return whyNotSimple(from).or(() -> whyNotSimple(to));
    }

    /** Why a delete on this table might do anything but delete rows. */
    private Optional<String> whyNotSimple(long root) {
        for (Table table : relations.family(root)) {
            List<String> interceptors = new ArrayList<>(facts.onDelete().getOrDefault(table.oid(), List.of()));
            if (!changed(root).isEmpty()) {
                interceptors.addAll(facts.onUpdate().getOrDefault(table.oid(), List.of()));
            }
            relations.obstacles(table).stream()
                    .filter(each ->
                            each.event() != Event.UPDATE || !changed(root).isEmpty())
                    .filter(each -> each.event() != Event.CASCADE || !relations.isSource(root))
                    .forEach(each -> interceptors.add(each.description()));
            if (!interceptors.isEmpty()) {
                return Optional.of("deletes on " + table + " pass " + interceptors.get(0));
            }
            if (facts.rowSecurity().contains(table.oid())) {
                return Optional.of("row-level security of " + table + " applies to this role");
            }
            if (table.publishedWithoutIdentity()) {
                return Optional.of("deletes on " + table + " are published without a replica identity");
            }
            if (!table.ownerMayDelete() && !relations.isSource(root)) {
                return Optional.of("the owner of " + table + " may not delete from it, as whom cascades run");
            }
            if (table.kind() != TableKind.TABLE && table.kind() != TableKind.PARTITIONED_TABLE) {
                return Optional.of(table + " is a " + table.kind());
            }
        }
        return Optional.empty();
    }

    /** Why rows of this table cannot be deleted early although they certainly go. */
    private Optional<String> whyNotFrom(long root) {
        if (relations.hasUnseen(root)) {
            return Optional.of("it may be referenced by a foreign key that this role cannot see");
        }
        if (product == Product.COCKROACHDB
                && facts.primaryKeys().getOrDefault(root, List.of()).isEmpty()) {
            return Optional.of("its primary key cannot be read");
        }
        for (ForeignKey fk : relations.on(root)) {
            if (!fk.definition().enforced()) {
                continue;
            }
            if (!facts.isComparable(fk)) {
                return Optional.of(fk.qualifiedName() + " compares in a way that a join cannot");
            }
            if (fk.onDelete() == ReferentialAction.SET_DEFAULT
                    || fk.definition().onUpdate() == ReferentialAction.SET_DEFAULT) {
                return Optional.of(fk.qualifiedName() + " may come to reference its rows by SET DEFAULT");
            }
            if (relations.family(relations.root(fk.table())).stream()
                    .anyMatch(table -> facts.rowSecurity().contains(table.oid()))) {
                return Optional.of(
                        "row-level security of " + fk.table() + " applies to this role, which references it");
            }
        }
        return Optional.empty();
    }

    private void findChangedColumns() {
        for (long root : relations.reached()) {
            for (ForeignKey fk : relations.on(root)) {
                if (fk.onDelete() == ReferentialAction.SET_NULL || fk.onDelete() == ReferentialAction.SET_DEFAULT) {
                    List<String> set = fk.definition().onDeleteColumns();
                    change(relations.root(fk.table()), set.isEmpty() ? fk.columns() : set);
                }
            }
        }
    }

    /** Also what ON UPDATE passes on. */
    private void change(long root, List<String> columns) {
        if (!changed.computeIfAbsent(root, oid -> new HashSet<>()).addAll(columns)) {
            return;
        }
        for (ForeignKey fk : relations.on(root)) {
            if (!fk.definition().onUpdate().refuses()
                    && !Collections.disjoint(fk.definition().referencedColumns(), columns)) {
                change(relations.root(fk.table()), fk.columns());
            }
        }
    }

    private Set<String> changed(long root) {
        return changed.getOrDefault(root, Set.of());
    }

    private boolean hasGenerated(long root) {
        return relations.family(root).stream()
                .anyMatch(table -> facts.generated().contains(table.oid()));
    }

    /** So that what references a row comes before it, where there is no circle. */
    private List<Long> leavesFirst(Set<Long> tables) {
        List<Long> order = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (long table : tables) {
            visit(table, tables, seen, order);
        }
        return order;
    }

    private void visit(long table, Set<Long> tables, Set<Long> seen, List<Long> order) {
        if (!seen.add(table)) {
            return;
        }
        for (ForeignKey fk : relations.on(table)) {
            if (tables.contains(relations.root(fk.table()))) {
                visit(relations.root(fk.table()), tables, seen, order);
            }
        }
        order.add(table);
    }
}

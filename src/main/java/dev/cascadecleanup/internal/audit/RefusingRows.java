package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the query that counts the rows over which a link refuses: the row that they reference goes with one parent row, and they do not
 * go with the same one, or not in time; or which it takes from somebody else. Whose a row is, is read along the ways by which its table is deleted.
 */
final class RefusingRows {

    /** More make a query that nobody reads. */
    private static final int MOST_WAYS = 4;
    /** Among thousands of foreign keys there can be more ways than anybody counts. */
    private static final int MOST_STEPS = 200;

    /**
     * The ways by which rows of a table come to go with a parent row.
     *
     * @param all whether there are no others: none that goes in a circle, and not too many
     */
    private record Ways(List<List<ForeignKey>> ways, boolean all) {}

    /**
     * What counts.
     *
     * @param sql the statement
     * @param every whether it finds every such row, so that none is none
     * @param only whether it finds no others: each of them does not go with the same parent row by a way that the statement does not follow
     */
    record Query(String sql, boolean every, boolean only) {}

    private final Reach reach;
    private final Optional<String> parentKey;
    private final Map<Long, List<ForeignKey>> deleting = new HashMap<>();
    private final Map<Long, Ways> waysByTable = new HashMap<>();
    private int steps;

    RefusingRows(Reach reach) {
        this.reach = reach;
        this.parentKey = parentKey(reach);
        for (Link link : reach.links()) {
            if (link.effect() == Link.Effect.DELETED) {
                deleting.computeIfAbsent(link.foreignKey().table().oid(), oid -> new ArrayList<>())
                        .add(link.foreignKey());
            }
        }
    }

    private Ways ways(Table table) {
        Ways known = waysByTable.get(table.oid());
        if (known == null) {
            known = find(table);
            waysByTable.put(table.oid(), known);
        }
        return known;
    }

    /** The direct ones and the shortest one first. */
    private Ways find(Table table) {
        ReachedTable reached = reach.tables().get(table.oid());
        if (reached == null) {
            return new Ways(List.of(), true);
        }
        Set<List<ForeignKey>> ways = new LinkedHashSet<>();
        List<ForeignKey> into = deleting.getOrDefault(table.oid(), List.of());
        into.stream().filter(fk -> fk.referencedTable().equals(reach.parent())).forEach(fk -> ways.add(List.of(fk)));
        if (ways.isEmpty()) {
            ways.add(reach.way(reached));
        }
        steps = 0;
        boolean all = collect(table, new ArrayDeque<>(), ways);
        return new Ways(ways.stream().limit(MOST_WAYS).toList(), all && ways.size() <= MOST_WAYS);
    }

    /** Adds the ways that end with these foreign keys, as far as there is room; whether that was all of them. */
    private boolean collect(Table table, Deque<ForeignKey> end, Set<List<ForeignKey>> ways) {
        boolean all = true;
        for (ForeignKey fk : deleting.getOrDefault(table.oid(), List.of())) {
            Table from = fk.referencedTable();
            boolean circle = from.equals(table)
                    || end.stream().anyMatch(later -> later.table().equals(from));
            if (circle
                    || ways.size() > MOST_WAYS
                    || ++steps > MOST_STEPS
                    || !reach.tables().containsKey(from.oid())) {
                all = false;
                continue;
            }
            end.addFirst(fk);
            if (from.equals(reach.parent())) {
                ways.add(List.copyOf(end));
            } else {
                all &= collect(from, end, ways);
            }
            end.removeFirst();
        }
        return all;
    }

    /** The query; empty where it cannot be written: a key of several columns, a partition of its own. */
    Optional<Query> query(Link link) {
        ForeignKey fk = link.foreignKey();
        boolean takes = link.effect() == Link.Effect.DELETED && link.judgement().takesOthersRows();
        if (link.effect() != Link.Effect.CHECKED && !takes) {
            return Optional.empty();
        }
        Joins joins = new Joins();
        List<String> owners = joins.owners("p", fk.referencedTable(), null);
        List<String> own = joins.owners("r", fk.table(), fk);
        if (!joins.possible || owners.isEmpty() || (takes && own.isEmpty())) {
            return Optional.empty();
        }
        List<String> conditions = takes
                ? owners.stream()
                        .flatMap(owner -> own.stream().map(other -> owner + " <> " + other))
                        .toList()
                : owners.stream()
                        .map(owner -> owner + " IS NOT NULL"
                                + (link.judgement().own().mayRefuse()
                                        ? ""
                                        : own.stream()
                                                .map(other -> " AND " + owner + " IS DISTINCT FROM " + other)
                                                .collect(Collectors.joining())))
                        .toList();
        String sql = "SELECT count(*) FROM " + fk.table().name().quoted() + " r JOIN "
                + fk.referencedTable().name().quoted()
                + " p ON " + on("r", fk, "p") + joins.text + " WHERE "
                + (conditions.size() == 1 ? conditions.get(0) : '(' + String.join(") OR (", conditions) + ')');
        // Where one person takes another along, their rows go together.
        boolean apart = !deleting.containsKey(reach.parent().oid());
        boolean allOwners = apart && ways(fk.referencedTable()).all();
        boolean allOwn = apart && ways(fk.table()).all();
        boolean certain = takes
                ? apart || fk.table().equals(reach.parent())
                : allOwn || link.judgement().own().mayRefuse();
        boolean every = allOwners && (takes ? allOwn : link.judgement().own().mayRefuse() || goInTime(fk));
        return Optional.of(new Query(sql, every, certain));
    }

    /** Whether a row that goes with the same person, by whatever way, is gone when PostgreSQL looks. */
    private boolean goInTime(ForeignKey fk) {
        int shortest = ways(fk.referencedTable()).ways().stream()
                .mapToInt(List::size)
                .min()
                .orElse(0);
        int latest = fk.definition().onDelete() == ReferentialAction.RESTRICT ? shortest - 1 : shortest;
        return ways(fk.table()).ways().stream().allMatch(way -> way.size() <= latest);
    }

    private static String on(String child, ForeignKey fk, String parent) {
        List<String> equalities = new ArrayList<>();
        for (int i = 0; i < fk.columns().size(); i++) {
            equalities.add(child + '.' + Identifiers.quote(fk.columns().get(i)) + " = " + parent + '.'
                    + Identifiers.quote(fk.definition().referencedColumns().get(i)));
        }
        return String.join(" AND ", equalities);
    }

    /** The tables between a row and the parent row that it goes with. */
    private final class Joins {

        private final StringBuilder text = new StringBuilder();
        private boolean possible = true;
        private int aliases;

        /** Expressions that give the keys of the parent rows with which a row goes, by other ways than over one of its links. */
        List<String> owners(String alias, Table table, @Nullable ForeignKey except) {
            if (table.equals(reach.parent())) {
                return parentKey
                        .map(key -> List.of(alias + '.' + Identifiers.quote(key)))
                        .orElseGet(List::of);
            }
            List<String> owners = new ArrayList<>();
            for (List<ForeignKey> way : ways(table).ways()) {
                // Also another one to the same row, over which it would go in time only if that one comes first.
                if (except != null && !way.isEmpty() && way.get(way.size() - 1).referencesTheSameRow(except)) {
                    continue;
                }
                if (way.isEmpty()) {
                    // An inheritance child of the parent has the parent's columns.
                    parentKey.ifPresent(key -> owners.add(alias + '.' + Identifiers.quote(key)));
                } else {
                    owners.add(owner(alias, way));
                }
            }
            return owners;
        }

        private String owner(String alias, List<ForeignKey> way) {
            String at = alias;
            for (int i = way.size() - 1; i > 0; i--) {
                String next = "w" + ++aliases;
                text.append(" LEFT JOIN ")
                        .append(way.get(i).referencedTable().name().quoted())
                        .append(' ')
                        .append(next)
                        .append(" ON ")
                        .append(on(at, way.get(i), next));
                at = next;
            }
            ForeignKey first = way.get(0);
            possible &= parentKey
                            .filter(List.of(
                                    first.definition().referencedColumns().get(0))::contains)
                            .isPresent()
                    && first.columns().size() == 1;
            return at + '.' + Identifiers.quote(first.columns().get(0));
        }
    }

    /** The column of the parent that its direct foreign keys reference, if it is one and the same for all. */
    private static Optional<String> parentKey(Reach reach) {
        List<List<String>> keys = reach.links().stream()
                .filter(link -> link.foreignKey().referencedTable().equals(reach.parent()))
                .map(link -> link.foreignKey().definition().referencedColumns())
                .distinct()
                .toList();
        return keys.size() == 1 && keys.get(0).size() == 1
                ? Optional.of(keys.get(0).get(0))
                : Optional.empty();
    }
}

package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the query that counts the rows over which a link refuses: the row that they reference goes with one parent row, and they do not
 * go with the same one, or not in time; or which it takes from somebody else. Whose a row is, is read along the ways by which its table is deleted.
 */
final class RefusingRows {

    private static final int MOST_WAYS = 4;

    private final Reach reach;
    private final Optional<String> parentKey;
    private final Map<Long, List<List<ForeignKey>>> waysByTable = new HashMap<>();

    RefusingRows(Reach reach) {
        this.reach = reach;
        this.parentKey = parentKey(reach);
        for (Link link : reach.links()) {
            ReachedTable reached = reach.tables().get(link.foreignKey().table().oid());
            boolean direct = link.foreignKey().referencedTable().equals(reach.parent());
            if (link.effect() == Link.Effect.DELETED && direct && reached != null) {
                waysByTable
                        .computeIfAbsent(reached.table().oid(), oid -> new ArrayList<>())
                        .add(List.of(link.foreignKey()));
            }
        }
        reach.tables().forEach((oid, reached) -> {
            if (!waysByTable.containsKey(oid)) {
                waysByTable.put(oid, new ArrayList<>(List.of(reach.way(reached))));
            }
        });
        for (Link link : reach.links()) {
            addWayOver(link);
        }
    }

    /** A table may be reached by more than its shortest way: over any other link to a table whose way is known. */
    private void addWayOver(Link link) {
        ForeignKey fk = link.foreignKey();
        List<List<ForeignKey>> ways = waysByTable.get(fk.table().oid());
        ReachedTable from = reach.tables().get(fk.referencedTable().oid());
        if (link.effect() == Link.Effect.DELETED
                && ways != null
                && from != null
                && !fk.referencedTable().equals(reach.parent())
                && !fk.referencedTable().equals(fk.table())
                && ways.size() < MOST_WAYS) {
            List<ForeignKey> way = new ArrayList<>(reach.way(from));
            way.add(fk);
            if (!ways.contains(way)) {
                ways.add(way);
            }
        }
    }

    /** The query; empty where it cannot be written: a key of several columns, a partition of its own. */
    Optional<String> query(Link link) {
        ForeignKey fk = link.foreignKey();
        boolean takes = link.effect() == Link.Effect.DELETED && link.judgement().takesOthersRows();
        if (link.effect() != Link.Effect.CHECKED && !takes) {
            return Optional.empty();
        }
        Joins joins = new Joins();
        List<String> owners = joins.owners("p", fk.referencedTable(), null);
        List<String> own = joins.owners("r", fk.table(), takes ? fk : null);
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
        return Optional.of("SELECT count(*) FROM " + fk.table().name().quoted() + " r JOIN "
                + fk.referencedTable().name().quoted()
                + " p ON " + on("r", fk, "p") + joins.text + " WHERE "
                + (conditions.size() == 1 ? conditions.get(0) : '(' + String.join(") OR (", conditions) + ')'));
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
            for (List<ForeignKey> way : waysByTable.getOrDefault(table.oid(), List.of())) {
                if (except != null && !way.isEmpty() && way.get(way.size() - 1) == except) {
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

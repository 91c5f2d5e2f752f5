package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the delete of a row of one parent table reaches, and which foreign keys take part in it.
 *
 * @param parent the parent table
 * @param tables the tables that rows are deleted from, by OID, nearest first; a partition counts as its partitioned table
 * @param links the foreign keys on those tables, by table and name
 */
public record Reach(Table parent, Map<Long, ReachedTable> tables, List<Link> links) {

    public Reach {
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
        links = List.copyOf(links);
    }

    /** The shortest way from the parent to a reached table, hop by hop; empty for the parent itself. */
    public List<ForeignKey> way(ReachedTable to) {
        List<ForeignKey> way = new ArrayList<>();
        ReachedTable at = to;
        for (ForeignKey entry = at.entry(); entry != null; entry = at.entry()) {
            way.add(entry);
            at = Objects.requireNonNull(tables.get(at.from()));
        }
        Collections.reverse(way);
        return way;
    }

    /** The links that somebody has to decide about. */
    public List<Link> open() {
        return links.stream().filter(link -> link.open()).toList();
    }

    /** The links of several parents that refuse the delete or can, each once, with its worst verdict, by name. */
    public static List<Link> open(List<Reach> reach) {
        Map<ForeignKey, Link> worst = new IdentityHashMap<>();
        reach.forEach(each -> each.open()
                .forEach(link -> worst.merge(
                        link.foreignKey(), link, (a, b) -> a.verdict().compareTo(b.verdict()) >= 0 ? a : b)));
        return worst.values().stream()
                .sorted((a, b) -> ForeignKey.BY_NAME.compare(a.foreignKey(), b.foreignKey()))
                .toList();
    }
}

package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ways on which rows go with a person in a schema in which anybody's DELETE succeeds: one way to each table, and each row of it goes.
 * What remains to be asked of a person is how many rows these are.
 */
final class PlainWays {

    private final RowReader reader;
    private final List<List<Edge>> ways;

    private PlainWays(RowReader reader, List<List<Edge>> ways) {
        this.reader = reader;
        this.ways = ways;
    }

    /** Of a ground of which it is known that anybody's DELETE succeeds; empty if there is more than one way to a table. */
    static Optional<PlainWays> of(Ground ground, RowReader reader) {
        List<List<Edge>> ways = new ArrayList<>();
        for (Family family : ground.within()) {
            if (ground.sources().contains(family)) {
                if (!into(ground, family).isEmpty()) {
                    return Optional.empty();
                }
                continue;
            }
            List<Edge> way = new ArrayList<>();
            Family at = family;
            while (!ground.sources().contains(at)) {
                List<Edge> into = into(ground, at);
                if (into.size() != 1 || way.contains(into.get(0))) {
                    return Optional.empty();
                }
                way.add(0, into.get(0));
                at = into.get(0).referenced();
            }
            if (way.get(way.size() - 1).cascades()) {
                ways.add(List.copyOf(way));
            }
        }
        return Optional.of(new PlainWays(reader, List.copyOf(ways)));
    }

    /** The foreign keys by which something may become of rows of a family. */
    private static List<Edge> into(Ground ground, Family family) {
        return ground.model().of(family).stream()
                .filter(edge -> ground.within().contains(edge.referenced()))
                .toList();
    }

    /** How many values of the key {@link #rows} takes. */
    int parameters() {
        return ways.size();
    }

    /**
     * A row for each that goes with a person, the person's own row aside; empty if none can. Under any search path.
     *
     * @param column the primary key of the people's table
     * @param value a value of it, as SQL with one parameter
     */
    Optional<String> rows(String column, String value) {
        List<String> all = new ArrayList<>();
        for (List<Edge> way : ways) {
            all.add(rows(way, column, value));
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join(" UNION ALL ", all));
    }

    private String rows(List<Edge> way, String column, String value) {
        Edge first = way.get(0);
        String key = Identifiers.quote(column);
        StringBuilder from = new StringBuilder(table(first, 0));
        String where;
        if (first.definition().referencedColumns().equals(List.of(column))) {
            where = first.comparisons()
                    .get(0)
                    .sql(
                            value,
                            "c0."
                                    + Identifiers.quote(
                                            first.definition().columns().get(0)));
        } else {
            from.append(" JOIN ")
                    .append(reader.table(first.fk().referencedTable()))
                    .append(" p ON ")
                    .append(RowReader.on(first, "p", "c0"));
            where = "p." + key + " OPERATOR(pg_catalog.=) " + value;
        }
        for (int i = 1; i < way.size(); i++) {
            from.append(" JOIN ")
                    .append(table(way.get(i), i))
                    .append(" ON ")
                    .append(RowReader.on(way.get(i), "c" + (i - 1), "c" + i));
        }
        return "SELECT FROM " + from + " WHERE " + where;
    }

    private String table(Edge edge, int number) {
        return reader.table(edge.fk().table()) + " c" + number;
    }
}

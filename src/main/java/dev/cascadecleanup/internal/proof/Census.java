package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.row.Owner;
import dev.cascadecleanup.internal.proof.row.Row;
import dev.cascadecleanup.internal.proof.row.RowFactory;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows of the two users, table by table. A row is a user's if it is one that was made for the user, by its key, or if a
 * foreign key of it names one: so rows that triggers made are counted too.
 */
final class Census {

    private static final int TABLES_PER_QUERY = 50;
    /** Also while the delete runs under the session's path for the sake of triggers. */
    private static final String EQUALS = " OPERATOR(pg_catalog.=) ";

    private static final String NO_ROW = "false";

    /**
     * What was counted in a table.
     *
     * @param erased rows of the user that is deleted
     * @param other rows of the other user
     */
    record Count(long erased, long other) {}

    private final RowFactory rows;
    private final Links links;
    private final List<Table> tables;
    private final Map<Table, String> uncounted = new LinkedHashMap<>();

    Census(RowFactory rows, Links links, Collection<Table> tables) {
        this.rows = rows;
        this.links = links;
        this.tables = List.copyOf(tables);
    }

    /** The rows of both users in every table. */
    Map<Table, Count> take(Savepoints savepoints) throws SQLException {
        return take(savepoints, (table, owner) -> {
            Set<String> conditions = byKey(table, owner);
            conditions.addAll(byLink(table, owner, false));
            return conditions;
        });
    }

    /** Only the rows that were made for the users. */
    Map<Table, Count> takeMade(Savepoints savepoints) throws SQLException {
        return take(savepoints, this::byKey);
    }

    /**
     * After the rollback: rows with a key of the users' rows, or with a foreign key that names one. A row of a table without a key may be
     * somebody's who has the same in the columns that are left, and was there before.
     */
    Map<Table, Count> takeTraces(Savepoints savepoints) throws SQLException {
        return take(savepoints, (table, owner) -> {
            Set<String> conditions = byLink(table, owner, false);
            rows.rows(table, owner).stream()
                    .filter(row -> row.shape().identity().isPresent())
                    .forEach(row -> conditions.add(key(row)));
            return conditions;
        });
    }

    /** Only the rows whose foreign keys name rows of the users that are not there. */
    Map<Table, Count> takeDangling(Savepoints savepoints) throws SQLException {
        return take(savepoints, (table, owner) -> byLink(table, owner, true));
    }

    /** Tables whose rows could not be counted, with the reason: no privilege, a policy, a time-out. */
    Map<Table, String> uncounted() {
        return uncounted;
    }

    private Map<Table, Count> take(Savepoints savepoints, BiFunction<Table, Owner, Set<String>> which)
            throws SQLException {
        Map<Table, Count> counts = new HashMap<>();
        for (int from = 0; from < tables.size(); from += TABLES_PER_QUERY) {
            count(savepoints, which, from, Math.min(from + TABLES_PER_QUERY, tables.size()), counts);
        }
        return counts;
    }

    /** Many at once, because each flight takes its time; one by one where that fails. */
    private void count(
            Savepoints savepoints,
            BiFunction<Table, Owner, Set<String>> which,
            int from,
            int to,
            Map<Table, Count> counts)
            throws SQLException {
        List<String> queries = new ArrayList<>();
        for (int i = from; i < to; i++) {
            queries.add(query(i, which));
        }
        Savepoints.Outcome<List<List<String>>> outcome = savepoints.query(String.join(" UNION ALL ", queries));
        if (outcome.succeeded()) {
            outcome.value()
                    .forEach(row -> counts.put(
                            tables.get(Integer.parseInt(row.get(0))),
                            new Count(Long.parseLong(row.get(1)), Long.parseLong(row.get(2)))));
        } else if (to - from > 1) {
            for (int i = from; i < to; i++) {
                count(savepoints, which, i, i + 1, counts);
            }
        } else {
            counts.put(tables.get(from), new Count(0, 0));
            uncounted.put(
                    tables.get(from),
                    String.valueOf(outcome.failure().getMessage()).strip());
        }
    }

    private String query(int place, BiFunction<Table, Owner, Set<String>> which) {
        Table table = tables.get(place);
        String erased = any(which.apply(table, Owner.ERASED));
        String other = any(which.apply(table, Owner.OTHER));
        return "SELECT " + place + " AS place, count(*) FILTER (WHERE " + erased
                + ") AS erased, count(*) FILTER (WHERE " + other + ") AS other FROM "
                + table.name().quoted() + " WHERE " + erased + " OR " + other;
    }

    private static String any(Set<String> conditions) {
        return conditions.isEmpty() ? NO_ROW : '(' + String.join(" OR ", conditions) + ')';
    }

    /** The condition that finds a row again after links of it have been set to NULL. */
    Set<String> byKey(Table table, Owner owner) {
        Set<String> conditions = new LinkedHashSet<>();
        rows.rows(table, owner).forEach(row -> conditions.add(key(row)));
        return conditions;
    }

    /** The condition that finds this row again. */
    String key(Row row) {
        List<String> parts = new ArrayList<>();
        for (String column : keyOf(row.shape())) {
            String value = row.values().get(column);
            parts.add(
                    row.shape().identity().isPresent() || value == null
                            ? equality(column, value)
                            : Identifiers.quote(column) + "::pg_catalog.text" + EQUALS + Identifiers.literal(value));
        }
        return '(' + String.join(" AND ", parts) + ')';
    }

    private List<String> keyOf(TableShape shape) {
        return shape.identity().orElseGet(() -> {
            List<String> columns = new ArrayList<>(shape.columnsByName().keySet());
            links.of(shape.table()).stream()
                    .filter(fk -> fk.onDelete() == ReferentialAction.SET_NULL
                            || fk.onDelete() == ReferentialAction.SET_DEFAULT)
                    .map(ForeignKey::columns)
                    .forEach(columns::removeAll);
            return columns.isEmpty() ? List.copyOf(shape.columnsByName().keySet()) : columns;
        });
    }

    private Set<String> byLink(Table table, Owner owner, boolean dangling) {
        Set<String> conditions = new LinkedHashSet<>();
        for (ForeignKey fk : links.of(table)) {
            for (Row row : links.isPerUser(fk) ? rows.rows(fk.referencedTable(), owner) : List.<Row>of()) {
                List<String> values = fk.definition().referencedColumns().stream()
                        .map(row.values()::get)
                        .toList();
                conditions.add(
                        '(' + named(fk.columns(), values) + (dangling ? " AND NOT " + isThere(fk, values) : "") + ')');
            }
        }
        return conditions;
    }

    /** The condition that columns have these values. */
    static String named(List<String> columns, List<String> values) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parts.add(values.get(i) == null ? NO_ROW : equality(columns.get(i), values.get(i)));
        }
        return String.join(" AND ", parts);
    }

    /** The condition that the referenced table has a row with these values. */
    static String isThere(ForeignKey fk, List<String> values) {
        return "EXISTS (SELECT 1 FROM " + fk.referencedTable().name().quoted() + " WHERE "
                + named(fk.definition().referencedColumns(), values) + ')';
    }

    private static String equality(String column, @Nullable String value) {
        return Identifiers.quote(column) + (value == null ? " IS NULL" : EQUALS + Identifiers.literal(value));
    }
}

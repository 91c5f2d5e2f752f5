package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.row.Owner;
import dev.cascadecleanup.internal.proof.row.Row;
import dev.cascadecleanup.internal.proof.row.RowFactory;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import dev.cascadecleanup.proof.Refusal;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one DELETE of the throw-away person, and ways around rows that refuse it, so that what else refuses is seen too. Each attempt
 * that fails has changed nothing.
 */
final class Deletion {

    private final Savepoints savepoints;
    private final ConstraintModes modes;
    private final Census census;
    private final RowFactory rows;
    private final Links links;
    private final Set<Table> family;
    private final Table parent;
    private final Set<Table> cleared = new LinkedHashSet<>();
    private final Set<String> prepared = new LinkedHashSet<>();
    private final Set<String> spared = new LinkedHashSet<>();

    Deletion(
            Savepoints savepoints,
            ConstraintModes modes,
            Census census,
            RowFactory rows,
            Links links,
            ReachedTables reach) {
        this.savepoints = savepoints;
        this.modes = modes;
        this.census = census;
        this.rows = rows;
        this.links = links;
        this.family = reach.family();
        this.parent = reach.parent();
    }

    /**
     * Deletes the person's row by one statement and checks what waits for the commit.
     *
     * @return how many rows the statement itself deleted
     */
    Savepoints.Outcome<Integer> run() throws SQLException {
        return savepoints.attempt(() -> {
            for (String sql : prepared) {
                execute(sql);
            }
            int deleted = execute(clearing() + "DELETE FROM " + parent.name().quoted() + where(userRows()));
            modes.checkNow();
            return deleted;
        });
    }

    /** Whether the table is the parent, or one of its partitions or inheritance children. */
    boolean isFamily(Table table) {
        return family.contains(table);
    }

    /** How many rows the statement has to delete. */
    int expected() {
        return userRows().size();
    }

    /** Whether the server refused, and did not just give up. */
    static boolean isRefusal(SQLException e) {
        return !SqlStates.is(e, SqlStates.QUERY_CANCELED) && !SqlStates.is(e, SqlStates.LOCK_NOT_AVAILABLE);
    }

    /**
     * From now on the same statement also deletes the person's rows that the refusing foreign key protects: what else refuses is then
     * seen. Deletes inside one statement are checked when all of them are done, as the cascades are.
     *
     * @return whether that can make a difference
     */
    boolean stepAround(Refusal refusal) {
        return refusal.foreignKeys().size() == 1
                && !family.contains(refusal.foreignKeys().get(0).table())
                && cleared.add(refusal.foreignKeys().get(0).table());
    }

    /** Whether the person's rows of this table are deleted by the statement itself, which a delete of the person does not do. */
    boolean isSteppedAround(Table table) {
        return cleared.contains(table);
    }

    /**
     * From now on the person's rows that have this foreign key have nothing any more that a delete sets to NULL or to a default, so that the
     * delete never updates a row that its own transaction has written.
     *
     * @return whether there is such a row, and it can be so
     */
    boolean sparesOwnRows(ForeignKey fk) throws SQLException {
        boolean spared = false;
        for (Row row : rows.rows(fk.table(), Owner.ERASED)) {
            Map<String, String> values = new LinkedHashMap<>();
            for (ForeignKey setter : links.of(fk.table())) {
                if (setter.onDelete() == ReferentialAction.SET_NULL
                        || setter.onDelete() == ReferentialAction.SET_DEFAULT) {
                    values.putAll(spared(row, setter, fk));
                }
            }
            if (!values.isEmpty()) {
                String sql = "UPDATE " + fk.table().name().quoted() + " SET "
                        + values.entrySet().stream()
                                .map(value -> Identifiers.quote(value.getKey()) + " = " + value.getValue())
                                .collect(Collectors.joining(", "))
                        + " WHERE " + census.key(row);
                spared |= works(sql) && prepared.add(sql);
            }
        }
        return spared;
    }

    /** What it has in its columns from now on, in SQL: NULL; where that must not be, it references what the other person has. */
    private Map<String, String> spared(Row row, ForeignKey setter, ForeignKey fk) {
        List<String> columns = setter.columns().stream()
                .filter(column -> !fk.columns().contains(column) && row.values().get(column) != null)
                .toList();
        List<String> nullable = columns.stream()
                .filter(column -> !row.shape().column(column).notNull())
                .toList();
        Map<String, String> values = new LinkedHashMap<>();
        nullable.forEach(column -> values.put(column, "NULL"));
        if (nullable.isEmpty() && columns.equals(setter.columns())) {
            rows.rows(setter.referencedTable(), Owner.OTHER).stream()
                    .findFirst()
                    .ifPresent(other -> {
                        for (int i = 0; i < columns.size(); i++) {
                            String value = other.values()
                                    .get(setter.definition().referencedColumns().get(i));
                            values.put(columns.get(i), value == null ? "NULL" : Identifiers.literal(value));
                        }
                    });
        }
        return values;
    }

    private boolean works(String sql) throws SQLException {
        return savepoints.undone(() -> savepoints.attempt(() -> execute(sql)).succeeded());
    }

    /** Leaves this row of the person alone although its table is stepped around, until {@link #spareNone}. */
    void spare(Row row) {
        spared.add(census.key(row));
    }

    void spareNone() {
        spared.clear();
    }

    private String clearing() {
        List<String> deletes = new ArrayList<>();
        for (Table table : cleared) {
            Set<String> keys = census.byKey(table, Owner.ERASED);
            keys.removeAll(spared);
            deletes.add(
                    "d" + deletes.size() + " AS (DELETE FROM " + table.name().quoted() + where(keys) + " RETURNING 1)");
        }
        return deletes.isEmpty() ? "" : "WITH " + String.join(", ", deletes) + ' ';
    }

    private static String where(Set<String> conditions) {
        return " WHERE " + (conditions.isEmpty() ? "false" : String.join(" OR ", conditions));
    }

    private Set<String> userRows() {
        Set<String> conditions = new LinkedHashSet<>();
        family.forEach(member -> conditions.addAll(census.byKey(member, Owner.ERASED)));
        return conditions;
    }

    private int execute(String sql) throws SQLException {
        try (Statement statement = savepoints.connection().createStatement()) {
            statement.setEscapeProcessing(false);
            return statement.executeUpdate(sql);
        }
    }

    /** The table in which one of the persons has no row to begin with. */
    Optional<Table> withoutUser() {
        return family.stream()
                .filter(member -> rows.rows(member, Owner.ERASED).isEmpty()
                        || rows.rows(member, Owner.OTHER).isEmpty())
                .findFirst();
    }
}

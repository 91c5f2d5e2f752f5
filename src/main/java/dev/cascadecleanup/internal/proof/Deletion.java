package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.proof.row.Owner;
import dev.cascadecleanup.internal.proof.row.RowFactory;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import dev.cascadecleanup.proof.Refusal;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Deletes the throw-away user, and finds out who refuses. */
final class Deletion {

    private static final int MOST_REFUSALS = 200;

    private final Savepoints savepoints;
    private final ConstraintModes modes;
    private final Census census;
    private final RowFactory rows;
    private final Set<Table> family;
    private final Table parent;
    private final RefusalNames names;

    Deletion(
            Savepoints savepoints,
            ConstraintModes modes,
            Census census,
            RowFactory rows,
            ReachedTables reach,
            RefusalNames names) {
        this.savepoints = savepoints;
        this.modes = modes;
        this.census = census;
        this.rows = rows;
        this.family = reach.family();
        this.parent = reach.parent();
        this.names = names;
    }

    /**
     * Deletes the user's row by one statement and checks what waits for the commit. A delete that fails has changed nothing.
     *
     * @return how many rows the statement itself deleted
     */
    Savepoints.Outcome<Integer> run() throws SQLException {
        return savepoints.attempt(() -> {
            int deleted = execute("DELETE FROM " + parent.name().quoted() + where(userRows()));
            modes.checkNow();
            return deleted;
        });
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
     * Everything that refuses: the first, then what refuses when the same statement also deletes the user's rows that the first
     * protects, and so on: one foreign key of each table that stands in the way. Another one of the same table may still refuse when
     * the first cascades; the next proof names it. Changes nothing.
     */
    List<Refusal> refusals(SQLException first) throws SQLException {
        return savepoints.undone(() -> {
            List<Refusal> refusals = new ArrayList<>();
            Set<Table> cleared = new LinkedHashSet<>();
            SQLException next = first;
            while (next != null && refusals.size() < MOST_REFUSALS) {
                Refusal refusal = names.of(next);
                if (refusals.stream().anyMatch(earlier -> earlier.foreignKeys().equals(refusal.foreignKeys()))) {
                    break;
                }
                refusals.add(refusal);
                if (refusal.foreignKeys().size() != 1
                        || family.contains(refusal.foreignKeys().get(0).table())) {
                    break;
                }
                cleared.add(refusal.foreignKeys().get(0).table());
                next = savepoints
                        .attempt(() -> {
                            int deleted = execute(clearing(cleared) + "DELETE FROM "
                                    + parent.name().quoted() + where(userRows()));
                            modes.checkNow();
                            return deleted;
                        })
                        .failure();
            }
            return refusals;
        });
    }

    /** Deletes inside one statement are checked when all of them are done, as the cascades will be. */
    private String clearing(Set<Table> tables) {
        List<String> deletes = new ArrayList<>();
        for (Table table : tables) {
            deletes.add("d" + deletes.size() + " AS (DELETE FROM "
                    + table.name().quoted() + where(census.byKey(table, Owner.ERASED)) + " RETURNING 1)");
        }
        return "WITH " + String.join(", ", deletes) + ' ';
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

    /** Whether both users have a row to begin with. */
    Optional<Table> withoutUser() {
        return family.stream()
                .filter(member -> rows.rows(member, Owner.ERASED).isEmpty()
                        || rows.rows(member, Owner.OTHER).isEmpty())
                .findFirst();
    }
}

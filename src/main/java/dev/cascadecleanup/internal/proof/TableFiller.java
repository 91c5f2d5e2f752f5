package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.row.Owner;
import dev.cascadecleanup.internal.proof.row.Row;
import dev.cascadecleanup.internal.proof.row.RowFactory;
import dev.cascadecleanup.proof.MissingRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives each of the two users a row in every table, and the deleted one a row for every foreign key that leads to it. */
final class TableFiller {

    private static final List<Owner> COUNTED = List.of(Owner.ERASED, Owner.OTHER);

    private final RowFactory rows;
    private final Links links;
    private final ReachedTables reach;
    private final Map<Table, MissingRow> missing = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private boolean open;

    TableFiller(RowFactory rows, Links links, ReachedTables reach) {
        this.rows = rows;
        this.links = links;
        this.reach = reach;
    }

    /** Inserts the rows. */
    void fill() throws SQLException {
        for (Owner owner : COUNTED) {
            for (Table table : reach.all()) {
                rows.row(table, owner);
            }
        }
        rows.closeCycles();
        tryTheMissingAgain();
        linkTheUnlinked();
        findMissing();
        exerciseEveryLink();
        rows.closeCycles();
    }

    /** Tables without a row that hangs on the user, and why. To be added to. */
    Map<Table, MissingRow> missing() {
        return missing;
    }

    /** Ways to a table for which no row could be made, though the table has others. */
    List<String> notes() {
        return notes;
    }

    /** Whether one of these ways might refuse the delete: then it is not proved. */
    boolean leavesRefusalsOpen() {
        return open;
    }

    /** In a cycle it depends on where one begins whether a row can be made; now that others are there, it may be. */
    private void tryTheMissingAgain() throws SQLException {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Owner owner : COUNTED) {
                for (Table table : reach.all()) {
                    progress |= rows.rowAfterAll(table, owner);
                }
            }
            rows.closeCycles();
        }
    }

    private void findMissing() {
        for (Owner owner : COUNTED) {
            for (Table table : reach.all()) {
                rows.missing(table, owner).ifPresent(problem -> missing.putIfAbsent(table, problem));
                boolean hangsOnUser = reach.family().contains(table)
                        || rows.rows(table, owner).stream().anyMatch(Row::hangsOnOwner);
                if (!hangsOnUser && !missing.containsKey(table)) {
                    missing.put(table, unlinked(table, owner));
                }
            }
        }
    }

    /** A check may have preferred rows without any link to the user: then each link in turn is not to be left empty. */
    private void linkTheUnlinked() throws SQLException {
        for (Owner owner : COUNTED) {
            for (Table table : reach.tables()) {
                for (ForeignKey fk : links.of(table)) {
                    List<Row> present = rows.rows(table, owner);
                    if (!present.isEmpty()
                            && present.stream().noneMatch(Row::hangsOnOwner)
                            && links.isPerUser(fk)
                            && !fk.referencedTable().equals(table)
                            && !rows.rows(fk.referencedTable(), owner).isEmpty()) {
                        rows.replaceUnlinked(fk, owner);
                    }
                }
            }
        }
    }

    private MissingRow unlinked(Table table, Owner owner) {
        for (ForeignKey fk : links.of(table)) {
            Optional<MissingRow> above = rows.missing(fk.referencedTable(), owner);
            if (links.isPerUser(fk) && above.isPresent()) {
                return new MissingRow(
                        table.name(),
                        "its row hangs on none of the user's, because there is none in "
                                + fk.referencedTable().name() + ": "
                                + above.get().reason(),
                        fk.toString(),
                        List.of(),
                        above.get().hint());
            }
        }
        return new MissingRow(
                table.name(),
                "its row hangs on none of the user's rows: a check or a hint keeps its foreign keys empty",
                null,
                List.of(),
                null);
    }

    /** More rows of the deleted user, for foreign keys that are empty in its first ones: exactly-one-of columns, trees. */
    private void exerciseEveryLink() throws SQLException {
        for (Table table : reach.tables()) {
            Set<ForeignKey> unused = new LinkedHashSet<>(links.of(table));
            unused.removeIf(fk -> !links.isPerUser(fk)
                    || rows.rows(fk.referencedTable(), Owner.ERASED).isEmpty());
            List<Row> present = rows.rows(table, Owner.ERASED);
            present.forEach(row -> unused.removeAll(row.links()));
            for (ForeignKey fk : List.copyOf(unused)) {
                if (!present.isEmpty() && unused.contains(fk)) {
                    exercise(fk, unused);
                }
            }
        }
    }

    private void exercise(ForeignKey fk, Set<ForeignKey> unused) throws SQLException {
        Optional<MissingRow> problem = rows.rowWith(fk, Owner.ERASED);
        if (problem.isPresent()) {
            rows.fillIn(fk, Owner.ERASED);
        }
        rows.rows(fk.table(), Owner.ERASED).forEach(row -> unused.removeAll(row.links()));
        if (unused.contains(fk)) {
            boolean mayRefuse =
                    fk.onDelete() != ReferentialAction.CASCADE && fk.onDelete() != ReferentialAction.SET_NULL;
            open |= mayRefuse;
            notes.add("no row with " + fk + " could be made, so that this way is not proved"
                    + (mayRefuse ? ", and it may refuse" : "")
                    + problem.map(TableFiller::why).orElse(": a row came about without it"));
        }
    }

    private static String why(MissingRow problem) {
        return ": " + problem.reason() + (problem.constraint() == null ? "" : " (" + problem.constraint() + ')');
    }
}

package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.proof.MissingRow;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gets rows into cycles of foreign keys in which no column may be NULL: one check has to wait, and its key is decided beforehand. */
final class Cycles {

    private final Savepoints savepoints;
    private final Map<Long, TableShape> shapes;
    private final Links links;
    private final CellSolver solver;
    private final RowBook book;

    Cycles(Savepoints savepoints, Map<Long, TableShape> shapes, Links links, CellSolver solver, RowBook book) {
        this.savepoints = savepoints;
        this.shapes = shapes;
        this.links = links;
        this.solver = solver;
        this.book = book;
    }

    /** A cycle: the row above is not there yet and waits for this one. Only a check that can wait lets both in. */
    Optional<MissingRow> linkToOpen(Draft draft, ForeignKey fk, Draft above) throws SQLException {
        if (fk.definition().deferrability() == Deferrability.NOT_DEFERRABLE) {
            return Optional.of(new MissingRow(
                    draft.shape().table().name(),
                    "its foreign key closes a cycle in which no column may be"
                            + " NULL and no check can be deferred, so that no first row is possible: "
                            + cycle(draft, above),
                    fk.toString(),
                    List.of(),
                    "make one of the foreign keys DEFERRABLE, or skip one of the tables"));
        }
        deferCheck(fk);
        for (int i = 0; i < fk.columns().size(); i++) {
            String key = fk.definition().referencedColumns().get(i);
            draft.fix(fk.columns().get(i), reserve(above, key));
        }
        draft.link(fk);
        return Optional.empty();
    }

    /**
     * The row above needs this one, or one that waits for this one, and the check of the link between them can wait: its key is
     * decided now, and the row follows.
     */
    boolean promise(Draft draft, ForeignKey fk) throws SQLException {
        Table referenced = fk.referencedTable();
        TableShape shape = TableShape.of(shapes, referenced.oid());
        if (!book.isAnyInProgress(links.needs(referenced, shapes))
                || fk.definition().deferrability() == Deferrability.NOT_DEFERRABLE) {
            return false;
        }
        deferCheck(fk);
        Map<String, String> keys = book.promise(referenced, draft.owner());
        for (int i = 0; i < fk.columns().size(); i++) {
            String key = fk.definition().referencedColumns().get(i);
            Cell decided = draft.fixed(fk.columns().get(i));
            if (!keys.containsKey(key)) {
                keys.put(
                        key,
                        decided != null && decided.text() != null
                                ? decided.text()
                                : solver.value(shape.column(key), true).text());
            }
            draft.fix(fk.columns().get(i), Cell.text(keys.get(key)));
        }
        return true;
    }

    /** Decides a key before the row is there, because another row names it first. */
    Cell reserve(Draft draft, String column) {
        Cell cell = draft.fixed(column);
        if (cell == null || cell.text() == null) {
            cell = solver.value(draft.shape().column(column), true);
            draft.fix(column, cell);
        }
        return cell;
    }

    private void deferCheck(ForeignKey fk) throws SQLException {
        Sql.execute(
                savepoints.connection(),
                "SET CONSTRAINTS " + Identifiers.quote(fk.table().name().schema()) + '.' + Identifiers.quote(fk.name())
                        + " DEFERRED");
    }

    private String cycle(Draft draft, Draft above) {
        StringBuilder path = new StringBuilder(draft.shape().table().name().toString());
        for (Draft step : book.inProgress()) {
            if (step != draft) {
                path.insert(0, step.shape().table().name() + " -> ");
            }
            if (step == above) {
                break;
            }
        }
        return path + " -> " + above.shape().table().name();
    }
}

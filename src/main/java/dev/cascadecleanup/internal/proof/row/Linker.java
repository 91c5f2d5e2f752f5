package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.proof.MissingRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides the foreign key columns of a row: which rows it names, or that it names none. */
final class Linker {

    private final Savepoints savepoints;
    private final Map<Long, TableShape> shapes;
    private final Links links;
    private final RowHints hints;
    private final RowBook book;
    private final Cycles cycles;
    private final RowFactory factory;

    Linker(
            Savepoints savepoints,
            Map<Long, TableShape> shapes,
            Links links,
            RowHints hints,
            RowBook book,
            Cycles cycles,
            RowFactory factory) {
        this.savepoints = savepoints;
        this.shapes = shapes;
        this.links = links;
        this.hints = hints;
        this.book = book;
        this.cycles = cycles;
        this.factory = factory;
    }

    /**
     * Links the row to rows of its owner, which are made where there are none. Says why not if that fails.
     *
     * @param required a foreign key that must not stay empty, or null
     */
    Optional<MissingRow> link(Draft draft, @Nullable ForeignKey required) throws SQLException {
        if (draft.owner() == Owner.MIXED) {
            return linkMixed(draft, required);
        }
        Table table = draft.shape().table();
        List<ForeignKey> mandatory = new ArrayList<>();
        List<ForeignKey> optional = new ArrayList<>();
        for (ForeignKey fk : links.of(table)) {
            (fk.equals(required) || Links.isMandatory(fk, draft.shape()) ? mandatory : optional).add(fk);
        }
        mandatory.sort((a, b) -> Boolean.compare(b.equals(required), a.equals(required)));
        for (ForeignKey fk : mandatory) {
            Optional<MissingRow> problem = fk.referencedTable().equals(table) && !fk.equals(required)
                    ? linkToItself(draft, fk)
                    : linkMandatory(draft, fk);
            if (problem.isPresent()) {
                return problem;
            }
        }
        for (ForeignKey fk : optional) {
            linkOptional(draft, fk);
        }
        return Optional.empty();
    }

    /** Each link to the row of the owner that it is meant for; what needs a row that is nobody's gets one. */
    private Optional<MissingRow> linkMixed(Draft draft, @Nullable ForeignKey first) throws SQLException {
        List<ForeignKey> all = new ArrayList<>(links.of(draft.shape().table()));
        all.sort((a, b) -> Boolean.compare(b.equals(first), a.equals(first)));
        for (ForeignKey fk : all) {
            Optional<MissingRow> problem = isHinted(draft, fk) && !fk.equals(first)
                    ? Optional.empty()
                    : links.isPerUser(fk)
                            ? linkToTarget(draft, fk)
                            : Links.isMandatory(fk, draft.shape()) ? linkMandatory(draft, fk) : empty(draft, fk);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<MissingRow> empty(Draft draft, ForeignKey fk) {
        if (!fk.columns().stream().allMatch(draft::isFixed)) {
            leaveEmpty(draft, fk);
        }
        return Optional.empty();
    }

    private Optional<MissingRow> linkToTarget(Draft draft, ForeignKey fk) throws SQLException {
        Optional<Owner> target = draft.target(fk);
        if (target.isEmpty()) {
            return empty(draft, fk);
        }
        Map<String, String> wanted = wanted(draft, fk);
        Optional<Row> row = factory.rowWith(fk.referencedTable(), target.get(), wanted);
        if (row.isEmpty()) {
            MissingRow above = book.missing(fk.referencedTable(), target.get()).orElse(null);
            return Optional.of(new MissingRow(
                    draft.shape().table().name(),
                    "it needs a row in " + fk.referencedTable().name() + " that is "
                            + (target.get() == Owner.ERASED ? "the deleted person's" : "somebody else's")
                            + (wanted.isEmpty() ? "" : " and shares columns with another reference of this row")
                            + ", which could not be made" + (above == null ? "" : ": " + above.reason()),
                    fk.toString(),
                    List.of(),
                    above == null ? null : above.hint()));
        }
        link(draft, fk, row.get());
        return Optional.empty();
    }

    private Optional<MissingRow> linkMandatory(Draft draft, ForeignKey fk) throws SQLException {
        if (isHinted(draft, fk)) {
            return Optional.empty();
        }
        Table referenced = fk.referencedTable();
        Owner owner = draft.ownerOfLookups();
        Optional<Draft> open = book.inProgress().stream()
                .filter(other -> other.shape().table().equals(referenced) && other != draft)
                .findFirst();
        if (open.isPresent() && book.rows(referenced, owner).isEmpty()) {
            return cycles.linkToOpen(draft, fk, open.get());
        }
        if (open.isEmpty() && book.rows(referenced, owner).isEmpty() && cycles.promise(draft, fk)) {
            return Optional.empty();
        }
        Map<String, String> wanted = wanted(draft, fk);
        Optional<Row> row = factory.rowWith(referenced, owner, wanted);
        if (row.isPresent()) {
            link(draft, fk, row.get());
            offerOthers(draft, fk);
            return Optional.empty();
        }
        if (!links.isPerUser(fk)) {
            Savepoints.Outcome<Map<String, String>> existing =
                    Insertion.find(savepoints, TableShape.of(shapes, referenced.oid()), wanted);
            if (existing.succeeded() && !existing.value().isEmpty()) {
                Row there = new Row(TableShape.of(shapes, referenced.oid()), owner, existing.value(), Set.of());
                book.add(there);
                link(draft, fk, there);
                return Optional.empty();
            }
        }
        return Optional.of(needs(draft, fk));
    }

    private MissingRow needs(Draft draft, ForeignKey fk) {
        MissingRow above =
                book.missing(fk.referencedTable(), draft.ownerOfLookups()).orElse(null);
        return new MissingRow(
                draft.shape().table().name(),
                "it needs a row in " + fk.referencedTable().name() + ", which could not be made"
                        + (above == null ? "" : ": " + above.reason()),
                fk.toString(),
                List.of(),
                above == null ? null : above.hint());
    }

    /** A row that must name a row of its own table and is the first: it names itself. */
    private Optional<MissingRow> linkToItself(Draft draft, ForeignKey fk) throws SQLException {
        if (isHinted(draft, fk)) {
            return Optional.empty();
        }
        Optional<Row> earlier =
                book.rows(fk.referencedTable(), draft.owner()).stream().findFirst();
        if (earlier.isPresent()) {
            link(draft, fk, earlier.get());
            return Optional.empty();
        }
        for (int i = 0; i < fk.columns().size(); i++) {
            String key = fk.definition().referencedColumns().get(i);
            if (!key.equals(fk.columns().get(i))) {
                Cell decided = draft.fixed(fk.columns().get(i));
                if (decided != null && draft.fixed(key) == null) {
                    draft.fix(key, decided);
                }
                draft.fix(fk.columns().get(i), cycles.reserve(draft, key));
            }
        }
        return Optional.empty();
    }

    private void linkOptional(Draft draft, ForeignKey fk) throws SQLException {
        Table referenced = fk.referencedTable();
        boolean touched = fk.columns().stream().anyMatch(draft::isFixed);
        boolean decided = fk.columns().stream().allMatch(draft::isFixed);
        if (!links.isPerUser(fk) || referenced.equals(draft.shape().table()) || isHinted(draft, fk)) {
            if (!decided) {
                leaveEmpty(draft, fk);
            }
            return;
        }
        boolean cycle = book.isInProgress(referenced) || book.isAnyInProgress(links.needs(referenced, shapes));
        if (cycle && book.rows(referenced, draft.owner()).isEmpty()) {
            leaveEmpty(draft, fk);
            draft.addLate(fk);
            return;
        }
        Optional<Row> row = touched
                ? factory.rowWith(referenced, draft.owner(), wanted(draft, fk))
                : factory.row(referenced, draft.owner());
        if (row.isPresent()) {
            List<String> nullable = fk.columns().stream()
                    .filter(column -> !draft.isFixed(column)
                            && !draft.shape().column(column).notNull())
                    .toList();
            link(draft, fk, row.get());
            nullable.forEach(column -> draft.offer(column, Cell.NULL));
            offerOthers(draft, fk);
        } else {
            leaveEmpty(draft, fk);
        }
    }

    /** One column that is NULL is enough. A default would name a row that may not be there. */
    private static void leaveEmpty(Draft draft, ForeignKey fk) {
        fk.columns().stream()
                .filter(column -> !draft.isFixed(column))
                .map(draft.shape()::column)
                .filter(column -> !column.notNull() && column.source() != Column.Source.GENERATED)
                .findFirst()
                .ifPresent(column -> draft.fix(column.name(), Cell.NULL));
    }

    /** What a condition may ask for in place of the obvious: another user's row, or a row of a lookup table. */
    private void offerOthers(Draft draft, ForeignKey fk) {
        boolean several = links.of(draft.shape().table()).stream()
                        .filter(other -> other.referencedTable().equals(fk.referencedTable()))
                        .count()
                > 1;
        if (several && links.isPerUser(fk)) {
            draft.mayNeedBystander(fk);
        }
    }

    private Map<String, String> wanted(Draft draft, ForeignKey fk) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (int i = 0; i < fk.columns().size(); i++) {
            Cell cell = draft.fixed(fk.columns().get(i));
            if (cell != null && cell.text() != null) {
                wanted.put(fk.definition().referencedColumns().get(i), cell.text());
            }
        }
        return wanted;
    }

    private boolean isHinted(Draft draft, ForeignKey fk) {
        return fk.columns().stream()
                .anyMatch(column -> hints.expression(draft.shape().table(), column) != null);
    }

    private void link(Draft draft, ForeignKey fk, Row row) {
        for (int i = 0; i < fk.columns().size(); i++) {
            Column column = draft.shape().column(fk.columns().get(i));
            if (column.source() != Column.Source.GENERATED) {
                draft.fix(
                        column.name(),
                        Cell.text(row.values()
                                .get(fk.definition().referencedColumns().get(i))));
            }
        }
        if (links.isPerUser(fk)) {
            draft.link(fk);
        }
    }

    /** Called when no values satisfied the checks: lets links that were left empty be filled, or users other than the owner in. */
    boolean fallBack(Draft draft) throws SQLException {
        boolean offered = false;
        for (ForeignKey fk : links.of(draft.shape().table())) {
            boolean bystander = draft.needsBystander(fk) && draft.owner() != Owner.BYSTANDER;
            boolean empty = !draft.links().contains(fk)
                    && fk.columns().stream()
                            .anyMatch(column ->
                                    draft.fixedTo(column).filter(Cell::isNull).isPresent());
            if ((!bystander && !empty) || isHinted(draft, fk)) {
                continue;
            }
            if (empty
                    && fk.referencedTable().equals(draft.shape().table())
                    && book.rows(fk.referencedTable(), draft.owner()).isEmpty()) {
                continue;
            }
            Optional<Row> row = factory.row(fk.referencedTable(), bystander ? Owner.BYSTANDER : draft.ownerOfLookups());
            if (row.isPresent()) {
                for (int i = 0; i < fk.columns().size(); i++) {
                    Cell cell = Cell.text(row.get()
                            .values()
                            .get(fk.definition().referencedColumns().get(i)));
                    if (draft.isFixed(fk.columns().get(i))
                            && !cell.equals(draft.fixed(fk.columns().get(i)))) {
                        draft.offer(fk.columns().get(i), cell);
                        offered = true;
                    }
                }
            }
        }
        return offered;
    }
}

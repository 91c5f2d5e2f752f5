package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.proof.MissingRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows for owners: a row with its links to rows of the same owner, the rows above it first. What has been made is remembered,
 * so that each owner has one row in a table unless a second one is asked for.
 */
public final class RowFactory {

    /** A link that had to stay empty because the row at its other end came later. */
    private record LateLink(Row row, ForeignKey fk) {}

    private final Savepoints savepoints;
    private final Map<Long, TableShape> shapes;
    private final Links links;
    private final RowHints hints;
    private final CellSolver solver;
    private final RowBook book = new RowBook();
    private final Linker linker;
    private final List<LateLink> lateLinks = new ArrayList<>();

    /**
     * A factory.
     *
     * @param savepoints on a connection inside a transaction
     * @param shapes the tables that it may need, by OID
     * @param links their foreign keys
     * @param hints what the caller knows better
     * @param seed where the numbers that make values distinct begin
     */
    public RowFactory(Savepoints savepoints, Map<Long, TableShape> shapes, Links links, RowHints hints, long seed) {
        this.savepoints = savepoints;
        this.shapes = Map.copyOf(shapes);
        this.links = links;
        this.hints = hints;
        this.solver = new CellSolver(savepoints, seed);
        this.linker = new Linker(
                savepoints,
                this.shapes,
                links,
                hints,
                book,
                new Cycles(savepoints, this.shapes, links, solver, book),
                this);
    }

    /** The rows of an owner in a table. */
    public List<Row> rows(Table table, Owner owner) {
        return book.rows(table, owner);
    }

    /** Why the owner has no row in the table, if one was tried. */
    public Optional<MissingRow> missing(Table table, Owner owner) {
        return book.missing(table, owner);
    }

    /** The owner's row in the table, made if it has none. */
    public Optional<Row> row(Table table, Owner owner) throws SQLException {
        List<Row> rows = rows(table, owner);
        if (!rows.isEmpty()) {
            return Optional.of(rows.get(0));
        }
        if (book.missing(table, owner).isPresent() || book.isInProgress(table)) {
            return Optional.empty();
        }
        return make(new Draft(TableShape.of(shapes, table.oid()), owner), book.promised(table, owner), null);
    }

    /** Tries once more to make a row that could not be made; says whether it is there now. */
    public boolean rowAfterAll(Table table, Owner owner) throws SQLException {
        return rows(table, owner).isEmpty()
                && book.forgetMissing(table, owner).isPresent()
                && row(table, owner).isPresent();
    }

    /** One more row of the owner, with this link in it. Says why not if that fails. */
    public Optional<MissingRow> rowWith(ForeignKey link, Owner owner) throws SQLException {
        Optional<MissingRow> before = book.forgetMissing(link.table(), owner);
        Optional<Row> row = make(new Draft(TableShape.of(shapes, link.table().oid()), owner), Map.of(), link);
        Optional<MissingRow> problem = book.forgetMissing(link.table(), owner);
        before.ifPresent(known -> book.setMissing(link.table(), owner, known));
        return row.isPresent() ? Optional.empty() : problem;
    }

    /**
     * Makes one more row of the owner with this link, because no row of it in the table hangs on another: then those that belong to
     * nobody are forgotten.
     */
    public void replaceUnlinked(ForeignKey link, Owner owner) throws SQLException {
        rowWith(link, owner);
        book.forgetUnlinked(link.table(), owner);
    }

    /**
     * What came of a row that is nobody's alone.
     *
     * @param row the row, or null
     * @param problem why there is none, or null
     */
    public record Mixed(@Nullable Row row, @Nullable MissingRow problem) {

        static Mixed made(Row row) {
            return new Mixed(row, null);
        }

        static Mixed notMade(MissingRow problem) {
            return new Mixed(null, problem);
        }
    }

    /**
     * Makes a row whose links lead to rows of these owners, and its other links to none.
     *
     * @param first the link that is decided first, where links share columns
     */
    public Mixed mixed(Table table, Map<ForeignKey, Owner> targets, ForeignKey first) throws SQLException {
        Optional<Row> row = make(new Draft(TableShape.of(shapes, table.oid()), Owner.MIXED, targets), Map.of(), first);
        Optional<MissingRow> problem = book.forgetMissing(table, Owner.MIXED);
        return row.map(Mixed::made).orElseGet(() -> Mixed.notMade(problem.orElseThrow()));
    }

    /** The same by an UPDATE of a row that is there, for keys that leave no room for one more row. */
    public Mixed redirected(Row row, Map<ForeignKey, Owner> targets) throws SQLException {
        Map<String, String> changes = new LinkedHashMap<>();
        TableShape shape = row.shape();
        for (ForeignKey fk : links.of(shape.table())) {
            Owner target = targets.get(fk);
            List<Row> there = target == null
                    ? List.of()
                    : row(fk.referencedTable(), target).stream().toList();
            if (links.isPerUser(fk) && target == null) {
                fk.columns().stream()
                        .filter(column -> !shape.column(column).notNull())
                        .findFirst()
                        .ifPresent(column -> changes.putIfAbsent(column, null));
            } else if (links.isPerUser(fk) && there.isEmpty()) {
                return Mixed.notMade(new MissingRow(
                        shape.table().name(),
                        "there is no row of " + fk.referencedTable().name() + " to reference",
                        fk.toString(),
                        List.of(),
                        null));
            } else if (links.isPerUser(fk)) {
                for (int i = 0; i < fk.columns().size(); i++) {
                    changes.put(
                            fk.columns().get(i),
                            there.get(0)
                                    .values()
                                    .get(fk.definition().referencedColumns().get(i)));
                }
            }
        }
        Optional<List<String>> identity = shape.identity();
        if (identity.isEmpty()) {
            return Mixed.notMade(new MissingRow(
                    shape.table().name(), "it has no key by which a row could be changed", null, List.of(), null));
        }
        Savepoints.Outcome<List<List<String>>> outcome = savepoints.query("UPDATE "
                + shape.table().name().quoted() + " SET "
                + changes.entrySet().stream()
                        .map(change -> Identifiers.quote(change.getKey()) + " = "
                                + Cell.text(change.getValue()).sql())
                        .collect(Collectors.joining(", "))
                + " WHERE "
                + identity.get().stream()
                        .map(column -> Insertion.equality(column, row.values().get(column)))
                        .collect(Collectors.joining(" AND ")));
        if (!outcome.succeeded()) {
            return Mixed.notMade(
                    new MissingRow(shape.table().name(), firstLine(outcome.failure()), null, List.of(), null));
        }
        Map<String, String> values = new LinkedHashMap<>(row.values());
        values.putAll(changes);
        return Mixed.made(new Row(shape, Owner.MIXED, values, Set.of()));
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("") + " [" + e.getSQLState() + ']';
    }

    /** What is remembered now, for {@link #forgetSince}. */
    public Object memory() {
        return book.copy();
    }

    /** Forgets all rows since then, because the server does. */
    public void forgetSince(Object memory) {
        book.restore((RowBook) memory);
        lateLinks.clear();
    }

    /** Fills in the links that had to wait. What cannot be filled in stays NULL and is not among the row's links. */
    public void closeCycles() throws SQLException {
        for (LateLink late : lateLinks) {
            fillIn(late.row(), late.fk());
        }
        lateLinks.clear();
        // Promised rows came after the rows that name them.
        book.all().forEach(row -> row.links().addAll(linksIn(row.shape().table(), row.owner(), row.values())));
    }

    /** Fills a link that is empty in an owner's row in, by an UPDATE. */
    public void fillIn(ForeignKey fk, Owner owner) throws SQLException {
        for (Row row : rows(fk.table(), owner)) {
            if (fk.columns().stream().anyMatch(column -> row.values().get(column) == null)) {
                fillIn(row, fk);
            }
        }
    }

    private void fillIn(Row row, ForeignKey fk) throws SQLException {
        List<Row> targets = rows(fk.referencedTable(), row.owner());
        Optional<List<String>> identity = row.shape().identity();
        if (targets.isEmpty() || identity.isEmpty() || row.links().contains(fk)) {
            return;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < fk.columns().size(); i++) {
            values.put(
                    fk.columns().get(i),
                    targets.get(0)
                            .values()
                            .get(fk.definition().referencedColumns().get(i)));
        }
        List<String> assignments = values.entrySet().stream()
                .map(value -> Identifiers.quote(value.getKey()) + " = "
                        + Cell.text(value.getValue()).sql())
                .toList();
        List<String> conditions = identity.get().stream()
                .map(column -> Insertion.equality(column, row.values().get(column)))
                .toList();
        Savepoints.Outcome<?> outcome =
                savepoints.query("UPDATE " + row.shape().table().name().quoted() + " SET "
                        + String.join(", ", assignments) + " WHERE " + String.join(" AND ", conditions));
        if (outcome.succeeded()) {
            row.links().add(fk);
            row.values().putAll(values);
        }
    }

    /** A row that has these values, made if there is none. */
    Optional<Row> rowWith(Table table, Owner owner, Map<String, String> wanted) throws SQLException {
        if (wanted.isEmpty()) {
            return row(table, owner);
        }
        for (Row row : rows(table, owner)) {
            if (wanted.entrySet().stream()
                    .allMatch(entry -> entry.getValue().equals(row.values().get(entry.getKey())))) {
                return Optional.of(row);
            }
        }
        return book.isInProgress(table)
                ? Optional.empty()
                : make(new Draft(TableShape.of(shapes, table.oid()), owner), wanted, null);
    }

    private Optional<Row> make(Draft draft, Map<String, String> wanted, @Nullable ForeignKey required)
            throws SQLException {
        wanted.forEach((column, value) -> draft.fix(column, Cell.text(value)));
        book.inProgress().push(draft);
        Optional<Row> row;
        try {
            row = insert(draft, required);
        } finally {
            book.inProgress().pop();
        }
        if (row.isPresent()) {
            keepPromises(draft.owner());
        }
        return row;
    }

    private Optional<Row> insert(Draft draft, @Nullable ForeignKey required) throws SQLException {
        Table table = draft.shape().table();
        Owner owner = draft.owner();
        Optional<MissingRow> problem = prepare(draft, required);
        if (problem.isPresent()) {
            book.setMissing(table, owner, problem.get());
            return Optional.empty();
        }
        RowAttempts attempts = new RowAttempts(
                savepoints,
                solver,
                links,
                draft,
                linker::fallBack,
                there -> owner != Owner.MIXED
                        && rows(table, owner).stream()
                                .noneMatch(known -> known.values().equals(there)));
        Optional<Map<String, String>> values = attempts.run();
        if (values.isEmpty()) {
            book.setMissing(table, owner, attempts.problem());
            return Optional.empty();
        }
        Row row = new Row(draft.shape(), owner, values.get(), linksIn(table, owner, values.get()));
        book.add(row);
        draft.late().forEach(fk -> lateLinks.add(new LateLink(row, fk)));
        return Optional.of(row);
    }

    /** Which of the table's foreign keys lead from these values to rows of the owner; hints and checks may have had their way. */
    private Set<ForeignKey> linksIn(Table table, Owner owner, Map<String, String> values) {
        Set<ForeignKey> present = new LinkedHashSet<>();
        for (ForeignKey fk : links.of(table)) {
            List<String> named = fk.columns().stream().map(values::get).toList();
            if (links.isPerUser(fk)
                    && !named.contains(null)
                    && rows(fk.referencedTable(), owner).stream()
                            .anyMatch(row -> row.values(fk.definition().referencedColumns())
                                    .equals(named))) {
                present.add(fk);
            }
        }
        return present;
    }

    private Optional<MissingRow> prepare(Draft draft, @Nullable ForeignKey required) throws SQLException {
        TableShape shape = draft.shape();
        Table table = shape.table();
        if (shape.columns().isEmpty()) {
            return Optional.of(new MissingRow(table.name(), "its columns cannot be read", null, List.of(), null));
        }
        if (shape.withoutPartitions()) {
            return Optional.of(new MissingRow(
                    table.name(),
                    "it is partitioned and has no partition, so that it takes no row",
                    null,
                    List.of(),
                    "no value helps: create a partition, or .skip(\"" + table.name() + "\")"));
        }
        if (shape.rowSecurity()) {
            return Optional.of(new MissingRow(
                    table.name(),
                    "row-level security would hide rows of this table from the role, so that"
                            + " counting them proves nothing",
                    null,
                    List.of(),
                    "run as the owner (without FORCE ROW LEVEL SECURITY), as a"
                            + " role with BYPASSRLS, or as a superuser"));
        }
        for (Column column : shape.columns()) {
            String expression = hints.expression(table, column.name());
            if (expression != null && !draft.isFixed(column.name())) {
                draft.fix(column.name(), Cell.expression(expression));
            }
        }
        links.referencedColumns(table).stream()
                .map(shape::column)
                .filter(column -> column != null && !column.notNull())
                .forEach(column -> draft.fill(column.name()));
        if (draft.owner() == Owner.MIXED && shape.identity().isEmpty()) {
            // Nothing but its values tells it from the rows that are there.
            shape.columns().stream()
                    .filter(column -> !column.isSupplied())
                    .forEach(column -> draft.makeDistinct(column.name()));
        }
        Optional<MissingRow> problem = linker.link(draft, required);
        if (problem.isEmpty()) {
            keepApart(draft);
        }
        return problem;
    }

    private void keepPromises(Owner owner) throws SQLException {
        for (Table table : book.openPromises(owner)) {
            if (!book.isAnyInProgress(links.needs(table, shapes))) {
                row(table, owner);
            }
        }
    }

    /** Columns that alone keep two rows of a unique key apart get values of their own. */
    private void keepApart(Draft draft) {
        TableShape shape = draft.shape();
        shape.uniqueKeys().forEach(key -> {
            boolean apart = key.columns().stream()
                    .map(shape::column)
                    .anyMatch(column -> column.isNewEveryTime()
                            || (draft.isFixed(column.name()) && isOwnersAlone(shape.table(), column.name())));
            if (!apart) {
                key.columns().stream().filter(column -> !draft.isFixed(column)).forEach(draft::makeDistinct);
            }
        });
    }

    /** Whether the column names a row that was made for the owner, so that no other owner's row has the same in it. */
    private boolean isOwnersAlone(Table table, String column) {
        return links.of(table).stream().anyMatch(fk -> fk.columns().contains(column));
    }
}

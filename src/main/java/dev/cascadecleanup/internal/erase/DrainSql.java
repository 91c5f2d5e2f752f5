package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the statements of one unit, all of which join the whole way from a row to the person's key. The row is {@code r}, the parent
 * {@code p}, what is between them {@code w1}, {@code w2}, ... from the parent on.
 */
final class DrainSql {

    private final boolean postgres;
    private final ParentKey parent;
    private final DrainUnit unit;
    private final EraseFacts facts;

    DrainSql(Product product, ParentKey parent, DrainUnit unit, EraseFacts facts) {
        this.postgres = product == Product.POSTGRESQL;
        this.parent = parent;
        this.unit = unit;
        this.facts = facts;
    }

    /** How many rows there are, counted up to a limit. Parameters: the key. */
    String count(int limit) {
        return "SELECT count(*) AS found FROM (SELECT 1 FROM " + rows() + " WHERE " + allOf(keys(), ofRow()) + " LIMIT "
                + limit + ") AS some_rows";
    }

    /** All that lead to the person, whatever else has to hold of them. Parameters: the key. */
    String all() {
        return "SELECT 1 FROM " + rows() + " WHERE " + allOf(keys());
    }

    /** PostgreSQL: how many times the key is a parameter of {@link #deleteSome(int)}; elsewhere once. */
    int keysToDeleteSome() {
        return unit.isDirect() ? 2 : 1;
    }

    /**
     * PostgreSQL: deletes all of them, of a table that references the parent itself; as the cascade would. A row that somebody has just changed
     * is looked at again as it is then, by all the conditions on it (manual, 13.2.1).
     */
    String deleteAll() {
        String parents = joinsParent() ? " USING " + named(first().referencedTable()) + " p" : "";
        List<String> joins = joinsParent() ? List.of(equal(first(), "p", "r.", false)) : List.of();
        return "DELETE FROM " + heap() + " r" + parents + " WHERE " + allOf(keys(), joins, ofRow());
    }

    /**
     * PostgreSQL: deletes at most so many of them. They are looked for once, and then deleted where they are; what is said there about
     * their columns is said in a way that no index can answer, or the server might look for them once more.
     *
     * <p>A row that somebody has just changed is looked at again as it is then; a condition in the sub-select would not be looked at. That
     * holds for the row that is deleted, and not for what it is joined with: whatever lies between it and the person is locked first, which
     * looks at it again as well. FOR SHARE, because the columns that say whose it is have to stay. The key of a person does not change while
     * something references it.
     */
    String deleteSome(int limit) {
        if (unit.isDirect()) {
            String parents = joinsParent() ? " USING " + named(first().referencedTable()) + " p" : "";
            List<String> joins = joinsParent() ? List.of(equal(first(), "p", "r.", true)) : List.of();
            return "DELETE FROM " + heap() + " r" + parents + " WHERE r.ctid = ANY (ARRAY(SELECT r.ctid FROM " + rows()
                    + " WHERE "
                    + allOf(keys(), ofRow()) + " LIMIT " + limit + ")) AND "
                    + allOf(hiddenKeys(), joins, unset());
        }
        ForeignKey last = last();
        List<String> key = last.definition().referencedColumns();
        String between = "w" + (unit.way().size() - 1) + '.';
        String columns = IntStream.range(0, key.size())
                .mapToObj(i -> between + Identifiers.quote(key.get(i)) + " AS k" + i)
                .collect(Collectors.joining(", "));
        String names = IntStream.range(0, key.size()).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
        String locks =
                IntStream.range(1, unit.way().size()).mapToObj(i -> "w" + i).collect(Collectors.joining(", "));
        List<String> operators = operators(last);
        List<String> joins = IntStream.range(0, key.size())
                .mapToObj(i -> "k.k" + i + ' ' + operators.get(i) + ' '
                        + hidden(last.columns().get(i)))
                .toList();
        return "WITH some_rows AS MATERIALIZED (SELECT r.ctid AS id, " + columns + " FROM " + rows() + " WHERE "
                + allOf(keys(), ofRow()) + " LIMIT " + limit + " FOR SHARE OF " + locks + ") DELETE FROM " + heap()
                + " r USING (SELECT DISTINCT " + names + " FROM some_rows) k"
                + " WHERE r.ctid = ANY (ARRAY(SELECT id FROM some_rows)) AND " + allOf(joins, unset());
    }

    /** A column of the row, so that no index on it comes into question. */
    private static String hidden(String column) {
        return "CASE WHEN r.tableoid <> 0 THEN r." + Identifiers.quote(column) + " END";
    }

    /** CockroachDB: deletes at most so many of the rows, in one statement of a serializable transaction. Parameters: the key. */
    String deleteSomeByKey(int limit) {
        List<String> key =
                Objects.requireNonNull(facts.primaryKeys().get(unit.table().oid()));
        String columns = key.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
        String ofRow =
                key.stream().map(column -> "r." + Identifiers.quote(column)).collect(Collectors.joining(", "));
        return "DELETE FROM " + unit.table().name().quoted() + " WHERE (" + columns + ") IN (SELECT " + ofRow + " FROM "
                + rows() + " WHERE " + allOf(keys(), ofRow()) + " LIMIT " + limit + ')';
    }

    private ForeignKey first() {
        return unit.way().get(0);
    }

    private ForeignKey last() {
        return unit.way().get(unit.way().size() - 1);
    }

    /** Whether the first foreign key references something else than the primary key, so that the parent's row has to be looked at. */
    private boolean joinsParent() {
        List<String> referenced = first().definition().referencedColumns();
        return referenced.size() != parent.columns().size()
                || !parent.columns().stream().allMatch(column -> referenced.contains(column.name()));
    }

    /** The row, joined hop by hop with what references the parent, and with the parent if need be. */
    private String rows() {
        List<ForeignKey> way = unit.way();
        StringBuilder from = new StringBuilder(heap()).append(" r");
        for (int hop = way.size() - 1; hop >= (joinsParent() ? 0 : 1); hop--) {
            ForeignKey fk = way.get(hop);
            String referenced = hop == 0 ? "p" : "w" + hop;
            from.append(" JOIN ")
                    .append(named(fk.referencedTable()))
                    .append(' ')
                    .append(referenced)
                    .append(" ON ")
                    .append(equal(fk, referenced, (hop == way.size() - 1 ? "r" : "w" + (hop + 1)) + ".", false));
        }
        return from.toString();
    }

    /** That the way ends at the person, in the order of its key. */
    private List<String> keys() {
        return joinsParent()
                ? List.of(parent.condition("p."))
                : keysOf(column -> (unit.isDirect() ? "r." : "w1.") + Identifiers.quote(column));
    }

    private List<String> hiddenKeys() {
        return joinsParent() ? List.of(parent.condition("p.")) : keysOf(DrainSql::hidden);
    }

    private List<String> keysOf(UnaryOperator<String> columnOfFirst) {
        List<String> operators = operators(first());
        return parent.columns().stream()
                .map(column -> {
                    int i = first().definition().referencedColumns().indexOf(column.name());
                    return "CAST(? AS " + column.type() + ") " + operators.get(i) + ' '
                            + columnOfFirst.apply(first().columns().get(i));
                })
                .toList();
    }

    /** What has to hold of the row itself. */
    private List<String> ofRow() {
        List<String> conditions = new ArrayList<>(unset());
        for (ForeignKey fk : unit.unreferenced()) {
            conditions.add(
                    "NOT EXISTS (SELECT 1 FROM " + named(fk.table()) + " c WHERE " + equal(fk, "r", "c.", false) + ')');
        }
        return conditions;
    }

    private List<String> unset() {
        return unit.unset().stream()
                .map(fk -> fk.columns().stream()
                        .map(column -> "r." + Identifiers.quote(column) + " IS NULL")
                        .collect(Collectors.joining(" OR ", "(", ")")))
                .toList();
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static String allOf(List<String>... conditions) {
        return Stream.of(conditions).flatMap(List::stream).collect(Collectors.joining(" AND "));
    }

    private String equal(ForeignKey fk, String referenced, String referencing, boolean hidden) {
        List<String> operators = operators(fk);
        return IntStream.range(0, fk.columns().size())
                .mapToObj(i -> referenced
                        + '.'
                        + Identifiers.quote(fk.definition().referencedColumns().get(i))
                        + ' '
                        + operators.get(i)
                        + ' '
                        + (hidden
                                ? hidden(fk.columns().get(i))
                                : referencing + Identifiers.quote(fk.columns().get(i))))
                .collect(Collectors.joining(" AND "));
    }

    /** Where the rows are: a ctid is one of a single table or partition. */
    private String heap() {
        return named(unit.heap());
    }

    /** As a foreign key sees it: without what inherits from it, but with its partitions. */
    private String named(Table table) {
        return (postgres && table.kind() != TableKind.PARTITIONED_TABLE ? "ONLY " : "")
                + table.name().quoted();
    }

    private List<String> operators(ForeignKey fk) {
        return Objects.requireNonNull(facts.comparisons().get(fk.oid()));
    }
}

package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    /** PostgreSQL: where the rows are, as {@code tableoid} and {@code ctid}, in the order of the table. */
    String list(int limit) {
        return "SELECT CAST(r.tableoid AS text) AS tableoid, CAST(r.ctid AS text) AS ctid FROM " + rows() + " WHERE "
                + conditions() + " LIMIT " + limit;
    }

    /**
     * PostgreSQL: deletes those of the listed rows of one table or partition that are still the person's, and counts them. Parameters:
     * its OID, the ctids, the key, and the OID again.
     *
     * <p>The rows are locked before they are deleted, and the way with them, so that a row that somebody has just moved to another
     * person is looked at again as it is then (manual, 13.2.1). A DELETE with a sub-select alone would not do that: it looks again at
     * the ctid only, before the releases of late 2025 not even at that. A key cannot change under FOR KEY SHARE, which is enough for the parent.
     * Of what is between, the columns that say whose it is have to stay: FOR SHARE.
     */
    String step() {
        String locks = "FOR UPDATE OF r"
                + (unit.way().size() == 1
                        ? ""
                        : " FOR SHARE OF "
                                + IntStream.range(1, unit.way().size())
                                        .mapToObj(i -> "w" + i)
                                        .collect(Collectors.joining(", ")))
                + " FOR KEY SHARE OF p";
        return "WITH victims AS MATERIALIZED (SELECT r.ctid AS id FROM " + rows()
                + " WHERE r.tableoid = CAST(? AS oid) AND r.ctid = ANY (CAST(? AS tid[])) AND " + conditions() + ' '
                + locks + "), gone AS (DELETE FROM " + named(unit.table())
                + " d WHERE d.tableoid = CAST(? AS oid) AND d.ctid = ANY (ARRAY(SELECT id FROM victims)) RETURNING 1)"
                + " SELECT count(*) AS deleted FROM gone";
    }

    /** CockroachDB: deletes at most so many of the rows, in one statement of a serializable transaction. Parameters: the key. */
    String deleteSome(int limit) {
        List<String> key = facts.primaryKeys().get(unit.table().oid());
        String columns = key.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
        String ofRow =
                key.stream().map(column -> "r." + Identifiers.quote(column)).collect(Collectors.joining(", "));
        return "DELETE FROM " + unit.table().name().quoted() + " WHERE (" + columns + ") IN (SELECT " + ofRow + " FROM "
                + rows() + " WHERE " + conditions() + " LIMIT " + limit + ')';
    }

    /** CockroachDB: how many there are, counted up to a limit. Parameters: the key. */
    String count(int limit) {
        return "SELECT count(*) AS found FROM (SELECT 1 FROM " + rows() + " WHERE " + conditions() + " LIMIT " + limit
                + ") AS some_rows";
    }

    /** The row, joined hop by hop with the parent. */
    private String rows() {
        List<ForeignKey> way = unit.way();
        StringBuilder from = new StringBuilder(named(unit.table())).append(" r");
        for (int hop = way.size() - 1; hop >= 0; hop--) {
            ForeignKey fk = way.get(hop);
            String referencing = hop == way.size() - 1 ? "r" : "w" + (hop + 1);
            String referenced = hop == 0 ? "p" : "w" + hop;
            from.append(" JOIN ")
                    .append(named(fk.referencedTable()))
                    .append(' ')
                    .append(referenced)
                    .append(" ON ")
                    .append(equal(fk, referenced, referencing));
        }
        return from.toString();
    }

    private String conditions() {
        List<String> conditions = new ArrayList<>();
        conditions.add(parent.condition("p."));
        for (ForeignKey fk : unit.unset()) {
            conditions.add(fk.columns().stream()
                    .map(column -> "r." + Identifiers.quote(column) + " IS NULL")
                    .collect(Collectors.joining(" OR ", "(", ")")));
        }
        for (ForeignKey fk : unit.unreferenced()) {
            conditions.add("NOT EXISTS (SELECT 1 FROM " + named(fk.table()) + " c WHERE " + equal(fk, "r", "c") + ')');
        }
        return String.join(" AND ", conditions);
    }

    private String equal(ForeignKey fk, String referenced, String referencing) {
        List<String> operators = facts.comparisons().get(fk.oid());
        return IntStream.range(0, fk.columns().size())
                .mapToObj(i -> referenced
                        + '.'
                        + Identifiers.quote(fk.definition().referencedColumns().get(i))
                        + ' '
                        + operators.get(i)
                        + ' '
                        + referencing
                        + '.'
                        + Identifiers.quote(fk.columns().get(i)))
                .collect(Collectors.joining(" AND "));
    }

    /** As a foreign key sees it: without what inherits from it, but with its partitions. */
    private String named(Table table) {
        return (postgres && table.kind() != TableKind.PARTITIONED_TABLE ? "ONLY " : "")
                + table.name().quoted();
    }
}

package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.Conversion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What a partitioned referencing table needs beyond the swap. Before PostgreSQL 18 it takes no NOT VALID foreign key: there each
 * leaf partition first gets the new one under a temporary name, NOT VALID, and validates it; the swap on the partitioned table then
 * finds them and attaches them in place of a scan. What an interrupted run left is used again.
 */
public final class PartitionRoute {

    /** Up to this version a partitioned table takes no NOT VALID foreign key. */
    public static final int LAST_MAJOR_WITHOUT_NOT_VALID_ON_PARTITIONED = 17;

    private record Leaf(Table table, StandIn standIn) {}

    /** What an interrupted run left on a leaf: nothing, something that the swap would not attach, or something to go on with. */
    private enum StandIn {
        NONE,
        DIFFERENT,
        NOT_VALID,
        VALID
    }

    private final Connection connection;
    private final PostgresLocks locks;
    private final Conversion conversion;
    private final int major;
    private final String standIn;

    PartitionRoute(Connection connection, PostgresLocks locks, Conversion conversion, int major) {
        this.major = major;
        this.connection = connection;
        this.locks = locks;
        this.conversion = conversion;
        this.standIn = TemporaryNames.of(
                conversion.foreignKey().table().name(), conversion.foreignKey().name());
    }

    /** Whether the swap finds a validated foreign key on each leaf, so that it needs no NOT VALID and no scan. */
    boolean attachesStandIns() {
        return major <= LAST_MAJOR_WITHOUT_NOT_VALID_ON_PARTITIONED;
    }

    /** Gives every leaf partition the new foreign key, validated, beside the inherited one. */
    void prepare(LockAttempts attempts) throws SQLException {
        Table referenced = conversion.foreignKey().referencedTable();
        for (Leaf leaf : leaves()) {
            Table table = leaf.table();
            boolean usable = leaf.standIn() == StandIn.VALID || leaf.standIn() == StandIn.NOT_VALID;
            if (leaf.standIn() == StandIn.DIFFERENT) {
                drop(leaf, attempts);
            }
            if (!usable) {
                attempts.timed(
                        table,
                        referenced,
                        "adding " + standIn + " to " + table,
                        () -> change(leaf, ConstraintSql.add(standIn, conversion.target()) + " NOT VALID"));
            }
            if (leaf.standIn() != StandIn.VALID) {
                attempts.untimed(
                        table,
                        referenced,
                        "validating " + standIn + " of " + table,
                        () -> locks.runLong(ConstraintSql.alter(table.name(), ConstraintSql.validate(standIn))));
            }
        }
    }

    /** Takes {@link #prepare} back. */
    void giveUp(LockAttempts attempts) throws SQLException {
        for (Leaf leaf : leaves()) {
            if (leaf.standIn() != StandIn.NONE) {
                drop(leaf, attempts);
            }
        }
    }

    private void drop(Leaf leaf, LockAttempts attempts) throws SQLException {
        attempts.timed(
                leaf.table(),
                conversion.foreignKey().referencedTable(),
                "dropping " + standIn + " of " + leaf.table(),
                () -> change(leaf, ConstraintSql.drop(standIn)));
    }

    private void change(Leaf leaf, String clause) throws SQLException {
        locks.change(
                leaf.table(),
                conversion.foreignKey().referencedTable(),
                flight -> () -> locks.useSearchPathOfSession() + "; "
                        + ConstraintSql.alter(leaf.table().name(), clause));
    }

    /** Whether {@link #prepare} still holds: under a lock that keeps other schema changes out, no new partition can spoil it any more. */
    boolean isPrepared() throws SQLException {
        return readLeaves().stream().allMatch(leaf -> leaf.standIn() == StandIn.VALID);
    }

    private List<Leaf> leaves() throws SQLException {
        return PostgresTransaction.read(connection, this::readLeaves);
    }

    private List<Leaf> readLeaves() throws SQLException {
        ForeignKey fk = conversion.foreignKey();
        ForeignKeyDefinition target = conversion.target();
        return Sql.query(
                connection,
                """
                SELECT c.oid, n.nspname, c.relname, CASE
                         WHEN k.oid IS NULL THEN 'NONE'
                         WHEN k.confdeltype::text <> ? OR k.confupdtype::text <> ? OR k.confmatchtype::text <> ?
                           OR k.condeferrable <> ? OR k.condeferred <> ? THEN 'DIFFERENT'
                         WHEN k.convalidated THEN 'VALID'
                         ELSE 'NOT_VALID' END AS stand_in
                FROM pg_partition_tree(?::oid::regclass) p
                JOIN pg_class c ON c.oid = p.relid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.conname = ? AND k.conparentid = 0
                WHERE p.isleaf AND c.relkind = 'r'
                ORDER BY n.nspname, c.relname
                """,
                row -> new Leaf(
                        new Table(
                                row.getLong("oid"),
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                TableKind.TABLE,
                                true,
                                fk.table().owner(),
                                true,
                                true,
                                true,
                                true,
                                false),
                        StandIn.valueOf(row.getString("stand_in"))),
                String.valueOf(target.onDelete().code()),
                String.valueOf(target.onUpdate().code()),
                String.valueOf(target.match().code()),
                target.deferrability() != Deferrability.NOT_DEFERRABLE,
                target.deferrability() == Deferrability.INITIALLY_DEFERRED,
                fk.table().oid(),
                standIn);
    }
}

package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Flight;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a PostgreSQL constraint is called at this moment, and whether it is valid.
 *
 * @param oid its OID, which renames keep
 * @param table the table that it is on
 * @param name its own name
 * @param validated whether the rows that were there are known to satisfy it
 */
public record ConstraintState(long oid, TableName table, String name, boolean validated) {

    /** The constraint with this OID, to be read under the system's search path; empty if it was dropped. */
    public static Supplier<Optional<ConstraintState>> of(Flight flight, long oid) {
        Supplier<List<ConstraintState>> rows = flight.query(
                """
                SELECT n.nspname, t.relname, c.conname, c.convalidated
                FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
                WHERE c.oid = ?
                """,
                row -> new ConstraintState(
                        oid,
                        new TableName(row.getString("nspname"), row.getString("relname")),
                        row.getString("conname"),
                        row.getBoolean("convalidated")),
                oid);
        return () -> rows.get().stream().findFirst();
    }
}

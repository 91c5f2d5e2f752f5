package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.internal.catalog.TriggerRole;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A foreign key as {@code pg_constraint} identifies its columns: by number, so that a rename in the same moment cannot make two
 * different columns look alike.
 *
 * @param byPrimaryKey whether it stands on the index of the primary key, and names its columns in that one's order
 */
record ConstraintRow(
        long tableOid, long referencedOid, String columns, String referencedColumns, boolean byPrimaryKey) {

    /** The row, if the foreign key is still exactly the one that was read before, with its comment and the states of its triggers. */
    static Supplier<Optional<ConstraintRow>> ifUnchanged(Flight flight, ForeignKey fk) {
        List<String> expected = fk.triggerStates().stream()
                .map(ConstraintRow::withoutPartition)
                .sorted()
                .toList();
        Supplier<List<String>> states = triggerStates(flight, fk);
        Supplier<List<ConstraintRow>> rows = withDefinition(flight, fk);
        return () -> states.get().stream().sorted().toList().equals(expected)
                ? rows.get().stream().findFirst()
                : Optional.empty();
    }

    /** Those that are not simply enabled, also those of partitions. */
    private static Supplier<List<String>> triggerStates(Flight flight, ForeignKey fk) {
        return flight.query(
                """
                WITH RECURSIVE family AS (
                  SELECT oid FROM pg_constraint WHERE oid = ?
                  UNION ALL
                  SELECT c.oid FROM pg_constraint c JOIN family f ON c.conparentid = f.oid)
                SELECT p.proname, t.tgenabled
                FROM family f JOIN pg_trigger t ON t.tgconstraint = f.oid JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE t.tgisinternal AND t.tgenabled <> 'O'
                """,
                row -> TriggerRole.ofFunction(row.getString("proname")) + "=" + row.getString("tgenabled"),
                fk.oid());
    }

    /** A partition is renamed as easily as it is read here again: how many there are in which state is enough. */
    private static String withoutPartition(String triggerState) {
        return triggerState.split(" ", 2)[0];
    }

    private static Supplier<List<ConstraintRow>> withDefinition(Flight flight, ForeignKey fk) {
        ForeignKeyDefinition definition = fk.definition();
        return flight.query(
                """
                SELECT c.conrelid, c.confrelid, c.conkey::text AS conkey, c.confkey::text AS confkey,
                       EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.conindid AND i.indisprimary
                         AND array_to_string((i.indkey::int2[])[0:i.indnkeyatts - 1], ' ') = array_to_string(c.confkey, ' '))
                         AS by_primary_key
                FROM pg_constraint c
                JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
                JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
                WHERE c.oid = ? AND c.contype = 'f' AND c.conparentid = 0 AND c.conname = ?
                  AND tn.nspname = ? AND t.relname = ? AND rn.nspname = ? AND r.relname = ?
                  AND c.confdeltype::text = ? AND c.confupdtype::text = ? AND c.confmatchtype::text = ?
                  AND c.condeferrable = ? AND c.condeferred = ? AND c.convalidated = ?
                  AND obj_description(c.oid, 'pg_constraint') IS NOT DISTINCT FROM ?
                  AND ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(num, position)
                            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num AND NOT a.attisdropped ORDER BY k.position) = ?
                  AND ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(num, position)
                            JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num AND NOT a.attisdropped ORDER BY k.position) = ?
                """,
                row -> new ConstraintRow(
                        row.getLong("conrelid"),
                        row.getLong("confrelid"),
                        row.getString("conkey"),
                        row.getString("confkey"),
                        row.getBoolean("by_primary_key")),
                fk.oid(),
                fk.name(),
                fk.table().name().schema(),
                fk.table().name().name(),
                definition.referencedTable().schema(),
                definition.referencedTable().name(),
                String.valueOf(definition.onDelete().code()),
                String.valueOf(definition.onUpdate().code()),
                String.valueOf(definition.match().code()),
                definition.deferrability() != Deferrability.NOT_DEFERRABLE,
                definition.deferrability() == Deferrability.INITIALLY_DEFERRED,
                definition.validated(),
                fk.comment(),
                definition.columns(),
                definition.referencedColumns());
    }

    /** A subquery that gives the OID of the constraint of that name if it has these columns and this definition, else NULL. */
    String oidOf(String name, ForeignKeyDefinition definition) {
        return "SELECT oid FROM pg_constraint WHERE contype = 'f' AND conrelid = " + tableOid + " AND confrelid = "
                + referencedOid
                + " AND conname = " + Identifiers.literal(name) + " AND conkey = '" + columns + "' AND confkey = '"
                + referencedColumns + "' AND confmatchtype = '"
                + definition.match().code() + "' AND confdeltype = '"
                + definition.onDelete().code() + "' AND confupdtype = '"
                + definition.onUpdate().code() + "' AND condeferrable = "
                + (definition.deferrability() != Deferrability.NOT_DEFERRABLE) + " AND condeferred = "
                + (definition.deferrability() == Deferrability.INITIALLY_DEFERRED);
    }
}

package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a foreign key of a partitioned table is called on the partitions, where a swap would give it new names.
 *
 * @param names one for each partition
 */
public record InheritedNames(List<OnPartition> names) {

    /** The name on one partition. */
    record OnPartition(TableName table, String name) {}

    /** As they are now. */
    public static InheritedNames of(Connection connection, ForeignKey fk) throws SQLException {
        return new InheritedNames(Sql.query(
                connection,
                """
                WITH RECURSIVE inherited AS (
                  SELECT oid, conrelid, conname FROM pg_catalog.pg_constraint WHERE conparentid = ? AND conrelid <> ?
                  UNION ALL
                  SELECT k.oid, k.conrelid, k.conname FROM pg_catalog.pg_constraint k JOIN inherited i ON k.conparentid = i.oid
                  WHERE k.conrelid <> i.conrelid)
                SELECT n.nspname, c.relname, i.conname
                FROM inherited i JOIN pg_catalog.pg_class c ON c.oid = i.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                ORDER BY i.conrelid
                """,
                row -> new OnPartition(
                        new TableName(row.getString("nspname"), row.getString("relname")), row.getString("conname")),
                fk.oid(),
                fk.table().oid()));
    }

    /** A statement that gives them back, to be run under the system's search path; empty if there are none. */
    public Optional<String> restore(String constraintOid) {
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String wanted = names.stream()
                .map(each -> "(" + Identifiers.literal(each.table().quoted()) + "::regclass::oid, "
                        + Identifiers.literal(each.name()) + ")")
                .collect(Collectors.joining(", "));
        return Optional.of("DO " + Identifiers.literal("""
                DECLARE c record;
                BEGIN
                  FOR c IN
                    WITH RECURSIVE inherited AS (
                      SELECT oid, conrelid, conname FROM pg_constraint WHERE conparentid = (%s)
                      UNION ALL
                      SELECT k.oid, k.conrelid, k.conname FROM pg_constraint k JOIN inherited i ON k.conparentid = i.oid)
                    SELECT n.nspname, r.relname, i.conname, wanted.name
                    FROM inherited i
                    JOIN (VALUES %s) AS wanted(relid, name) ON wanted.relid = i.conrelid AND wanted.name <> i.conname
                    JOIN pg_class r ON r.oid = i.conrelid
                    JOIN pg_namespace n ON n.oid = r.relnamespace
                  LOOP
                    EXECUTE format('ALTER TABLE %%I.%%I RENAME CONSTRAINT %%I TO %%I', c.nspname, c.relname, c.conname, c.name);
                  END LOOP;
                END""".formatted(constraintOid, wanted)));
    }
}

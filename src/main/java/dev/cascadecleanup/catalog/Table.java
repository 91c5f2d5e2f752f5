package dev.cascadecleanup.catalog;

import java.util.Objects;

/**
 * A relation and what the migration's role may do with it.
 *
 * @param oid the relation's OID, which renames and SET SCHEMA keep
 * @param name its name now
 * @param kind what it is
 * @param partition whether it is a partition of another table
 * @param owner the role that owns it; empty where the database does not tell
 * @param alterable whether the current role may add and drop its constraints (PostgreSQL: has the privileges of the owner;
 *     CockroachDB: has CREATE on it)
 * @param schemaUsable whether the current role may name it at all (PostgreSQL: has USAGE on its schema)
 * @param referenceable whether the current role may reference it (PostgreSQL: REFERENCES; CockroachDB has no such privilege)
 * @param ownerMayDelete whether the owner has DELETE, as whom PostgreSQL runs a cascade
 * @param publishedWithoutIdentity whether a publication replicates its deletes although it has no replica identity, so that
 *     every delete in it fails with 55000 (PostgreSQL manual, 29.1)
 */
public record Table(
        long oid,
        TableName name,
        TableKind kind,
        boolean partition,
        String owner,
        boolean alterable,
        boolean schemaUsable,
        boolean referenceable,
        boolean ownerMayDelete,
        boolean publishedWithoutIdentity) {

    public Table {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
    }

    @Override
    public String toString() {
        return name.toString();
    }
}

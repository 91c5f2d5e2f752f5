package dev.cascadecleanup.internal.catalog;

/**
 * Of what can refuse a delete on PostgreSQL, what there is at all; there may be one that concerns no foreign key.
 *
 * @param checks on tables with foreign keys, as are {@code specialIndexes}, {@code generatedColumns} and {@code domains}
 * @param checksThatDepend on functions, operators or types that did not come with the server
 * @param specialIndexes over expressions, with a condition, or with NULL as a value
 * @param privileges that somebody has granted or revoked on such tables, or an owner without his schema
 * @param executePrivileges of somebody's functions, as are {@code serversPrivileges} of the server's own
 * @param switchedTriggers those behind foreign keys that are not as they were made
 */
record PostgresInventory(
        boolean partitions,
        boolean publications,
        boolean foreignTables,
        boolean checks,
        boolean checksThatDepend,
        boolean invalidNotNulls,
        boolean specialIndexes,
        boolean generatedColumns,
        boolean domains,
        boolean privileges,
        boolean executePrivileges,
        boolean serversPrivileges,
        boolean triggers,
        boolean switchedTriggers,
        boolean rules,
        boolean looseCollations) {}

package db.migration;

import dev.cascadecleanup.CascadeMigration;

/**
 * Gives every foreign key on {@code users} ON DELETE CASCADE, so that {@code DELETE FROM users WHERE id = ?} erases a person.
 *
 * <p><b>What it does.</b> It reads {@code pg_catalog} when it runs, skips the foreign keys that already cascade, and re-adds the
 * others under their own names with everything else kept: columns, referenced columns, ON UPDATE, MATCH, deferrability, validity,
 * comment. Foreign keys in every schema count. Running it again changes nothing.
 *
 * <p><b>Privileges.</b> PostgreSQL: those of the owner of each referencing table, REFERENCES on {@code users}, CREATE on the
 * schema of Flyway's history table (for the journal {@code cascade_cleanup_journal}). CockroachDB: CREATE on each referencing table
 * and on the database; the application's role needs DELETE on each of them, because cascades run as the deleting role.
 *
 * <p><b>Locks.</b> PostgreSQL: for each foreign key ACCESS EXCLUSIVE on its two tables for about a millisecond, given up after
 * {@code cascade_lock_timeout} (1 s) and tried again for {@code cascade_max_wait} (10 min); then VALIDATE CONSTRAINT, under which
 * reads and writes go on. CockroachDB: online schema changes, one at a time; an open transaction on a table makes them wait. A
 * foreign key is in force at every instant.
 *
 * <p><b>Duration.</b> PostgreSQL: a few milliseconds for each foreign key plus one scan of each table. CockroachDB: about 0.3 s for
 * each foreign key plus the scan.
 *
 * <p><b>CockroachDB: deletes begin to cascade with the first statement</b>, well before it ends, and also if the migration fails
 * later.
 *
 * <p><b>Undo.</b> Extend {@link dev.cascadecleanup.CascadeUndoMigration} under a later version, or call
 * {@link dev.cascadecleanup.CascadeCleanup#undo}. It restores exactly what the journal has. <b>A user who was deleted after this
 * migration cannot be brought back by an undo</b>: the rows are gone, and only a restore from a backup has them.
 *
 * <p>For services whose next free version is 60. Others extend {@link CascadeMigration} under their own number and use the jar
 * with the classifier {@code core}.
 */
public class V060__CascadeCleanup extends CascadeMigration {}

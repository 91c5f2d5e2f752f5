package dev.cascadecleanup.testing;

import dev.cascadecleanup.testing.DoubledConnections.Rule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What CockroachDB from v23.1 to v26.2 does otherwise than the v22.1 that tests can have, one rule for each, by its documentation and
 * its issues. The page cockroachdb.md has the same list with the tests.
 */
public final class NewerCockroach {

    private static final Pattern TABLE = Pattern.compile("ALTER TABLE \"\\w+\"\\.\"(\\w+)\" (.*)", Pattern.DOTALL);
    private static final Pattern REFERENCED = Pattern.compile("REFERENCES \"\\w+\"\\.\"(\\w+)\"");
    private static final Pattern LOCK = Pattern.compile("SET \\((.*)\\)");

    private NewerCockroach() {}

    /** {@code version()}; for what depends on it. */
    public static Rule saysItIs(String version) {
        return (connection, sql) ->
                sql.replace("pg_catalog.version()", "'CockroachDB CCL " + version + " (x86_64-pc-linux-gnu, built)'");
    }

    /**
     * v26.1, allow_unsafe_internals is off (#158085): crdb_internal is closed but for an allow-list. What SHOW reads it for the server
     * itself, and may.
     */
    public static Rule closedCrdbInternal() {
        Pattern closed = Pattern.compile(
                "crdb_internal\"?\\.\"?(?!cluster_sessions|cluster_transactions|cluster_locks|cluster_queries|ranges|jobs)\\w+");
        return (connection, sql) -> {
            if (closed.matcher(sql).find()) {
                throw new SQLException("ERROR: Access to crdb_internal and system is restricted.", "42501");
            }
            return sql;
        };
    }

    /**
     * v25.1: autocommit_before_ddl is on. A schema change inside a transaction first commits what was done so far. ROLLBACK TO and
     * RELEASE then find no transaction, which is only a warning.
     */
    public static final class AutocommitBeforeDdl implements Rule {

        private static final Pattern DDL = Pattern.compile("(?i)\\s*(CREATE|ALTER|DROP|TRUNCATE)\\b.*", Pattern.DOTALL);
        private boolean on = true;
        private boolean transactionOpen = true;

        @Override
        public String apply(Connection connection, String sql) throws SQLException {
            if (sql.matches("(?i)SET (LOCAL )?autocommit_before_ddl = off")) {
                on = false;
                return "SELECT 1";
            }
            if (sql.equals("SHOW transaction_status") && !transactionOpen) {
                return "SELECT 'NoTxn' AS transaction_status";
            }
            if (on && !connection.getAutoCommit() && DDL.matcher(sql).matches()) {
                connection.commit();
                transactionOpen = false;
                return sql;
            }
            if (!transactionOpen && sql.matches("(?i)(ROLLBACK TO|RELEASE) SAVEPOINT .*")) {
                return "SELECT 1";
            }
            return sql.replace(
                    "FROM pg_catalog.pg_settings WHERE name = 'autocommit_before_ddl'",
                    "FROM (VALUES ('autocommit_before_ddl', 'on')) AS s (name, setting)");
        }
    }

    /**
     * v23.1: a table that is schema_locked refuses schema changes (57000), and with v23.1.28, v23.2.12, v24.1.5 and v24.2.3 to be referenced
     * too (#129746). Its parameter can only be set alone and outside of a transaction (22023).
     */
    public static class SchemaLocked implements Rule {

        private final Set<String> locked = new HashSet<>();
        private final List<String> changes = new ArrayList<>();

        public SchemaLocked(String... tables) {
            locked.addAll(List.of(tables));
        }

        public Set<String> locked() {
            return Set.copyOf(locked);
        }

        /** {@code trips false}, {@code trips true} and so on, as they came. */
        public List<String> changes() {
            return List.copyOf(changes);
        }

        @Override
        public String apply(Connection connection, String sql) throws SQLException {
            if (sql.contains("[SHOW CREATE TABLE ")) {
                Matcher name = Pattern.compile("\"\\w+\"\\.\"(\\w+)\"").matcher(sql);
                return name.find() && locked.contains(name.group(1))
                        ? "SELECT 'CREATE TABLE x () WITH (schema_locked = true)' AS create_statement"
                        : sql;
            }
            Matcher alter = TABLE.matcher(sql);
            if (!alter.matches()) {
                return sql;
            }
            Matcher set = LOCK.matcher(alter.group(2));
            if (set.matches()) {
                return setParameter(connection, alter.group(1), set.group(1));
            }
            Matcher referenced = REFERENCED.matcher(sql);
            refuseIfLocked(alter.group(1), alter.group(2));
            if (referenced.find()) {
                refuseIfLocked(referenced.group(1), alter.group(2));
            }
            return sql;
        }

        private String setParameter(Connection connection, String table, String parameters) throws SQLException {
            if (!connection.getAutoCommit() || !parameters.matches("schema_locked = (true|false)")) {
                throw new SQLException(
                        "ERROR: schema_locked can only be set/unset on its own without other parameters in a single-statement implicit"
                                + " transaction",
                        "22023");
            }
            boolean lock = parameters.endsWith("true");
            changes.add(table + " " + lock);
            if (lock) {
                locked.add(table);
            } else {
                locked.remove(table);
            }
            return "SELECT 1";
        }

        void refuseIfLocked(String table, String change) throws SQLException {
            if (locked.contains(table)) {
                throw new SQLException(
                        "ERROR: schema changes are disallowed on table \"" + table + "\" because it is locked",
                        "57000");
            }
        }
    }

    /** v25.3 and v25.4: the server unlocks by itself, but not for RENAME CONSTRAINT, which is declarative since about v26.1 (#154608). */
    public static final class UnlockedButForRename extends SchemaLocked {

        public UnlockedButForRename(String... tables) {
            super(tables);
        }

        @Override
        void refuseIfLocked(String table, String change) throws SQLException {
            if (change.startsWith("RENAME CONSTRAINT")) {
                super.refuseIfLocked(table, change);
            }
        }
    }

    /** v26.1: sql.schema.auto_unlock.enabled = false, to keep schema changes off tables in logical replication (#166246). */
    public static Rule autoUnlockOff() {
        return (connection, sql) ->
                sql.equals("SHOW CLUSTER SETTING sql.schema.auto_unlock.enabled") ? "SELECT false AS enabled" : sql;
    }

    /** The same setting for a role without VIEWCLUSTERSETTING. */
    public static Rule autoUnlockUnknown() {
        return (connection, sql) -> {
            if (sql.equals("SHOW CLUSTER SETTING sql.schema.auto_unlock.enabled")) {
                throw new SQLException("ERROR: only users with MODIFYCLUSTERSETTING or VIEWCLUSTERSETTING", "42501");
            }
            return sql;
        };
    }

    /** v23.2 up to v23.2.19, v24.1.11, v24.2.9 and v24.3.4: a foreign key that is being dropped has lost its name already (#137860). */
    public static Rule beingDropped(String constraint) {
        return (connection, sql) -> sql.contains("FROM pg_catalog.pg_constraint")
                ? sql.replaceFirst(
                        "conname,",
                        "CASE WHEN conname = '" + constraint
                                + "' THEN 'crdb_internal_constraint_2_name_placeholder' ELSE conname END AS conname,")
                : sql;
    }

    /** The same versions: the columns of what is being dropped cannot be looked up, so that reading pg_constraint fails for a while (#137513). */
    public static Rule pgConstraintFails(int times) {
        int[] left = {times};
        return (connection, sql) -> {
            if (sql.contains("FROM pg_catalog.pg_constraint") && left[0]-- > 0) {
                throw new SQLException(
                        "ERROR: column \"crdb_internal_column_2_name_placeholder\" does not exist, referenced in"
                                + " \"crdb_internal_column_2_name_placeholder IS NOT NULL\"",
                        "42703");
            }
            return sql;
        };
    }

    /**
     * v23.1.13 and v23.2: dropped columns are rows of pg_attribute. Each table has one under the number 2, which after a rewriting ALTER COLUMN
     * TYPE is that of another column as well. Whoever does not ask whether it is dropped is told so.
     */
    public static Rule droppedColumnsAreListed() {
        Pattern attributes = Pattern.compile("pg_catalog\\.pg_attribute( a\\b)?");
        return (connection, sql) -> {
            Matcher read = attributes.matcher(sql);
            if (!read.find()) {
                return sql;
            }
            if (!sql.contains("attisdropped")) {
                throw new SQLException("this statement would have read ........pg.dropped.2........: " + sql, "XX000");
            }
            String columns =
                    "attrelid, %s AS attname, attnotnull, attgenerated, attidentity, atttypid, atttypmod, attnum, %s AS attisdropped";
            return read.replaceAll("(SELECT " + columns.formatted("attname", "attisdropped")
                    + " FROM pg_catalog.pg_attribute UNION ALL SELECT "
                    + columns.formatted("'........pg.dropped.2........'", "true")
                    + " FROM pg_catalog.pg_attribute WHERE attnum = 2) AS "
                    + (read.group(1) == null ? "pg_attribute" : "a"));
        };
    }

    /** v24.1: SHOW JOBS cuts descriptions short (manual, SHOW JOBS); asked by ID they are whole. */
    public static Rule shortenedJobDescriptions() {
        return (connection, sql) -> sql.replace(
                "description FROM [SHOW JOBS]", "left(description, 12) || '...' AS description FROM [SHOW JOBS]");
    }

    /** v24.3: a table in logical replication takes no such schema change, for good. */
    public static Rule inLogicalReplication(String... tables) {
        return (connection, sql) -> {
            Matcher alter = TABLE.matcher(sql);
            if (alter.matches() && Arrays.asList(tables).contains(alter.group(1))) {
                throw new SQLException(
                        "ERROR: this schema change is disallowed on table " + alter.group(1)
                                + " because it is referenced by one or more logical replication jobs [1]",
                        "0A000");
            }
            return sql;
        };
    }

    /** v25.4: the foreign key by which a REGIONAL BY ROW table infers its region cannot be dropped (#148539). */
    public static Rule infersRegionBy(String table, String constraint) {
        return (connection, sql) -> {
            if (sql.matches("(?s)ALTER TABLE \"\\w+\"\\.\"" + table + "\" DROP CONSTRAINT \"" + constraint + "\".*")) {
                throw new SQLException(
                        "ERROR: cannot drop constraint \"" + constraint
                                + "\" because it is used by infer_rbr_region_col_using_constraint",
                        "0A000");
            }
            return storageParameter(sql, table, "infer_rbr_region_col_using_constraint=" + constraint);
        };
    }

    /** v22.2 and later list a table's storage parameters in pg_class.reloptions. */
    private static String storageParameter(String sql, String table, String parameter) {
        return sql.replace(
                "reloptions::text AS reloptions",
                "CASE WHEN relname = '" + table + "' THEN '{" + parameter
                        + "}' ELSE reloptions::text END AS reloptions");
    }

    /** A table that has a row-level TTL. */
    public static Rule expires(String table) {
        return (connection, sql) -> storageParameter(sql, table, "ttl_expire_after=''00:10:00'':::INTERVAL");
    }

    /** Since v23.2 a session can ask for it. */
    public static Rule defaultIsolation(String level) {
        return (connection, sql) ->
                sql.replace("pg_catalog.current_setting('default_transaction_isolation')", "'" + level + "'");
    }

    /** v25.2: row-level security, which cascades bypass. */
    public static Rule rowSecurityOn(String table) {
        return (connection, sql) -> sql.replace(
                        "relrowsecurity, relforcerowsecurity",
                        "relname = '" + table + "' AS relrowsecurity, false AS relforcerowsecurity")
                .replace("WHERE relrowsecurity", "WHERE relname = '" + table + "'");
    }

    /** v24.3: a trigger AFTER DELETE FOR EACH ROW, as pg_trigger shows it. */
    public static Rule deleteTrigger(String table, String trigger) {
        return trigger(table, trigger, "AFTER DELETE", 'A');
    }

    /** v26.2: the same, switched off (#161924). */
    public static Rule deleteTriggerSwitchedOff(String table, String trigger) {
        return trigger(table, trigger, "AFTER DELETE", 'D');
    }

    /** v24.3: a trigger FOR EACH ROW that keeps the rows of a table from being deleted without a word, by returning NULL. */
    public static Rule swallowingTrigger(String table, String trigger) {
        Rule listed = trigger(table, trigger, "BEFORE DELETE", 'A');
        Pattern delete = Pattern.compile("DELETE FROM \"\\w+\"\\.\"" + table + "\" WHERE (?=.)");
        return (connection, sql) -> listed.apply(connection, delete.matcher(sql).replaceFirst("$0 false AND "));
    }

    /** v24.3: a trigger FOR EACH ROW that refuses to let the rows of a table be deleted; the message says what its author wrote. */
    public static Rule refusingTrigger(String table, String trigger) {
        Rule listed = trigger(table, trigger, "BEFORE DELETE", 'A');
        return (connection, sql) -> {
            if (sql.startsWith("DELETE FROM \"public\".\"" + table + "\"")) {
                throw new SQLException("ERROR: not on a Sunday", "P0001");
            }
            return listed.apply(connection, sql);
        };
    }

    private static Rule trigger(String table, String trigger, String event, char enabled) {
        int type = 1 | 8 | (event.startsWith("BEFORE") ? 2 : 0);
        String read = "SELECT tgrelid, tgname, tgtype, tgenabled FROM pg_catalog.pg_trigger";
        return (connection, sql) -> sql.replace(
                read,
                "SELECT oid AS tgrelid, '" + trigger + "'::name AS tgname, " + type + "::int2 AS tgtype, '" + enabled
                        + "'::\"char\" AS tgenabled FROM pg_catalog.pg_class WHERE relname = '" + table + "' UNION ALL "
                        + read);
    }

    /** A database with a region, and a table that is REGIONAL BY ROW; without a licence a server makes none. */
    public static Rule regionalByRow(String table, String locality) {
        return (connection, sql) -> sql.replace(
                        "FROM [SHOW REGIONS FROM DATABASE]", "FROM (VALUES ('eu-west-1')) AS regions (region)")
                .replace(
                        "FROM [SHOW TABLES]",
                        "FROM (VALUES ('public', '" + table + "', '" + locality
                                + "')) AS tables (schema_name, table_name, locality)");
    }
}

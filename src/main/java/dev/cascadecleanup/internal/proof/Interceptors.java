package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.CockroachTriggers;
import dev.cascadecleanup.internal.catalog.OrdinaryTriggers;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The triggers and rules of tables: what can veto a delete, swallow it, or write rows while it runs. */
final class Interceptors {

    /** Bits of {@code pg_trigger.tgtype} (PostgreSQL, catalog/pg_trigger.h). */
    private static final int BEFORE = 2;

    private static final int DELETE = 8;
    private static final int UPDATE = 16;

    /** @param function the trigger's function, which PostgreSQL's messages name; empty for a rule */
    private record Interceptor(
            Table table, String name, String function, boolean rule, int type, boolean instead, String description) {

        @Override
        public String toString() {
            return (rule ? "rule " : "trigger ") + table.name() + "." + Identifiers.display(name) + " (" + description
                    + ")";
        }
    }

    private final boolean named;
    private final List<Interceptor> interceptors = new ArrayList<>();

    /** Reads those of the tables. Needs the system's search path. */
    Interceptors(ProofTransaction transaction, Collection<Table> tables) throws SQLException {
        named = transaction.isPostgres();
        Map<Long, Table> byOid = new HashMap<>();
        tables.forEach(table -> byOid.put(table.oid(), table));
        Connection connection = transaction.savepoints().connection();
        if (named) {
            readPostgres(connection, byOid);
        } else {
            readCockroach(connection, byOid);
        }
    }

    private void readPostgres(Connection connection, Map<Long, Table> byOid) throws SQLException {
        List<String> oids = byOid.keySet().stream().map(String::valueOf).toList();
        Sql.query(
                connection,
                """
                SELECT t.tgrelid AS relid, t.tgname AS name, p.proname AS function, t.tgtype AS type, false AS instead,
                       CASE WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' ELSE 'AFTER' END
                         || concat_ws(' OR', '', CASE WHEN t.tgtype & 4 <> 0 THEN ' INSERT' END, CASE WHEN t.tgtype & 8 <> 0 THEN ' DELETE' END,
                                      CASE WHEN t.tgtype & 16 <> 0 THEN ' UPDATE' END)
                         || ', function ' || p.proname AS description
                FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE %s AND t.tgenabled IN ('O', 'A') AND t.tgrelid = ANY (?::oid[])
                UNION ALL
                SELECT r.ev_class, r.rulename, '', CASE r.ev_type WHEN '4' THEN 8 ELSE 16 END, r.is_instead,
                       'ON ' || CASE r.ev_type WHEN '4' THEN 'DELETE' ELSE 'UPDATE' END
                         || CASE WHEN r.is_instead THEN ' DO INSTEAD' ELSE ' DO ALSO' END
                FROM pg_rewrite r WHERE r.ev_type IN ('2', '4') AND r.ev_enabled IN ('O', 'A') AND r.ev_class = ANY (?::oid[])
                ORDER BY 1, 2
                """.formatted(OrdinaryTriggers.ARE),
                row -> interceptors.add(new Interceptor(
                        Objects.requireNonNull(byOid.get(row.getLong("relid"))),
                        row.getString("name"),
                        row.getString("function"),
                        row.getString("function").isEmpty(),
                        row.getInt("type"),
                        row.getBoolean("instead"),
                        row.getString("description")
                                .replace("BEFORE OR", "BEFORE")
                                .replace("AFTER OR", "AFTER"))),
                oids,
                oids);
    }

    /** There are none before v24.3. */
    private void readCockroach(Connection connection, Map<Long, Table> byOid) throws SQLException {
        CockroachTriggers.read(connection, trigger -> {
            Table table = byOid.get(trigger.tableOid());
            if (table != null) {
                interceptors.add(new Interceptor(
                        table, trigger.name(), "", false, trigger.type(), false, trigger.description()));
            }
        });
    }

    /**
     * Those behind a refusal that names no foreign key. PostgreSQL's error names them. CockroachDB's does not, so that there each that runs
     * when rows are deleted or updated may be it, and is called so.
     */
    List<String> behind(SQLException e, boolean foreignKeyNamed) {
        if (named) {
            return namedIn(e);
        }
        return interceptors.stream()
                .filter(each -> !foreignKeyNamed && (each.type() & (DELETE | UPDATE)) != 0)
                .map(each -> "perhaps " + each)
                .toList();
    }

    /**
     * Those that an error names: in its context stands each function that was running, and a rule that rewrites the query of a foreign
     * key is blamed by the name of its table.
     */
    private List<String> namedIn(SQLException e) {
        String message = String.valueOf(e.getMessage());
        boolean rewritten = !"23503".equals(e.getSQLState()) && message.contains("referential integrity query");
        return interceptors.stream()
                .filter(each -> each.rule()
                        ? rewritten
                                && message.contains('"' + each.table().name().name() + '"')
                        : Pattern.compile("(?<![\\w$])" + Pattern.quote(each.function()) + "\"?\\(")
                                .matcher(message)
                                .find())
                .map(Interceptor::toString)
                .toList();
    }

    /** Those that can keep a row of the table from being deleted, or from losing its reference, without a word. */
    List<String> swallowing(Table table) {
        return of(
                table,
                each -> each.instead() || ((each.type() & BEFORE) != 0 && (each.type() & (DELETE | UPDATE)) != 0));
    }

    /** Whether an update of a row of the table may be followed by another one that a trigger makes. */
    boolean mayWriteTwice(Table table) {
        return interceptors.stream()
                .anyMatch(each -> each.table().equals(table) && !each.rule() && (each.type() & UPDATE) != 0);
    }

    /** Those that run when rows of these tables are deleted. */
    List<String> onDelete(Set<Table> tables) {
        return interceptors.stream()
                .filter(each -> tables.contains(each.table()) && (each.type() & DELETE) != 0)
                .map(Interceptor::toString)
                .toList();
    }

    private List<String> of(Table table, java.util.function.Predicate<Interceptor> which) {
        return interceptors.stream()
                .filter(each -> each.table().equals(table))
                .filter(which)
                .map(Interceptor::toString)
                .toList();
    }
}

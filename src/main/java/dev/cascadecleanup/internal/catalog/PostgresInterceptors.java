package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the triggers and rules of PostgreSQL that take part in the delete of rows, or in the update that SET NULL and SET DEFAULT are.
 * Of the update's those are told apart whose code can neither refuse nor undo it: two functions that come with the server and one of
 * its extensions, and PL/pgSQL that is understood ({@link UpdateCode}).
 */
final class PostgresInterceptors {

    /** Bits of pg_trigger.tgtype (PostgreSQL, catalog/pg_trigger.h). */
    private static final int ROW = 1;

    private static final int BEFORE = 2;
    private static final int DELETE = 8;
    private static final int UPDATE = 16;

    private static final Pattern CONDITION =
            Pattern.compile(" WHEN \\((.*)\\) EXECUTE (?:FUNCTION|PROCEDURE) ", Pattern.DOTALL);
    private static final String SUPPRESS = "suppress_redundant_updates_trigger";
    private static final String TEXT_SEARCH = "tsvector_update_trigger_byid";

    /** What a column of a table with such a trigger may be set to without anything looking at it. */
    private enum Use {
        /** It is there. */
        ANY,
        /** No constraint, key, index expression or generated column looks at it, and it is a timestamp or a date. */
        TIME,
        /** The same for an ordinary timestamp. */
        TIMESTAMP,
        /** The same for a number with room. */
        COUNTER,
        /** Its old and new value may not be comparable. */
        INCOMPARABLE
    }

    private final Map<Long, Map<Use, Set<String>>> columns = new HashMap<>();

    private PostgresInterceptors() {}

    static void read(Flight flight, PostgresInventory there, List<Interceptor> interceptors) {
        if (there.triggers()) {
            PostgresInterceptors reader = new PostgresInterceptors();
            reader.readColumns(flight);
            reader.readTriggers(flight, interceptors);
        }
        if (there.rules()) {
            readRules(flight, interceptors);
        }
    }

    /** Needs the columns before it in the flight. */
    private void readTriggers(Flight flight, List<Interceptor> interceptors) {
        flight.forEach("""
                SELECT t.tgrelid AS relid, t.tgname AS name, t.tgtype AS type, p.proname AS function, l.lanname AS language,
                       CASE WHEN l.lanname <> 'plpgsql' OR NOT EXISTS (SELECT FROM pg_proc o WHERE o.proname IN ('now', 'clock_timestamp',
                              'statement_timestamp', 'transaction_timestamp', 'timezone', 'pg_trigger_depth')
                              AND o.pronamespace <> 'pg_catalog'::regnamespace)
                         AND NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprname = '+' AND o.oid >= 16384
                              AND o.oprright IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)) THEN p.prosrc END AS code,
                       p.probin AS library, encode(t.tgargs, 'escape') AS arguments,
                       CASE WHEN t.tgqual IS NOT NULL THEN pg_get_triggerdef(t.oid) END AS definition,
                       ARRAY(SELECT a.attname::text FROM unnest(t.tgattr::int2[]) AS k(attnum)
                             JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = k.attnum
                             -- One that is generated is updated with what it is generated from.
                             WHERE NOT EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = t.tgrelid AND g.attgenerated <> ''
                               AND g.attnum = ANY (t.tgattr))) AS columns
                FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang
                WHERE %s AND t.tgenabled IN ('O', 'A') AND t.tgtype & 24 <> 0 AND t.tgtype & 64 = 0
                ORDER BY 1, 2
                """.formatted(OrdinaryTriggers.ARE), row -> {
            int type = row.getInt("type");
            if ((type & DELETE) != 0) {
                interceptors.add(Interceptor.ofDelete(
                        row.getLong("relid"), row.getString("name"), description(row, "DELETE"), false));
            }
            if ((type & UPDATE) != 0) {
                List<String> of = Sql.textArray(row, "columns");
                interceptors.add(Interceptor.ofUpdate(
                        row.getLong("relid"),
                        row.getString("name"),
                        description(row, of.isEmpty() ? "UPDATE" : "UPDATE OF " + String.join(", ", of)),
                        false,
                        of,
                        touched(row)));
            }
        });
    }

    /** A cascade is an ordinary statement for the rewriter, so an unconditional DO INSTEAD rule replaces it too. */
    private static void readRules(Flight flight, List<Interceptor> interceptors) {
        flight.forEach(
                """
                SELECT r.ev_class AS relid, r.rulename AS name, r.ev_type = '4' AS deletes,
                       'rule ON ' || CASE r.ev_type WHEN '4' THEN 'DELETE' ELSE 'UPDATE' END
                         || CASE WHEN r.is_instead THEN ' DO INSTEAD' ELSE ' DO ALSO' END AS description,
                       r.is_instead AND r.ev_qual::text = '<>' AS swallows
                FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class AND c.relkind IN ('r', 'p')
                WHERE r.ev_type IN ('2', '4') AND r.ev_enabled IN ('O', 'A')
                ORDER BY 1, 2
                """,
                row -> interceptors.add(
                        row.getBoolean("deletes")
                                ? Interceptor.ofDelete(
                                        row.getLong("relid"),
                                        row.getString("name"),
                                        row.getString("description"),
                                        row.getBoolean("swallows"))
                                : Interceptor.ofUpdate(
                                        row.getLong("relid"),
                                        row.getString("name"),
                                        row.getString("description"),
                                        row.getBoolean("swallows"),
                                        List.of(),
                                        Optional.empty())));
    }

    private static String description(ResultSet row, String event) throws SQLException {
        int type = row.getInt("type");
        return "trigger " + ((type & BEFORE) != 0 ? "BEFORE " : "AFTER ") + event
                + ((type & ROW) != 0 ? " FOR EACH ROW" : " FOR EACH STATEMENT") + ", function "
                + row.getString("function");
    }

    /**
     * By pg_depend: a column that a constraint, a unique or partial index, one over an expression, the partition key or a generated column
     * depends on is looked at when it changes. A row of a partitioned table is in a partition, which may have more of these.
     */
    private void readColumns(Flight flight) {
        flight.forEach("""
                SELECT a.attrelid AS relid, a.attname AS name, y.typname AS type,
                       c.relkind = 'r' AND NOT c.relispartition AND a.attgenerated = '' AND a.attidentity = ''
                         AND y.typnamespace = 'pg_catalog'::regnamespace AND NOT EXISTS (
                         SELECT FROM pg_depend d
                         WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid IN (0, a.attnum)
                           AND (d.classid = 'pg_constraint'::regclass
                                  AND EXISTS (SELECT FROM pg_constraint k WHERE k.oid = d.objid AND k.contype NOT IN ('n', 't'))
                             OR d.classid = 'pg_class'::regclass AND d.refobjsubid <> 0 AND (d.objid = a.attrelid
                                  OR EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = d.objid
                                     AND (i.indisunique OR i.indisexclusion OR i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)))
                             OR d.classid = 'pg_class'::regclass AND d.refobjsubid = 0 AND EXISTS (SELECT FROM pg_index i
                                  WHERE i.indexrelid = d.objid AND concat_ws(' ', pg_get_expr(i.indexprs, i.indrelid),
                                                                             pg_get_expr(i.indpred, i.indrelid)) LIKE '%%.*%%')
                             OR d.classid = 'pg_attrdef'::regclass AND d.refobjsubid <> 0
                                  AND EXISTS (SELECT FROM pg_attrdef f WHERE f.oid = d.objid AND f.adnum <> a.attnum))) AS free,
                       y.typnamespace = 'pg_catalog'::regnamespace AND y.typname IN ('bool', 'int2', 'int4', 'int8', 'numeric', 'float4',
                         'float8', 'text', 'varchar', 'bpchar', 'name', 'uuid', 'timestamp', 'timestamptz', 'date', 'time', 'timetz', 'interval',
                         'jsonb', 'bytea', 'inet', 'cidr', 'oid', 'tsvector') OR y.typtype = 'e' AS comparable
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type y ON y.oid = a.atttypid
                WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN (SELECT t.tgrelid FROM pg_trigger t
                  WHERE %s AND t.tgenabled IN ('O', 'A') AND t.tgtype & 19 = 19)
                """.formatted(OrdinaryTriggers.ARE), row -> {
            add(row, Use.ANY);
            if (!row.getBoolean("comparable")) {
                add(row, Use.INCOMPARABLE);
            }
            if (row.getBoolean("free")) {
                switch (row.getString("type")) {
                    case "timestamp", "timestamptz" -> {
                        add(row, Use.TIME);
                        add(row, Use.TIMESTAMP);
                    }
                    case "date" -> add(row, Use.TIME);
                    case "int4", "int8" -> add(row, Use.COUNTER);
                    default -> {}
                }
            }
        });
    }

    private void add(ResultSet row, Use use) throws SQLException {
        columns.computeIfAbsent(row.getLong("relid"), oid -> new EnumMap<>(Use.class))
                .computeIfAbsent(use, each -> new HashSet<>())
                .add(row.getString("name"));
    }

    private boolean are(long table, Use use, Iterable<String> names) {
        Set<String> all = columns.getOrDefault(table, Map.of()).getOrDefault(use, Set.of());
        for (String name : names) {
            if (!all.contains(name)) {
                return false;
            }
        }
        return true;
    }

    /** The columns that an update must leave alone, so that the trigger does nothing but what is understood; empty if it is not. */
    private Optional<Set<String>> touched(ResultSet row) throws SQLException {
        int type = row.getInt("type");
        long table = row.getLong("relid");
        String code = row.getString("code");
        if ((type & ROW) == 0 || (type & BEFORE) == 0 || code == null || !isConditionHarmless(table, row)) {
            return Optional.empty();
        }
        List<String> arguments = Arrays.asList(row.getString("arguments").split("\\\\000"));
        return switch (row.getString("language")) {
            case "plpgsql" -> UpdateCode.ofFunction(code).flatMap(understood -> touched(table, understood));
            // It keeps a row back whose new version is the old one, and one that loses its reference is not.
            case "internal" ->
                code.equals(SUPPRESS)
                        ? Optional.of(Set.of())
                        // It reads the texts again only where the update sets one of them.
                        : code.equals(TEXT_SEARCH)
                                        && arguments.size() > 2
                                        && are(table, Use.ANY, arguments.subList(2, arguments.size()))
                                        && are(table, Use.ANY, arguments.subList(0, 1))
                                ? Optional.of(Set.copyOf(arguments))
                                : Optional.empty();
            case "c" ->
                "$libdir/moddatetime".equals(row.getString("library")) && are(table, Use.TIMESTAMP, arguments)
                        ? Optional.of(Set.copyOf(arguments))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private boolean isConditionHarmless(long table, ResultSet row) throws SQLException {
        String definition = row.getString("definition");
        if (definition == null) {
            return true;
        }
        Matcher condition = CONDITION.matcher(definition);
        return condition.find()
                && UpdateCode.ofCondition(condition.group(1))
                        .filter(understood -> isComparable(table, understood))
                        .isPresent();
    }

    private boolean isComparable(long table, UpdateCode code) {
        Set<String> incomparable = columns.getOrDefault(table, Map.of()).getOrDefault(Use.INCOMPARABLE, Set.of());
        return code.compared().stream()
                .allMatch(compared -> compared.equals(UpdateCode.ROW)
                        ? incomparable.isEmpty()
                        : are(table, Use.ANY, Set.of(compared)) && !incomparable.contains(compared));
    }

    private Optional<Set<String>> touched(long table, UpdateCode code) {
        if (!are(table, Use.TIME, code.timed())
                || !are(table, Use.COUNTER, code.counted())
                || !are(table, Use.ANY, code.restored())
                || !isComparable(table, code)) {
            return Optional.empty();
        }
        Set<String> touched = new HashSet<>(code.timed());
        touched.addAll(code.counted());
        touched.addAll(code.restored());
        return Optional.of(Collections.unmodifiableSet(touched));
    }
}

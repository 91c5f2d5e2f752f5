package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** What the catalog and the journal say, in lines that can be compared. Reads them by queries of its own. */
final class ForeignKeys {

    private ForeignKeys() {}

    /** Every foreign key, those of partitions included: table, name, definition, whether valid, comment, trigger states. */
    static List<String> of(TestDatabase database) throws SQLException {
        return lines(database, database.server().isCockroach() ? COCKROACH : POSTGRES);
    }

    /** The rows of the journal that count, without what differs from run to run. */
    static List<String> journal(TestDatabase database) throws SQLException {
        return lines(database, """
                SELECT version, script, state, table_name, constraint_name, column_names::text, referenced_table,
                       match_type, on_update, before_on_delete, before_deferrability, before_validated, before_enforced,
                       before_trigger_states::text, before_comment, after_on_delete, after_deferrability
                FROM cascade_cleanup_journal WHERE state <> 'superseded' ORDER BY table_name, constraint_name, state
                """);
    }

    /** Flyway's history: version and success, without the baseline. */
    static List<String> history(TestDatabase database) throws SQLException {
        return lines(
                database,
                "SELECT version, success FROM flyway_schema_history WHERE installed_rank > 1"
                        + " ORDER BY installed_rank");
    }

    private static final String POSTGRES = """
            SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), c.convalidated,
                   obj_description(c.oid, 'pg_constraint'),
                   (SELECT string_agg(t.tgenabled::text, '' ORDER BY p.proname)
                    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgconstraint = c.oid)
            FROM pg_constraint c
            WHERE c.contype = 'f' AND (c.conparentid = 0
                  OR c.conrelid <> (SELECT p.conrelid FROM pg_constraint p WHERE p.oid = c.conparentid))
            ORDER BY 1, 2
            """;

    private static final String COCKROACH = """
            SELECT t.relname, c.conname, c.condef, c.convalidated
            FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'f' ORDER BY 1, 2
            """;

    private static List<String> lines(TestDatabase database, String query) throws SQLException {
        return database.rows(query).stream()
                .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining(" | ")))
                .toList();
    }
}

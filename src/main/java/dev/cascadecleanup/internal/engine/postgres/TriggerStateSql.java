package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Puts the states of a foreign key's triggers back. A swap makes new triggers with new names, so the statement has to find them
 * itself; only a superuser may touch them (PostgreSQL manual, ALTER TABLE).
 */
public final class TriggerStateSql {

    private TriggerStateSql() {}

    /** A DO statement, to be run under the system's search path. */
    public static String restore(String constraintOid, List<String> states) {
        String wanted = states.stream().map(TriggerStateSql::row).collect(Collectors.joining(", "));
        return "DO " + Identifiers.literal("""
                DECLARE t record;
                BEGIN
                  FOR t IN
                    SELECT n.nspname, c.relname, g.tgname, wanted.verb
                    FROM pg_trigger g
                    JOIN pg_proc p ON p.oid = g.tgfoid
                    JOIN pg_class c ON c.oid = g.tgrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    JOIN (VALUES %s) AS wanted(role, verb) ON wanted.role = CASE
                      WHEN p.proname = 'RI_FKey_check_ins' THEN 'CHECK_INSERT'
                      WHEN p.proname = 'RI_FKey_check_upd' THEN 'CHECK_UPDATE'
                      WHEN p.proname LIKE '%%del' THEN 'ON_DELETE'
                      ELSE 'ON_UPDATE' END
                    WHERE g.tgconstraint = (%s)
                  LOOP
                    EXECUTE format('ALTER TABLE ONLY %%I.%%I %%s TRIGGER %%I', t.nspname, t.relname, t.verb, t.tgname);
                  END LOOP;
                END""".formatted(wanted, constraintOid));
    }

    private static String row(String state) {
        int equals = state.indexOf('=');
        String verb = switch (state.substring(equals + 1)) {
            case "D" -> "DISABLE";
            case "R" -> "ENABLE REPLICA";
            case "A" -> "ENABLE ALWAYS";
            default -> throw new IllegalArgumentException("unknown trigger state " + state);
        };
        return "(" + Identifiers.literal(state.substring(0, equals)) + ", " + Identifiers.literal(verb) + ")";
    }
}

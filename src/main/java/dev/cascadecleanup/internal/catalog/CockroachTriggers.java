package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The triggers of CockroachDB, which has some since v24.3, and lets them be switched off since v26.2 (cockroach#161924). */
public final class CockroachTriggers {

    /** Bits of {@code pg_trigger.tgtype}, as PostgreSQL has them. */
    private static final int FOR_EACH_ROW = 1;

    private static final int BEFORE = 2;
    private static final int INSERT = 4;
    private static final int DELETE = 8;
    private static final int UPDATE = 16;

    /** @param type the bits of {@code pg_trigger.tgtype} */
    public record Trigger(long tableOid, String name, int type) {

        boolean firesOnDelete() {
            return has(DELETE);
        }

        boolean firesOnUpdate() {
            return has(UPDATE);
        }

        String describe(String event) {
            return "trigger " + when() + " " + event + " FOR EACH " + (has(FOR_EACH_ROW) ? "ROW" : "STATEMENT");
        }

        /** {@code BEFORE DELETE OR UPDATE}, say. */
        public String description() {
            List<String> events = new ArrayList<>();
            if (has(INSERT)) {
                events.add("INSERT");
            }
            if (has(DELETE)) {
                events.add("DELETE");
            }
            if (has(UPDATE)) {
                events.add("UPDATE");
            }
            return when() + " " + String.join(" OR ", events);
        }

        private String when() {
            return has(BEFORE) ? "BEFORE" : "AFTER";
        }

        private boolean has(int bit) {
            return (type & bit) != 0;
        }
    }

    private CockroachTriggers() {}

    /** Reads those that are not switched off, of all tables that the role sees. */
    public static void read(Connection connection, Consumer<Trigger> triggers) throws SQLException {
        Sql.forEach(connection, "SELECT tgrelid, tgname, tgtype, tgenabled FROM pg_catalog.pg_trigger", row -> {
            if (!"D".equals(row.getString("tgenabled"))) {
                triggers.accept(new Trigger(row.getLong("tgrelid"), row.getString("tgname"), row.getInt("tgtype")));
            }
        });
    }
}

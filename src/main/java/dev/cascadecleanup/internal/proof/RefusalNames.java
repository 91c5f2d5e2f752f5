package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.proof.Refusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the foreign key that an error is about. The driver's class with the server's error fields is not on this library's class
 * path, and the message's words depend on the server's language; the names in it do not, and the catalog knows all that are possible.
 */
final class RefusalNames {

    private final List<ForeignKey> foreignKeys;
    private final Map<Long, List<String>> namesByOid = new HashMap<>();
    private final Interceptors interceptors;

    /** Reads the names that foreign keys have on partitions of the referenced table, by which the server calls them. */
    RefusalNames(
            Connection connection,
            boolean postgres,
            ForeignKeyGraph graph,
            Set<Table> perUser,
            Interceptors interceptors)
            throws SQLException {
        this.interceptors = interceptors;
        foreignKeys = graph.foreignKeys().stream()
                .filter(fk -> perUser.contains(fk.referencedTable()))
                .toList();
        foreignKeys.forEach(fk -> add(fk.oid(), fk.name()));
        if (postgres) {
            Sql.forEach(
                    connection,
                    """
                    WITH RECURSIVE part(root, oid, conname) AS (
                        SELECT conparentid, oid, conname FROM pg_constraint WHERE contype = 'f' AND conparentid = ANY (?::oid[])
                        UNION ALL
                        SELECT part.root, c.oid, c.conname FROM pg_constraint c JOIN part ON c.conparentid = part.oid)
                    SELECT root, conname FROM part
                    """,
                    row -> {
                        add(row.getLong(1), row.getString(2));
                    },
                    foreignKeys.stream().map(fk -> String.valueOf(fk.oid())).toList());
        }
    }

    private void add(long oid, String name) {
        namesByOid.computeIfAbsent(oid, key -> new ArrayList<>()).add(name);
    }

    /** The refusal behind an error. */
    Refusal of(SQLException e) {
        String message = String.valueOf(e.getMessage());
        String firstLine = message.strip().lines().findFirst().orElse("");
        boolean foreignKey =
                SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION) || SqlStates.is(e, SqlStates.RESTRICT_VIOLATION);
        List<ForeignKey> refusing = foreignKey ? named(firstLine) : List.of();
        return new Refusal(
                refusing, interceptors.behind(e, !refusing.isEmpty()), firstLine + " [" + e.getSQLState() + ']');
    }

    /**
     * Whether a row was refused because what it names is not there, and not because it is named: PostgreSQL checks all foreign keys of
     * a row again when the transaction that wrote the row updates it (ri_triggers.c, {@code RI_FKey_fk_upd_check_required}), and rows of
     * a proof are the deleting transaction's own. The words depend on the server's language; how often it names the tables does not.
     */
    static boolean isAboutTheReferencingRow(Refusal refusal) {
        if (refusal.foreignKeys().size() != 1 || !refusal.interceptors().isEmpty()) {
            return false;
        }
        String message = refusal.message();
        if (message.contains("update or delete on table")) {
            return false;
        }
        ForeignKey fk = refusal.foreignKeys().get(0);
        return message.contains("insert or update on table")
                || (!fk.table().equals(fk.referencedTable())
                        && !message.contains(fk.referencedTable().name().name()));
    }

    /** Those whose constraint and table are both in the message; of these the ones with the longest names, which contain the others. */
    private List<ForeignKey> named(String message) {
        List<ForeignKey> best = new ArrayList<>();
        int bestScore = 0;
        for (ForeignKey fk : foreignKeys) {
            for (String name : namesByOid.getOrDefault(fk.oid(), List.of())) {
                int score =
                        score(message, name) + score(message, fk.table().name().name());
                if (!message.contains(name)
                        || !message.contains(fk.table().name().name())
                        || score < bestScore) {
                    continue;
                }
                if (score > bestScore) {
                    best.clear();
                    bestScore = score;
                }
                if (!best.contains(fk)) {
                    best.add(fk);
                }
            }
        }
        return best;
    }

    /** A name in quotes of its own counts more than a longer one that it is a part of. */
    private static int score(String message, String name) {
        return message.contains('"' + name + '"') ? name.length() + 1000 : name.length();
    }
}

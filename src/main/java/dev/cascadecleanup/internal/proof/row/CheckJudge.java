package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Asks the server which of several proposed rows satisfy conditions, by a SELECT with the conditions' own text. */
final class CheckJudge {

    private static final int TOGETHER = 60;
    /** Each costs the seconds that a look may take. */
    private static final int MOST_TIMEOUTS = 2;

    private final Savepoints savepoints;
    private int timeouts;

    CheckJudge(Savepoints savepoints) {
        this.savepoints = savepoints;
    }

    /** Those of the proposals for which no condition is false, in order, at most {@code most} of them. */
    List<Map<String, Cell>> satisfying(
            TableShape shape, Collection<String> conditions, List<Map<String, Cell>> proposals, int most)
            throws SQLException {
        List<Map<String, Cell>> good = new ArrayList<>();
        timeouts = 0;
        for (int from = 0; from < proposals.size() && good.size() < most; from += TOGETHER) {
            good.addAll(judge(
                    shape, conditions, proposals.subList(from, Math.min(from + TOGETHER, proposals.size())), most));
        }
        return good.size() > most ? good.subList(0, most) : good;
    }

    private List<Map<String, Cell>> judge(
            TableShape shape, Collection<String> conditions, List<Map<String, Cell>> proposals, int most)
            throws SQLException {
        if (tookTooLong()) {
            return List.of();
        }
        Savepoints.Outcome<List<List<String>>> outcome = savepoints.look(sql(shape, conditions, proposals, most));
        if (outcome.succeeded()) {
            return outcome.value().stream()
                    .map(row -> proposals.get(Integer.parseInt(row.get(0))))
                    .toList();
        }
        timeouts += SqlStates.is(outcome.failure(), SqlStates.QUERY_CANCELED) ? 1 : 0;
        if (proposals.size() == 1 || tookTooLong()) {
            return List.of();
        }
        // One proposal that the server cannot even compute hides the others: halve until it is alone.
        int middle = proposals.size() / 2;
        List<Map<String, Cell>> good = new ArrayList<>(judge(shape, conditions, proposals.subList(0, middle), most));
        if (good.size() < most) {
            good.addAll(judge(shape, conditions, proposals.subList(middle, proposals.size()), most));
        }
        return good;
    }

    /** Whether the last proposals were given up because the server was busy with them for too long. */
    boolean tookTooLong() {
        return timeouts >= MOST_TIMEOUTS;
    }

    private static String sql(
            TableShape shape, Collection<String> conditions, List<Map<String, Cell>> proposals, int most) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < proposals.size(); i++) {
            rows.append(i == 0 ? "" : " UNION ALL ").append("SELECT ").append(i).append(" AS cascade_proposal");
            proposals
                    .get(i)
                    .forEach((name, cell) -> rows.append(", ")
                            .append(cell.sqlFor(shape.column(name)))
                            .append(" AS ")
                            .append(Identifiers.quote(name)));
        }
        StringBuilder generated = new StringBuilder();
        for (Column column : shape.columns()) {
            if (column.source() == Column.Source.GENERATED
                    && column.defaultSql() != null
                    && mentions(conditions, column.name())) {
                generated
                        .append(", CAST((")
                        .append(column.defaultSql())
                        .append(") AS ")
                        .append(column.type().plain().sql())
                        .append(") AS ")
                        .append(Identifiers.quote(column.name()));
            }
        }
        String alias = Identifiers.quote(shape.table().name().name());
        StringBuilder sql = new StringBuilder("SELECT cascade_proposal FROM (SELECT ")
                .append(alias)
                .append(".*")
                .append(generated)
                .append(" FROM (")
                .append(rows)
                .append(") ")
                .append(alias)
                .append(") ")
                .append(alias)
                .append(" WHERE true");
        conditions.forEach(condition -> sql.append(" AND (").append(condition).append(") IS NOT FALSE"));
        return sql.append(" ORDER BY cascade_proposal LIMIT ").append(most).toString();
    }

    private static boolean mentions(Collection<String> conditions, String column) {
        return conditions.stream().anyMatch(condition -> condition.contains(column));
    }
}

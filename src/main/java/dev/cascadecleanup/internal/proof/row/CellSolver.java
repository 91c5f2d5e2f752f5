package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.proof.check.Branches;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.check.Expression;
import dev.cascadecleanup.internal.proof.check.Facts;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.internal.proof.value.SqlType;
import dev.cascadecleanup.internal.proof.value.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds values for the columns of a row that satisfy its checks: proposes from the checks' text, and lets the server judge. */
final class CellSolver {

    private static final int PROPOSALS_PER_BRANCH = 48;
    private static final int PROPOSALS = 960;
    private static final int SOLUTIONS = 6;
    private static final int DOMAIN_VALUES = 3;
    private static final int CONSTANTS = 12;

    /**
     * The values that satisfy a group of conditions.
     *
     * @param group the conditions
     * @param cells what the server accepted, best first; empty if it accepted nothing
     * @param tried what was proposed
     * @param tooSlow whether the server was busy with them for too long, so that they were given up
     */
    record Solution(
            List<Condition> group, List<Map<String, Cell>> cells, List<Map<String, Cell>> tried, boolean tooSlow) {}

    private record TableGroup(Table table, List<Condition> group) {}

    private final CheckJudge judge;
    private final Savepoints savepoints;
    private final Map<SqlType.Domain, List<String>> domainValues = new HashMap<>();
    /** Where nothing in a row bears on a group of conditions, what did for one row does for the next. */
    private final Map<TableGroup, Solution> solved = new HashMap<>();

    private final Map<Table, List<Condition>> conditions = new HashMap<>();
    private final Values values = new Values(this::valuesOf);
    private long counter;

    /**
     * A solver.
     *
     * @param seed where the numbers that make values distinct begin
     */
    CellSolver(Savepoints savepoints, long seed) {
        this.savepoints = savepoints;
        this.judge = new CheckJudge(savepoints);
        this.counter = seed;
    }

    /** The conditions on rows of the table. */
    List<Condition> conditions(TableShape shape) {
        return conditions.computeIfAbsent(shape.table(), table -> Condition.of(shape));
    }

    /** A value for a column that no check restricts; the next call gives another one if it has to be distinct. */
    Cell value(Column column, boolean distinct) {
        List<String> candidates = values.of(column.type(), ++counter, distinct);
        return candidates.isEmpty() ? Cell.NULL : Cell.text(candidates.get(0));
    }

    /** Kinds of text for a column, where a trigger may want a certain one. */
    List<Cell> flavours(Column column) {
        return values.flavours(column.type(), ++counter).stream()
                .map(Cell::text)
                .toList();
    }

    /** Values for the columns of a group of conditions, those first that leave what is decided about the row as it is. */
    Solution solve(Draft draft, List<Condition> group) throws SQLException {
        boolean same = Condition.columnsOf(group).stream().noneMatch(draft::isDecided);
        Solution known = same ? solved.get(new TableGroup(draft.shape().table(), group)) : null;
        if (known == null) {
            known = solveAnew(draft, group);
            if (same && (!known.cells().isEmpty() || known.tooSlow())) {
                solved.put(new TableGroup(draft.shape().table(), group), known);
            }
        }
        return known;
    }

    private Solution solveAnew(Draft draft, List<Condition> group) throws SQLException {
        counter++;
        List<Expression> expressions = group.stream()
                .map(Condition::check)
                .map(CheckConstraint::condition)
                .toList();
        List<String> texts =
                group.stream().map(Condition::check).map(CheckConstraint::sql).toList();
        List<Map<String, Facts>> branches = new ArrayList<>(Branches.of(expressions));
        branches.add(Map.of());
        Set<Map<String, Cell>> proposals = new LinkedHashSet<>();
        Set<String> columns = Condition.columnsOf(group);
        for (Map<String, Facts> facts : branches) {
            Map<String, List<Cell>> candidates = new LinkedHashMap<>();
            columns.forEach(column -> candidates.put(
                    column,
                    candidates(
                            draft,
                            draft.shape().column(column),
                            facts.getOrDefault(column, Facts.NONE),
                            facts.containsKey(column) ? Set.of() : constants(expressions))));
            int room = Math.min(
                    facts.isEmpty() ? PROPOSALS_PER_BRANCH * 5 : PROPOSALS_PER_BRANCH, PROPOSALS - proposals.size());
            List<Map<String, Cell>> combined = Proposals.combine(candidates, room);
            proposals.addAll(Equations.solved(facts, combined, draft));
            proposals.addAll(combined);
        }
        List<Map<String, Cell>> list = new ArrayList<>(proposals);
        list.sort(Comparator.comparingLong(proposal -> proposal.entrySet().stream()
                .filter(entry ->
                        draft.isFixed(entry.getKey()) && !entry.getValue().equals(draft.fixed(entry.getKey())))
                .count()));
        List<Map<String, Cell>> good = judge.satisfying(draft.shape(), texts, list, SOLUTIONS);
        return new Solution(group, good, list, good.isEmpty() && judge.tookTooLong());
    }

    private static Set<String> constants(List<Expression> conditions) {
        Set<String> constants = new LinkedHashSet<>();
        conditions.forEach(condition -> constants.addAll(condition.constants()));
        return constants;
    }

    private List<Cell> candidates(Draft draft, Column column, Facts facts, Collection<String> constants) {
        Set<Cell> cells = new LinkedHashSet<>();
        String name = column.name();
        Cell fixed = draft.fixed(name);
        if (fixed != null) {
            cells.add(fixed);
            cells.addAll(draft.alternatives(name));
            return List.copyOf(cells);
        }
        draft.preferred(name).ifPresent(cells::add);
        boolean nullable = !column.notNull();
        if (Boolean.TRUE.equals(facts.mustBeNull()) && nullable) {
            return List.of(Cell.NULL);
        }
        boolean mayStayEmpty = nullable && !Boolean.FALSE.equals(facts.mustBeNull());
        if (column.isSupplied() && !draft.wantsValue(column)) {
            cells.add(Cell.DEFAULT);
        } else if (mayStayEmpty && !draft.wantsValue(column)) {
            cells.add(Cell.NULL);
        }
        cells.addAll(draft.alternatives(name));
        boolean distinct = draft.isDistinct(name);
        List<String> matching = values.matching(column.type(), facts, counter, distinct);
        matching.stream().limit(2).forEach(text -> cells.add(Cell.text(text)));
        if (column.type().plain() instanceof SqlType.Scalar) {
            constants.stream().limit(CONSTANTS).forEach(text -> cells.add(Cell.text(text)));
        }
        matching.forEach(text -> cells.add(Cell.text(text)));
        if (mayStayEmpty) {
            cells.add(Cell.NULL);
        }
        return List.copyOf(cells);
    }

    /** Values of a domain that stands inside another type: the server says which of the proposed ones it takes. */
    private List<String> valuesOf(SqlType.Domain domain) {
        List<String> known = domainValues.get(domain);
        if (known != null) {
            return known;
        }
        List<Expression> conditions = new ArrayList<>();
        for (SqlType type = domain; type instanceof SqlType.Domain inner; type = inner.base()) {
            inner.checks().forEach(check -> conditions.add(check.condition()));
        }
        List<Map<String, Facts>> branches = new ArrayList<>(Branches.of(conditions));
        branches.add(Map.of());
        List<String> good = new ArrayList<>();
        boolean tooSlow = false;
        for (Map<String, Facts> facts : branches) {
            for (String text :
                    values.matching(domain.plain(), facts.getOrDefault("value", Facts.NONE), counter, false)) {
                if (good.size() < DOMAIN_VALUES && !tooSlow) {
                    SQLException refused = refusal(domain, text);
                    if (refused == null) {
                        good.add(text);
                    }
                    tooSlow = refused != null && SqlStates.is(refused, SqlStates.QUERY_CANCELED);
                }
            }
        }
        domainValues.put(domain, good);
        return good;
    }

    /** Why the domain does not take the text; null if it does. */
    private @Nullable SQLException refusal(SqlType.Domain domain, String text) {
        try {
            Savepoints.Outcome<List<List<String>>> outcome =
                    savepoints.look("SELECT CAST(" + Cell.text(text).sql() + " AS " + domain.sql() + ")");
            return outcome.succeeded() ? null : outcome.failure();
        } catch (SQLException e) {
            throw new BrokenTransactionException(e);
        }
    }
}

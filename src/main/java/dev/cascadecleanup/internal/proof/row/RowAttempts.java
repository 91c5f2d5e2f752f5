package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.check.Expression;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.internal.proof.schema.UniqueKey;
import dev.cascadecleanup.proof.MissingRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Inserts one row, in several attempts if need be: each refusal of the server says what to do differently. */
final class RowAttempts {

    private static final int MOST = 16;
    private static final int PLAIN_ATTEMPTS = 2;
    private static final int MOST_UNEXPLAINED = 9;
    private static final int SHOWN = 3;
    private static final String EXCLUSION_VIOLATION = "23P01";
    private static final String DATA_EXCEPTION_CLASS = "22";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String UNDEFINED_OBJECT = "42704";
    private static final Set<String> NOT_ABOUT_VALUES = Set.of(
            INSUFFICIENT_PRIVILEGE, SqlStates.QUERY_CANCELED, SqlStates.LOCK_NOT_AVAILABLE, SqlStates.UNDEFINED_TABLE);

    /** Widens what a draft may hold when nothing in it satisfied the checks; says whether there is anything new. */
    @FunctionalInterface
    interface FallBack {
        boolean widen(Draft draft) throws SQLException;
    }

    private final Savepoints savepoints;
    private final CellSolver solver;
    private final Links links;
    private final Draft draft;
    private final TableShape shape;
    private final FallBack fallBack;
    private final Predicate<Map<String, String>> adoptable;
    private final List<Condition> conditions;
    private final Map<String, Cell> generated = new LinkedHashMap<>();
    private final Set<String> tried = new LinkedHashSet<>();
    private @Nullable MissingRow problem;
    private final Set<String> leftOut = new LinkedHashSet<>();
    private int unexplained;

    /** @param adoptable whether a row that is there already will do in place of a new one */
    RowAttempts(
            Savepoints savepoints,
            CellSolver solver,
            Links links,
            Draft draft,
            FallBack fallBack,
            Predicate<Map<String, String>> adoptable) {
        this.savepoints = savepoints;
        this.solver = solver;
        this.links = links;
        this.draft = draft;
        this.shape = draft.shape();
        this.fallBack = fallBack;
        this.adoptable = adoptable;
        this.conditions = solver.conditions(shape);
    }

    /** Why there is no row, where there is none. */
    MissingRow problem() {
        return Objects.requireNonNull(problem);
    }

    /** The row's columns as text; empty if no attempt succeeded. */
    Optional<Map<String, String>> run() throws SQLException {
        for (int attempt = 0; attempt < MOST + shape.columns().size(); attempt++) {
            Optional<Map<String, Cell>> cells = cells(attempt);
            if (cells.isEmpty()) {
                return Optional.empty();
            }
            boolean repeated = !tried.add(Insertion.describe(cells.get())) && attempt > 2;
            Savepoints.Outcome<Map<String, String>> outcome = Insertion.run(savepoints, shape, cells.get());
            if (outcome.succeeded() && !outcome.value().isEmpty()) {
                return Optional.of(outcome.value());
            }
            if (outcome.succeeded()) {
                problem = missing(
                        "the INSERT reported success but no row: a trigger or rule swallowed it", null, List.of());
                return Optional.empty();
            }
            Optional<Map<String, String>> adopted = learn(outcome.failure());
            if (adopted.isPresent()) {
                return adopted;
            }
            if (repeated
                    || NOT_ABOUT_VALUES.contains(
                            String.valueOf(outcome.failure().getSQLState()))
                    || unexplained > MOST_UNEXPLAINED) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** A value for every column that needs one; empty if the checks cannot be satisfied. */
    private Optional<Map<String, Cell>> cells(int attempt) throws SQLException {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (Column column : shape.columns()) {
            Cell fixed = draft.fixed(column.name());
            if (fixed != null) {
                cells.put(column.name(), fixed);
            } else if (draft.wantsValue(column)) {
                cells.put(
                        column.name(),
                        generated.computeIfAbsent(
                                column.name(),
                                name -> draft.preferred(name).isPresent()
                                        ? draft.preferred(name).get()
                                        : solver.value(column, draft.isDistinct(name))));
            }
        }
        for (List<Condition> group : Condition.groups(conditions)) {
            Optional<Map<String, Cell>> solution = solution(group, attempt);
            if (solution.isEmpty()) {
                return Optional.empty();
            }
            cells.putAll(solution.get());
        }
        cells.entrySet()
                .removeIf(entry -> entry.getValue() == Cell.DEFAULT
                        || leftOut.contains(entry.getKey())
                        || shape.column(entry.getKey()).source() == Column.Source.GENERATED);
        return Optional.of(cells);
    }

    private Optional<Map<String, Cell>> solution(List<Condition> group, int attempt) throws SQLException {
        if (Condition.columnsOf(group).isEmpty()) {
            return Optional.of(Map.of());
        }
        CellSolver.Solution solution = solver.solve(draft, group);
        if (solution.cells().isEmpty() && fallBack.widen(draft)) {
            solution = solver.solve(draft, group);
        }
        if (!solution.cells().isEmpty()) {
            return Optional.of(solution.cells()
                    .get(draft.hasPreferences() ? 0 : attempt % solution.cells().size()));
        }
        if (solution.tried().isEmpty()) {
            return Optional.of(Map.of());
        }
        if (attempt == 0 && !solution.tooSlow() && group.stream().noneMatch(RowAttempts::isSimple)) {
            // Not one proposal could be computed, perhaps because of the condition itself: the INSERT will tell.
            return Optional.of(solution.tried().get(0));
        }
        solution.tried().stream().limit(SHOWN).map(Insertion::describe).forEach(tried::add);
        Condition first = group.get(0);
        List<String> columns = List.copyOf(Condition.columnsOf(group));
        problem = missing(
                (solution.tooSlow()
                                ? "the server takes too long to judge values for its checks"
                                : "no values were found that satisfy its checks")
                        + notUnderstood(group),
                group.stream()
                        .map(condition -> condition.check().name() + ": "
                                + condition.check().definition())
                        .reduce((a, b) -> a + "; " + b)
                        .orElse(first.check().definition()),
                columns);
        return Optional.empty();
    }

    private static String notUnderstood(List<Condition> group) {
        List<String> names = group.stream()
                .map(Condition::check)
                .filter(check -> check.condition() instanceof Expression.Unknown)
                .map(CheckConstraint::name)
                .toList();
        return names.isEmpty()
                ? ""
                : "; not understood, because too long, too deep or of a kind of its own: " + String.join(", ", names);
    }

    /** Whether the server can judge the condition by itself, without calling anything that reads other tables. */
    private static boolean isSimple(Condition condition) {
        return !condition.check().sql().toLowerCase(Locale.ROOT).contains("select");
    }

    private Optional<Map<String, String>> learn(SQLException e) throws SQLException {
        String state = String.valueOf(e.getSQLState());
        String message = firstLine(e);
        if (state.equals(SqlStates.UNIQUE_VIOLATION) || state.equals(EXCLUSION_VIOLATION)) {
            UniqueKey key = named(e, shape.uniqueKeys());
            problem = missing(
                    message,
                    key == null ? null : key.name() + ": " + key.definition(),
                    key == null ? List.of() : key.columns());
            return key == null ? varyAll() : vary(key);
        }
        if (state.equals(SqlStates.NOT_NULL_VIOLATION)) {
            Optional<Column> column = namedColumn(e);
            if (column.isPresent() && leftOut.remove(column.get().name())) {
                return Optional.empty();
            }
            problem = missing(
                    message, null, column.map(Column::name).map(List::of).orElse(List.of()));
            if (column.isPresent() && !draft.wantsValue(column.get())) {
                draft.fill(column.get().name());
                return Optional.empty();
            }
            return tryAnotherFlavour();
        }
        if (state.equals(SqlStates.CHECK_VIOLATION)) {
            Condition condition = conditions.stream()
                    .filter(each -> isNamed(each.check().name(), e))
                    .findFirst()
                    .orElse(null);
            problem = missing(
                    message,
                    condition == null
                            ? null
                            : condition.check().name() + ": "
                                    + condition.check().definition(),
                    condition == null ? List.of() : List.copyOf(condition.columns()));
            return varyAll();
        }
        if (state.equals(SqlStates.FOREIGN_KEY_VIOLATION)) {
            ForeignKey fk = links.of(shape.table()).stream()
                    .filter(each -> isNamed(each.name(), e))
                    .findFirst()
                    .orElse(null);
            problem = missing(message, fk == null ? null : fk.toString(), fk == null ? List.of() : fk.columns());
            return varyAll();
        }
        problem = state.equals(UNDEFINED_OBJECT)
                ? new MissingRow(
                        shape.table().name(),
                        message,
                        null,
                        List.copyOf(tried),
                        "ProofHints.none().firstRun(\"SET LOCAL ...\")"
                                + " where that is a setting which a trigger reads")
                : missing(
                        message,
                        null,
                        namedColumn(e).map(Column::name).map(List::of).orElse(List.of()));
        if (state.startsWith(DATA_EXCEPTION_CLASS)) {
            return varyAll();
        }
        return tryAnotherFlavour();
    }

    /** A trigger's objection, most likely: to something that was left out, or to a text that is not of the kind that it reads. */
    private Optional<Map<String, String>> tryAnotherFlavour() {
        unexplained++;
        leftOut.clear();
        if (unexplained == 1) {
            // Or to something that it wants to set by itself; what it does not set, the server will name.
            generated.keySet().stream()
                    .filter(name -> !draft.isFixed(name) && shape.column(name).notNull())
                    .forEach(leftOut::add);
        } else if (unexplained == PLAIN_ATTEMPTS) {
            draft.fillAll();
        } else if (unexplained > PLAIN_ATTEMPTS) {
            for (Column column : shape.columns()) {
                List<Cell> flavours = draft.isFixed(column.name()) ? List.of() : solver.flavours(column);
                if (unexplained - PLAIN_ATTEMPTS <= flavours.size()) {
                    draft.prefer(column.name(), flavours.get(unexplained - PLAIN_ATTEMPTS - 1));
                }
            }
        }
        return varyAll();
    }

    /** Other values for the key's columns; or, where they all are links, the row that is there already. */
    private Optional<Map<String, String>> vary(UniqueKey key) throws SQLException {
        boolean free = false;
        for (String column : key.columns().stream()
                .flatMap(name -> shape.inputsOf(name).stream())
                .distinct()
                .toList()) {
            if (!draft.isFixed(column)) {
                draft.makeDistinct(column);
                generated.remove(column);
                free = true;
            }
        }
        if (free) {
            return Optional.empty();
        }
        Optional<Map<String, String>> adopted = adopt(key);
        if (adopted.isEmpty()) {
            leaveOptionalLinksEmpty(key);
        }
        return adopted;
    }

    /** An earlier row has taken the only one that a unique link can name; this row can do without. */
    private void leaveOptionalLinksEmpty(UniqueKey key) {
        key.columns().stream()
                .filter(column ->
                        draft.isFixed(column) && draft.alternatives(column).contains(Cell.NULL))
                .forEach(column -> draft.fix(column, Cell.NULL));
    }

    /** A trigger on the user's own row has made this one: then it is the user's row in this table. */
    private Optional<Map<String, String>> adopt(UniqueKey key) throws SQLException {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (String column : key.columns()) {
            Cell fixed = draft.fixed(column);
            if (fixed == null || fixed.text() == null) {
                return Optional.empty();
            }
            wanted.put(column, fixed.text());
        }
        Savepoints.Outcome<Map<String, String>> there = Insertion.find(savepoints, shape, wanted);
        return there.succeeded() && !there.value().isEmpty() && isOwners(there.value()) && adoptable.test(there.value())
                ? Optional.of(there.value())
                : Optional.empty();
    }

    /** Whether a row hangs on the owner's rows; in a lookup table any will do. */
    private boolean isOwners(Map<String, String> row) {
        return !links.isPerUser(shape.table())
                || draft.links().stream()
                        .anyMatch(fk -> fk.columns().stream()
                                .allMatch(column -> row.get(column) != null
                                        && draft.fixedTo(column)
                                                .filter(cell -> row.get(column).equals(cell.text()))
                                                .isPresent()));
    }

    private Optional<Map<String, String>> varyAll() {
        generated.keySet().forEach(draft::makeDistinct);
        generated.clear();
        return Optional.empty();
    }

    private static boolean isNamed(String name, SQLException e) {
        return String.valueOf(e.getMessage()).contains('"' + name + '"');
    }

    private static @Nullable UniqueKey named(SQLException e, List<UniqueKey> keys) {
        UniqueKey best = null;
        for (UniqueKey key : keys) {
            if (isNamed(key.name(), e)
                    && (best == null || key.name().length() > best.name().length())) {
                best = key;
            }
        }
        return best;
    }

    private Optional<Column> namedColumn(SQLException e) {
        return shape.columns().stream()
                .filter(column -> isNamed(column.name(), e)
                        && !column.name().equals(shape.table().name().name()))
                .findFirst();
    }

    private MissingRow missing(String reason, @Nullable String constraint, List<String> columns) {
        String column = columns.isEmpty() ? "<column>" : columns.get(0);
        return new MissingRow(
                shape.table().name(),
                reason,
                constraint,
                new ArrayList<>(tried).subList(Math.max(0, tried.size() - SHOWN), tried.size()),
                "ProofHints.none().value(\"" + shape.table().name() + '.' + column + "\", \"...\")"
                        + (columns.size() > 1
                                ? ", and so for " + String.join(", ", columns.subList(1, columns.size()))
                                : "")
                        + ", or .skip(\"" + shape.table().name() + "\")");
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("") + " [" + e.getSQLState() + ']';
    }
}
